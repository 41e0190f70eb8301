// The frame of one element: its address, its tickets, its channel. Only what cannot be done anywhere else is done on
// the host's side; the rest is in assets/embed/frame.js, inside the frame.
import { addressOf, base } from "./address.js";
import { backend, release } from "./release.js";

const taken = new Set(); // the instances on the page, and their nonces

// `wish` is {tenant, workflow, sessionKey}. `heard(type, data, said)` is told what the frame says to the host's page, and
// answers whether that may go on. The iframe goes into `place`.
export const openFrame = (element, place, iframe, wish, heard) => {
  const nonce = `${crypto.getRandomValues(new Uint32Array(4))}`;
  let instance, port, ticket;
  let names = [];

  const ask = async () => {
    const answer = await fetch(new URL("api/embed/tickets", backend || base), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...wish, bundleOrigin: base.origin }),
    });
    const data = await answer.json();
    if (answer.ok || answer.status > 428) return data; // too many, or not now: the frame asks again
    console.error(data.detail);
    heard("error", { code: data.code, message: data.detail, isFinal: true });
    return {};
  };
  const post = (type, data) => port?.postMessage({ v: 1, type, data });
  const dress = () => {
    const style = getComputedStyle(element);
    const tokens = names.map((name) => [name, style.getPropertyValue("--trex-" + name)]);
    post("theme", { theme: element.getAttribute("theme"), colour: style.color, room: innerHeight, tokens });
  };
  const ignore = () => element.stats.ignored++;

  const receive = async ({ data: said }) => {
    const { v, id, type, data } = said ?? {};
    if (v !== 1 || Object(data) !== data || typeof type !== "string") ignore();
    else if (type === "theme" && Array.isArray(data.names)) {
      names = data.names;
      dress();
    } else if (type === "ticket") {
      const asked = ticket ?? ask();
      ticket = null;
      post(type, await asked.catch(() => ({})));
    } else if (id) post("answer", { id, allow: heard(type, data, said) });
    else ignore();
  };
  const hear = ({ data: said, source, origin }) => {
    const isOurs = source === iframe.contentWindow;
    if (isOurs && origin === base.origin && said?.nonce === nonce) {
      const channel = new MessageChannel();
      port?.close();
      port = channel.port1;
      port.onmessage = receive;
      source.postMessage({ trex: 1, nonce, release }, origin, [channel.port2]);
    } else if (said?.trex && (isOurs || !taken.has(said.nonce))) ignore();
  };
  const begin = ({ workflow }) => {
    // The same after a reload of the page, so that the frame finds what it has kept.
    instance = [wish.tenant, workflow, wish.sessionKey].join("/");
    while (taken.has(instance)) instance += "~";
    taken.add(instance);
    iframe.name = `trex ${nonce} ${instance}`;
    iframe.src = addressOf(wish.tenant, workflow, element.getAttribute("locale") || element.closest("[lang]")?.lang);
    place.append(iframe); // with its name: one given later does not survive the way to another site
  };

  taken.add(nonce);
  addEventListener("message", hear);
  // A host's darkness and tokens hang on their attributes; the element's own say which step is shown.
  const changes = new MutationObserver(dress);
  for (const node of [element, document.body, document.documentElement]) changes.observe(node, { attributes: true });
  if (wish.workflow) begin(wish); // before all else: its page is what takes longest
  ticket = ask();
  ticket.then((data) => instance || (data.workflow && taken.has(nonce) && begin(data)), () => {});

  const close = () => {
    removeEventListener("message", hear);
    changes.disconnect();
    port?.close();
    taken.delete(instance);
    taken.delete(nonce);
    iframe.remove();
  };
  return { post, close };
};
