// What a frame takes of the looks of the page around it. Not a part of the loader: assets/embed/frame.js has it.
const TOKENS =
  "canvas surface sunken raised line track line-strong ink ink-soft ink-faint accent accent-hover accent-soft on-accent " +
  "warm warm-soft danger danger-hover danger-soft on-danger success success-soft info info-soft backdrop focus " +
  "shade shade-deep text-xs text-sm text-md text-lg text-xl text-2xl text-3xl radius-sm radius-md radius-lg radius-full " +
  "space target focus-width font font-mono shadow-1 shadow-2 shadow-3 ease fast slow";

// Those that a tenant may set, too: trex_app/services/themes.py.
export const names = TOKENS.split(" ");

// A value that can load nothing.
export const isPlain = (value) => value.length < 200 && !/[{};\\]|url|image|var\(|@|expression/i.test(value);

// Browsers tell a colour as it was written, also as oklch() or lab(): once drawn, each is red, green and blue.
const drawn = (colour) => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data;
};

// Light text stands on a dark ground, whatever makes the page dark. What is no colour says nothing.
export const isLight = (colour) => {
  if (!CSS.supports("color", colour)) return undefined;
  // What needs no drawing is not drawn: some browsers hide from pages what they have drawn.
  const [red, green, blue] = /^rgb/.test(colour) ? colour.match(/[\d.]+/g).map(Number) : drawn(colour);
  return red + green + blue > 382;
};
