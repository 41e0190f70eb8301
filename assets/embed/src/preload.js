// Loads what a journey needs ahead of its widget, for instance when somebody points at the link that leads to it. A browser
// keeps what the frames of a site load apart from what the site loads itself, so only a frame can do it. It is not
// seen, nothing of the journey runs in it, and it leaves nothing behind.
import { addressOf, base } from "./address.js";

const PATIENCE_MS = 30000;

// Resolves when all is there, or when it takes too long: a widget loads by itself what is missing.
export const preload = ({ tenant, workflow, locale }) =>
  new Promise((done) => {
    const frame = document.createElement("iframe");
    const end = () => {
      clearTimeout(late);
      removeEventListener("message", hear);
      frame.remove();
      done();
    };
    const hear = ({ source, origin }) => {
      if (source === frame.contentWindow && origin === base.origin) end();
    };
    const late = setTimeout(end, PATIENCE_MS);
    addEventListener("message", hear);
    frame.name = "trex-preload";
    frame.src = addressOf(tenant, workflow, locale || document.documentElement.lang);
    document.head.append(frame); // where nothing is drawn
  });
