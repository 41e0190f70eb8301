// <trex-workflow>: a journey in a frame that is as tall as what it shows.
import { openFrame } from "./frame.js";

const PATIENCE_MS = 8000;
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  ":host(:not([hidden])),iframe:only-child{display:block}" +
    "iframe{display:none;border:0;width:100%;height:var(--trex-initial-height,30rem)}",
);

export class TrexWorkflow extends HTMLElement {
  static observedAttributes = ["tenant", "workflow", "session-key", "locale"];

  stats = { ignored: 0 };
  #shade = this.attachShadow({ mode: "closed" });
  #frame; // {close, iframe, post}, while it is mounted
  #mounted;

  connectedCallback() {
    const begin = () => this.isConnected && this.mount().catch(() => {}); // an event says what went wrong
    const loading = this.getAttribute("loading");
    if (loading === "visible")
      new IntersectionObserver(([{ isIntersecting }], sight) => {
        if (isIntersecting) {
          begin();
          sight.disconnect();
        }
      }).observe(this);
    else if (loading === "idle") (self.requestIdleCallback ?? setTimeout)(begin);
    else begin();
  }

  disconnectedCallback() {
    // A move takes it out and puts it in again at once.
    queueMicrotask(() => this.isConnected || this.unmount());
  }

  connectedMoveCallback() {} // moveBefore() lets the frame live on

  // Several may change at once: the first to be told of loads it anew, and the others find it so.
  attributeChangedCallback(_, before, now) {
    const mounted = this.#mounted;
    if (mounted && before !== now)
      queueMicrotask(() => {
        if (this.#mounted === mounted) {
          this.unmount();
          this.connectedCallback();
        }
      });
  }

  async bootstrap() {}

  // Resolves when the step can be answered. Where that fails or takes too long it rejects with an error that has a `code`.
  async mount() {
    await (this.#mounted ??= new Promise(this.#begin));
  }

  async unmount() {
    this.#mounted = this.#frame = this.#frame?.close();
  }

  // Props are attributes by their names; what is null is taken away.
  async update(props) {
    for (const name in props)
      if (props[name] != null) this.setAttribute(name, props[name]);
      else this.removeAttribute(name);
    if (this.#mounted) await null; // until it is loaded anew
    await this.#mounted;
  }

  // Into the frame, and there to where reading begins. Where no journey came up, to the way on that is shown in its place;
  // a browser leads nobody to the one of the two that is not shown.
  focus(options) {
    this.querySelector("a,button")?.focus(options);
    this.#frame?.iframe.focus(options);
    this.#frame?.post("focus", {});
  }

  navigate(step) {
    this.#frame?.post("navigate", { step });
  }

  // Tells the frame what another microfrontend has said; see bus.js.
  hear(type, data) {
    this.#frame?.post("bus", { type, data });
  }

  #begin = (resolve, reject) => {
    const fail = (data) => reject(Object.assign(Error(data.code), data));
    const state = this.dataset;
    const slot = document.createElement("slot"); // beside the frame, and then in its place, while no journey comes up
    let last = { v: 1, workflow: this.getAttribute("workflow") ?? "", rev: 0 };
    const heard = (type, data, said) => {
      if (type === "ready" || data.isFinal) {
        state.state = type;
        clearTimeout(late);
        if (type === "ready") {
          slot.remove();
          iframe.title = this.title || data.title;
          resolve((this.#mounted = true)); // also where it had been given up
        } else {
          fail(data);
          this.#shade.append(slot);
        }
      }
      if (type === "unmounted") {
        clearTimeout(late);
        fail({ code: type });
        slot.remove();
        delete state.state;
        delete state.step;
      }
      if (type === "step-changed") state.step = data.step;
      if (type === "resize") iframe.style.height = data.height + "px";
      if (data.isMove && iframe.getBoundingClientRect().top < 0) this.scrollIntoView();
      last = { ...last, ts: Date.now(), ...said, type, data };
      return this.dispatchEvent(
        new CustomEvent("trex:" + type, { bubbles: true, cancelable: true, composed: true, detail: last }),
      );
    };
    this.#shade.adoptedStyleSheets = [sheet];
    const { iframe } = (this.#frame = openFrame(this, this.#shade, heard));
    state.state = "loading";
    const late = setTimeout(heard, PATIENCE_MS, "error", { code: "timeout", isFinal: true });
  };
}
