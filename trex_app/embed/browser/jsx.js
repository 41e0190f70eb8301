// What Reflex's pages are written with. Emotion's own looks for styles in `css`, which no page of ours has
// (trex_app/embed/preact.py makes sure), and brings all that is needed to write them.
import { Fragment, createElement } from "preact/compat";
import { useEffect } from "preact/hooks";

// React moves these into the head, wherever they stand.
const Title = ({ children }) => {
  const title = [children].flat().join("");
  useEffect(() => {
    document.title = title;
  }, [title]);
};
const Nothing = () => null;
const IN_HEAD = { title: Title, meta: Nothing, link: Nothing };

export { Fragment };
export const jsx = (type, ...rest) => createElement(IN_HEAD[type] ?? type, ...rest);
