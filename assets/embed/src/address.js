// Where the pages of the frames are.
import { languages } from "./release.js";

export const base = new URL("../../", import.meta.url);

// The page of a journey, in the language `wanted` where there is one.
export const addressOf = (tenant, workflow, wanted) => {
  const language = wanted?.slice(0, 2);
  const path = languages.indexOf(language) > 0 ? language + "/" : "";
  return new URL(`${path}embed/frame/${workflow}?tenant=${tenant}`, base);
};
