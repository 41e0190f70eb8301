// Made by python -m trex_app.embed.declarations
import type { EventBus } from "./trex.js";

export const bus: EventBus;
export const subscribe: EventBus["subscribe"];
export const emit: EventBus["emit"];
export const off: EventBus["off"];
