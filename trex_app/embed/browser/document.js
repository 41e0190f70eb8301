// What is drawn around a page in browsers: its own body, and the memory of where it was scrolled to.
import { Fragment, createElement } from "preact/compat";
import { ScrollRestoration } from "react-router";
import { usePageLanguage } from "../app/_document";

export const Layout = ({ children }) => {
  usePageLanguage();
  return createElement(Fragment, {}, children, createElement(ScrollRestoration));
};
