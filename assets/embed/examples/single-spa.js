// npm install single-spa (see package.json), then serve this folder.
import { registerApplication, start } from "single-spa";

registerApplication({
  name: "buying",
  app: () => import("../v1/trex.js"),
  activeWhen: (location) => location.hash === "#/buy",
  customProps: {
    attributes: { id: "widget", tenant: "demo", workflow: "buying" },
    domElementGetter: () => document.getElementById("place"),
  },
});
start();
