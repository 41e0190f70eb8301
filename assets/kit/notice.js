// <trex-notice>: comes into sight when it appears, also on the page around a frame that grows for it.
const GROWING_MILLISECONDS = 1000;

class Notice extends HTMLElement {
  connectedCallback() {
    const show = () => this.scrollIntoView({ block: "nearest" });
    addEventListener("resize", show, { once: true, signal: AbortSignal.timeout(GROWING_MILLISECONDS) });
    show();
  }
}

customElements.get("trex-notice") || customElements.define("trex-notice", Notice);
