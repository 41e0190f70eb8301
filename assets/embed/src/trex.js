// What a host's page loads. It defines <trex-workflow>, and touches nothing else of the page. What it exports are
// the lifecycles of single-spa: `attributes` among its props are those of the element, `fallback` is what stands in it.
import { TrexWorkflow } from "./element.js";

const elements = {}; // by the application's name

customElements.get("trex-workflow") ?? customElements.define("trex-workflow", TrexWorkflow);

export const bootstrap = async () => {};

export const update = async ({ name, attributes }) => elements[name]?.update(attributes);

export const mount = ({ name, attributes, fallback = "", domElement, domElementGetter }) => {
  const element = (elements[name] = document.createElement("trex-workflow"));
  element.append(fallback);
  element.update(attributes);
  const place = domElement ?? domElementGetter?.() ?? document.getElementById("single-spa-application:" + name) ?? document.body;
  place.append(element);
  return element.mount().catch((error) => {
    // It may come up late. After a mount that fails, single-spa takes it away and never tries again.
    if (error.code !== "timeout") throw error;
  });
};

export const unmount = async ({ name }) => {
  elements[name]?.remove();
  delete elements[name];
};
