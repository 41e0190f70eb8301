// In the place of the ways to talk to a server that no page of ours takes.
export const XHR = undefined;
export const WT = undefined;
