// <trex-counter for="id-of-control" max="200">: how many characters are typed, said aloud near the end.
const NEARLY = 0.8;

class Counter extends HTMLElement {
  connectedCallback() {
    this.listening = new AbortController();
    this.shown = this.appendChild(document.createElement("span"));
    // React may fill the form a moment later, and a reset has no input event.
    const { signal } = this.listening;
    document.addEventListener("input", (event) => event.target === this.control && this.count(), { signal });
    document.addEventListener("reset", () => requestAnimationFrame(() => this.count()), { signal });
    requestAnimationFrame(() => this.count());
  }

  disconnectedCallback() {
    this.listening.abort();
    this.shown.remove();
  }

  get control() {
    return this.getRootNode().getElementById?.(this.getAttribute("for"));
  }

  count() {
    const max = Number(this.getAttribute("max"));
    const length = this.control ? this.control.value.length : 0;
    this.shown.textContent = `${length} / ${max}`;
    this.toggleAttribute("data-near", length >= max * NEARLY);
    this.setAttribute("aria-live", length >= max * NEARLY ? "polite" : "off");
  }
}

customElements.get("trex-counter") || customElements.define("trex-counter", Counter);
