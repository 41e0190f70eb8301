// <trex-workflow>: a journey in a frame that is as tall as what it shows.
import { openFrame } from "./frame.js";

const PATIENCE_MS = 8000;
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  ":host(:not([hidden])){display:block}:host([data-state=error]) iframe,:host(:not([data-state=error])) slot" +
    "{display:none}iframe{display:block;width:100%;height:var(--trex-initial-height,30rem);border:0}",
);

export class TrexWorkflow extends HTMLElement {
  static observedAttributes = ["tenant", "workflow", "session-key", "locale"];

  stats = { ignored: 0 };
  #shade = this.attachShadow({ mode: "closed" });
  #open; // what belongs to a mounted frame: {iframe, mounted, post, close}

  connectedCallback() {
    const begin = () => this.isConnected && this.mount().catch(() => {}); // an event says what went wrong
    const loading = this.getAttribute("loading");
    if (loading === "visible")
      new IntersectionObserver(([{ isIntersecting }], sight) => {
        if (!isIntersecting) return;
        sight.disconnect();
        begin();
      }).observe(this);
    else if (loading === "idle") (self.requestIdleCallback ?? setTimeout)(begin);
    else begin();
  }

  disconnectedCallback() {
    // A move takes it out and puts it in again at once.
    queueMicrotask(() => this.isConnected || this.unmount());
  }

  connectedMoveCallback() {} // moveBefore() lets the frame live on

  attributeChangedCallback() {
    if (!this.#open) return;
    this.unmount();
    this.connectedCallback();
  }

  async bootstrap() {}

  // Resolves when the step can be answered; rejects where that fails or takes too long.
  mount() {
    return (this.#open ??= this.#opened()).mounted;
  }

  async unmount() {
    this.#open?.close();
    this.#open = null;
  }

  // Props are attributes by their names; what is null is taken away.
  async update(props) {
    for (const name in props)
      if (props[name] == null) this.removeAttribute(name);
      else this.setAttribute(name, props[name]);
    await this.#open?.mounted;
  }

  // Into the frame, and there to where reading begins.
  focus(options) {
    this.#open?.iframe.focus(options);
    this.#open?.post("focus", {});
  }

  navigate(step) {
    this.#open?.post("navigate", { step });
  }

  // Tells the frame what another microfrontend has said; see bus.js.
  hear(type, data) {
    this.#open?.post("bus", { type, data });
  }

  #opened() {
    const iframe = document.createElement("iframe");
    const [tenant, workflow, sessionKey] = TrexWorkflow.observedAttributes.map((name) => this.getAttribute(name) || undefined);
    const state = this.dataset;
    let resolve, reject;
    const mounted = new Promise((...both) => ([resolve, reject] = both));
    let last = { v: 1, rev: 0, workflow: workflow ?? "" };
    const heard = (type, data, said) => {
      if (type === "resize") iframe.style.height = data.height + "px";
      if (type === "ready" || data.isFinal) {
        state.state = type;
        (data.isFinal ? reject : resolve)(data);
      }
      if (type === "step-changed") {
        state.step = data.step;
        if (data.isMove && iframe.getBoundingClientRect().top < 0) this.scrollIntoView();
      }
      last = { ...last, ts: Date.now(), ...said, type, data };
      return this.dispatchEvent(
        new CustomEvent("trex:" + type, { detail: last, bubbles: true, composed: true, cancelable: true }),
      );
    };
    iframe.title = this.title || workflow || "T-Rex";
    state.state = "loading";
    this.#shade.adoptedStyleSheets = [sheet];
    this.#shade.replaceChildren(document.createElement("slot"));
    const { post, close } = openFrame(this, this.#shade, iframe, { tenant, workflow, sessionKey }, heard);
    const late = setTimeout(() => {
      if (state.state === "loading") heard("error", { code: "timeout", isFinal: true });
    }, PATIENCE_MS);
    return {
      iframe,
      mounted,
      post,
      close() {
        clearTimeout(late);
        close();
        reject();
        delete state.state;
        delete state.step;
        heard("unmounted", {});
      },
    };
  }
}
