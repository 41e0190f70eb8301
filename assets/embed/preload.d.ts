// Made by python -m trex_app.embed.declarations
import type { TrexAttributes } from "./trex.js";

/** Fetches what a journey's frame will need; resolves when it is there. */
export function preload(wish: Pick<TrexAttributes, "tenant" | "locale"> & { workflow: string }): Promise<void>;
