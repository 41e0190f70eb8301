// Events of every widget bubble up to the document; the bus carries what microfrontends and tabs say.
import { subscribe } from "../v1/bus.js";

const said = document.getElementById("said");
const note = (text) => said.append(Object.assign(document.createElement("li"), { textContent: text }));

for (const type of ["ready", "step-changed", "completed", "error", "offline"])
  document.addEventListener(`trex:${type}`, ({ detail }) => note(`${type}: ${JSON.stringify(detail.data)}`));

document.addEventListener("trex:before-submit", (event) => {
  // event.preventDefault() would hold the step back.
  note(`before-submit: ${event.detail.data.step}`);
});

subscribe("order:created", ({ orderId }) => note(`bus: order ${orderId}`));
