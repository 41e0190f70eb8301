// <trex-offer data-offers='{"make": "Toyota"}'>: fills controls of its form that are empty, or that it filled before.
class Offer extends HTMLElement {
  static observedAttributes = ["data-offers"];

  filled = new Map();

  connectedCallback() {
    this.offer();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.offer();
  }

  offer() {
    const offers = Object.entries(JSON.parse(this.dataset.offers || "{}") ?? {});
    for (const [name, value] of offers) {
      const control = this.closest("form")?.elements.namedItem(name);
      if (!(control instanceof HTMLInputElement)) continue;
      const isOurs = control.value !== "" && control.value === this.filled.get(name);
      if (control.value !== "" && !isOurs) continue;
      control.value = value ?? "";
      this.filled.set(name, control.value);
    }
  }
}

customElements.get("trex-offer") || customElements.define("trex-offer", Offer);
