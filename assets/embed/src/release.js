// Where a built loader finds its server, and what it is a part of. The build writes this file anew;
// as it stands here it serves the sources themselves, without a build.
export const release = "dev";
export const languages = ["de"]; // those with addresses of their own; the first one's name none
export const backend = ""; // another origin than the loader's own, where the server has one
