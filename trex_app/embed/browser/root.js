// Takes over the prerendered body. The head stays as React has written it: nothing in it changes but the title.
import { cloneElement, hydrate } from "preact/compat";

export const hydrateRoot = (_, element) => {
  try {
    hydrate(cloneElement(element), document.body);
  } catch (waiting) {
    // The router throws a promise until it has read the page's data, before anything is drawn.
    if (typeof waiting?.then !== "function") throw waiting;
    waiting.then(() => hydrateRoot(_, element));
  }
};
