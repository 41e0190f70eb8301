// <trex-slider>: one or two range inputs on one track; shows their values and keeps the two in order.
class Slider extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this);
    this.listening = new AbortController();
    const again = () => requestAnimationFrame(() => this.show());
    document.addEventListener("reset", again, { signal: this.listening.signal });
    this.show();
  }

  disconnectedCallback() {
    this.listening.abort();
    this.removeEventListener("input", this);
  }

  get inputs() {
    return [...this.querySelectorAll("input[type=range]")];
  }

  handleEvent(event) {
    const [low, high] = this.inputs;
    if (high && Number(low.value) > Number(high.value)) {
      if (event.target === low) low.value = high.value;
      else high.value = low.value;
    }
    this.show();
  }

  show() {
    const shares = this.inputs.map((input) => {
      const { min, max, value } = input;
      return (Number(value) - Number(min)) / (Number(max) - Number(min) || 1);
    });
    const [start, end] = shares.length > 1 ? shares : [0, shares[0]];
    this.style.setProperty("--start", start);
    this.style.setProperty("--end", end);
    const language = this.closest("[lang]")?.lang || undefined;
    const said = this.inputs.map((input) => this.words(Number(input.value), language));
    this.inputs.forEach((input, index) => input.setAttribute("aria-valuetext", said[index]));
    // Where both thumbs stand at the end, the lower one must be the one to take hold of.
    if (shares.length > 1) this.toggleAttribute("data-at-end", start > 0.5);
    const shown = this.querySelector("output");
    if (shown) shown.textContent = said.join(" – ");
  }

  words(value, language) {
    const number = new Intl.NumberFormat(language, { useGrouping: this.dataset.grouping !== "off" }).format(value);
    return (this.dataset.label ?? "{value}").replace("{value}", number);
  }
}

customElements.get("trex-slider") || customElements.define("trex-slider", Slider);
