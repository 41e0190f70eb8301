// The frame of one element: its address, its tickets, its channel. Only what cannot be done anywhere else is done on
// the host's side; the rest is in assets/embed/frame.js, inside the frame.
import { addressOf, base } from "./address.js";
import { backend, release } from "./release.js";

const taken = new Set(); // the instances on the page, and their nonces

// `heard(type, data, said)` is told what the frame says to the host's page, and answers whether that may go on. The
// iframe goes into `place`.
export const openFrame = (element, place, heard) => {
  const iframe = document.createElement("iframe");
  const written = (name) => element.getAttribute(name) || undefined;
  const wish = {
    tenant: written("tenant"),
    workflow: written("workflow"),
    sessionKey: written("session-key"),
    bundleOrigin: base.origin,
  };
  const nonce = `${crypto.getRandomValues(new Uint32Array(4))}`;
  let instance, port, ticket;
  let names = [];

  const ask = async () => {
    const answer = await fetch((backend ? backend + "/" : base) + "api/embed/tickets", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(wish),
    });
    const data = await answer.json();
    // A problem has a status. Too many, or not now, is no refusal: the frame asks again.
    if (data.status < 429) {
      console.error(data.message);
      heard("error", { code: data.code, message: data.message, isFinal: true });
    }
    return data;
  };
  const post = (type, data) => port?.postMessage({ v: 1, type, data });
  const dress = () => {
    const style = getComputedStyle(element);
    post("theme", {
      room: innerHeight,
      colour: style.color,
      theme: written("theme"),
      tokens: names.map((name) => [name, style.getPropertyValue("--trex-" + name)]),
    });
  };
  const ignore = () => element.stats.ignored++;

  const receive = async ({ data: said }) => {
    const { v, id, type, data } = said ?? {};
    if (v !== 1 || Object(data) !== data || typeof type !== "string") ignore();
    else if (type === "theme" && Array.isArray(data.names)) {
      names = data.names;
      dress();
    } else if (type === "ticket") {
      post(type, await (ticket ?? ask()).catch(() => ({})), (ticket = null));
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
    iframe.title = element.title || workflow;
    iframe.src = addressOf(wish.tenant, workflow, written("locale") || element.closest("[lang]")?.lang);
    place.append(iframe); // with its name: one given later does not survive the way to another site
  };

  taken.add(nonce);
  addEventListener("message", hear);
  // A host's darkness and tokens hang on their attributes; the element's own say which step is shown.
  const changes = new MutationObserver(dress);
  [element, document.body, document.documentElement].map((node) => changes.observe(node, { attributes: true }));
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
  return { iframe, post, close };
};
