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
    bundleOrigin: base.origin,
    tenant: written("tenant"),
    workflow: written("workflow"),
    sessionKey: written("session-key"),
  };
  const nonce = `${crypto.getRandomValues(new Uint32Array(4))}`;
  let names = [];
  let instance, port, ticket;

  const ask = () =>
    fetch(`${backend ? backend + "/" : base}api/embed/tickets`, {
      body: JSON.stringify(wish),
      headers: { "content-type": "application/json" },
      method: "POST",
    })
      .then((answer) => answer.json())
      .then((data) => {
        // One that was taken away meanwhile says nothing any more: another may stand in its place.
        if (taken.has(nonce)) {
          // A problem has a status. Too many, or not now, is no refusal: the frame asks again.
          if (data.status < 429) {
            console.error(data.message);
            heard("error", { code: data.code, message: data.message, isFinal: true });
          } else instance || (data.workflow && begin(data)); // the tenant's own, where none was named
        }
        return data;
      })
      .catch(() => ({}));
  const ignore = () => element.stats.ignored++;
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

  const receive = async ({ data: said }) => {
    const { v, id, type, data } = said ?? {};
    if (v !== 1 || Object(data) !== data || typeof type !== "string") ignore();
    else if (type === "theme" && Array.isArray(data.names)) {
      names = data.names;
      dress();
    } else if (type === "ticket") {
      post(type, await (ticket ?? ask()), (ticket = null));
    } else if (!id) ignore();
    else post("answer", { id, allow: heard(type, data, said) });
  };
  const hear = ({ data: said, source, origin }) => {
    const isOurs = source === iframe.contentWindow;
    if (isOurs && said?.nonce === nonce && origin === base.origin) {
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
    iframe.src = addressOf(wish.tenant, workflow, written("locale") || element.closest("[lang]")?.lang);
    iframe.name = `trex ${nonce} ${instance}`;
    iframe.title = element.title || workflow;
    place.append(iframe); // with its name: one given later does not survive the way to another site
  };

  addEventListener("message", hear);
  taken.add(nonce);
  // A host's darkness and tokens hang on their attributes; the element's own say which step is shown.
  const changes = new MutationObserver(dress);
  [element, document.body, document.documentElement].map((node) => changes.observe(node, { attributes: true }));
  if (wish.workflow) begin(wish); // before all else: its page is what takes longest
  ticket = ask();

  const close = () => {
    removeEventListener("message", hear);
    port?.close();
    changes.disconnect();
    iframe.remove();
    taken.delete(instance);
    taken.delete(nonce);
    heard("unmounted", {});
  };
  return { close, iframe, post };
};
