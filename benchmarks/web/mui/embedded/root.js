import { registerApplication, start } from "single-spa";

// The root config of a host's page: one application, loaded when the page is.
registerApplication({
  name: "journey",
  app: () => import("../src/application.jsx"),
  activeWhen: () => true,
  customProps: {
    domElement: document.getElementById("journey"),
    workflow: "entry",
    onReady: () => window.dispatchEvent(new CustomEvent("journey:ready")),
  },
});
start();
