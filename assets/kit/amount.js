// <trex-amount>: a typed whole number that a slider or two buttons (data-by) change as well. data-min, data-max
// and data-start bound it and say where the buttons begin; data-label says the slider's value with its unit.
const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;

class Amount extends HTMLElement {
  connectedCallback() {
    this.typed = this.querySelector("input[name]");
    this.range = this.querySelector("input[type=range]");
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.addEventListener("input", (event) => this.changed(event), { signal });
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    this.addEventListener("keydown", (event) => this.pressed(event), { signal });
    document.addEventListener("reset", () => requestAnimationFrame(() => this.show()), { signal });
    this.show();
  }

  disconnectedCallback() {
    this.listening.abort();
  }

  get number() {
    const digits = this.typed.value.replace(/\D/g, ""); // grouping marks and units are no digits
    return digits ? Number(digits) : null;
  }

  get bounds() {
    return [Number(this.dataset.min ?? 0), Number(this.dataset.max ?? Infinity)];
  }

  changed(event) {
    if (event.target === this.range) this.write(Number(this.range.value));
    else this.show();
  }

  clicked(event) {
    const button = event.target.closest("[data-by]");
    if (button && button.getAttribute("aria-disabled") !== "true") this.step(Number(button.dataset.by));
  }

  pressed(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by || event.target !== this.typed || this.range) return;
    event.preventDefault();
    this.step(by);
  }

  step(by) {
    const [low, high] = this.bounds;
    const from = this.number ?? Number(this.dataset.start ?? low) - by;
    this.write(Math.min(high, Math.max(low, from + by)));
  }

  write(number) {
    setValue.call(this.typed, this.words(number));
    this.typed.dispatchEvent(new Event("input", { bubbles: true }));
  }

  words(number) {
    return new Intl.NumberFormat(this.closest("[lang]")?.lang || undefined).format(number);
  }

  show() {
    const { number } = this;
    this.toggleAttribute("data-empty", number === null);
    const [low, high] = this.bounds;
    for (const button of this.querySelectorAll("[data-by]")) {
      const isOff = number !== null && (Number(button.dataset.by) < 0 ? number <= low : number >= high);
      button.setAttribute("aria-disabled", String(isOff));
    }
    if (!this.range) return;
    if (number !== null) setValue.call(this.range, String(number));
    const { min, max, value } = this.range;
    this.style.setProperty("--end", (Number(value) - Number(min)) / (Number(max) - Number(min) || 1));
    const said = (this.dataset.label ?? "{value}").replace("{value}", this.words(Number(value)));
    this.range.setAttribute("aria-valuetext", said);
  }
}

customElements.get("trex-amount") || customElements.define("trex-amount", Amount);
