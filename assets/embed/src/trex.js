// What a host's page loads. It defines <trex-workflow>, and touches nothing else of the page. What it exports are
// the lifecycles of single-spa: `attributes` among its props are those of the element.
import { TrexWorkflow } from "./element.js";

const elements = {}; // by the application's name

customElements.get("trex-workflow") ?? customElements.define("trex-workflow", TrexWorkflow);

export const mount = ({ name, attributes, domElement, domElementGetter }) => {
  const place = domElement ?? domElementGetter?.() ?? document.getElementById("single-spa-application:" + name) ?? document.body;
  const element = (elements[name] = document.createElement("trex-workflow"));
  element.update(attributes);
  place.append(element);
  return element.mount();
};

export const update = async ({ name, attributes }) => elements[name]?.update(attributes);

export const bootstrap = async () => {};

export const unmount = async ({ name }) => {
  elements[name]?.remove();
  delete elements[name];
};
