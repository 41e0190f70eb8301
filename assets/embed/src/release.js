// Where a built loader finds its server, and what it is a part of. The build writes this file anew;
// as it stands here it serves the sources themselves, without a build.
export const release = "dev";
export const languages = ["en", "de"]; // the first has the addresses without a language
export const backend = ""; // another origin than the loader's own, where the server has one
