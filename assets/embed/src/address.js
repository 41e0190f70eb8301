// Where the pages of the frames are.
import { languages } from "./release.js";

export const base = new URL("../../", import.meta.url);

// The page of a journey, in the language `wanted` where there is one. What a host has written leads nowhere else.
export const addressOf = (tenant, workflow, wanted) => {
  wanted = wanted?.slice(0, 2);
  return `${base}${languages.includes(wanted) ? wanted + "/" : ""}embed/frame/${encodeURIComponent(workflow)}?tenant=${encodeURIComponent(tenant)}`;
};
