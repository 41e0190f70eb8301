// <trex-workflow>: a journey in a frame that is as tall as what it shows.
import { openFrame } from "./frame.js";

const PATIENCE_MS = 8000;
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  ":host(:not([hidden])),iframe{display:block}iframe{width:100%;height:var(--trex-initial-height,30rem);border:0}" +
    "slot~iframe{display:none}",
);

export class TrexWorkflow extends HTMLElement {
  static observedAttributes = ["tenant", "workflow", "session-key", "locale"];

  stats = { ignored: 0 };
  #shade = this.attachShadow({ mode: "closed" });
  #frame; // {iframe, post, close}, while it is mounted
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
  mount() {
    return (this.#mounted ??= new Promise(this.#begin));
  }

  async unmount() {
    this.#frame?.close();
    this.#frame = this.#mounted = null;
  }

  // Props are attributes by their names; what is null is taken away.
  async update(props) {
    for (const name in props)
      if (props[name] == null) this.removeAttribute(name);
      else this.setAttribute(name, props[name]);
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
    const slot = document.createElement("slot"); // is in its place only while the journey is not
    let last = { v: 1, rev: 0, workflow: this.getAttribute("workflow") ?? "" };
    const heard = (type, data, said) => {
      if (type === "resize") iframe.style.height = data.height + "px";
      if (type === "ready" || data.isFinal) {
        clearTimeout(late);
        state.state = type;
        if (data.isFinal) {
          this.#shade.prepend(slot);
          fail(data);
        } else {
          slot.remove();
          resolve();
        }
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
    this.#shade.adoptedStyleSheets = [sheet];
    const { iframe, post, close } = openFrame(this, this.#shade, heard);
    state.state = "loading";
    const late = setTimeout(heard, PATIENCE_MS, "error", { code: "timeout", isFinal: true });
    this.#frame = {
      iframe,
      post,
      close: () => {
        close();
        clearTimeout(late);
        fail({ code: "unmounted" });
        slot.remove();
        delete state.state;
        delete state.step;
        heard("unmounted", {});
      },
    };
  };
}
