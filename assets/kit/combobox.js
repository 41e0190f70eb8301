// <trex-combobox>: a text input with a list of suggestions under it (WAI-ARIA combobox, list autocomplete).
// With data-strict a hidden input holds the value of the suggestion taken; else the text itself is the value.
// With data-filter="off" the page decides what is suggested.
const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

class Combobox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("[role=combobox]");
    this.list = this.querySelector("[role=listbox]");
    this.hiddenInput = this.querySelector("input[type=hidden]");
    this.active = null;
    for (const type of ["input", "keydown", "pointerdown", "click", "focusout"]) this.addEventListener(type, this);
    this.changes = new MutationObserver(() => (this.isOpen || this.isAsking) && this.suggest());
    this.changes.observe(this.list, { childList: true });
  }

  disconnectedCallback() {
    this.changes.disconnect();
    for (const type of ["input", "keydown", "pointerdown", "click", "focusout"]) this.removeEventListener(type, this);
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get isOpen() {
    return !this.list.hidden;
  }

  handleEvent(event) {
    const option = event.target.closest("[role=option]");
    if (event.type === "keydown") this.press(event);
    else if (event.type === "input" && event.target === this.input) this.typed();
    else if (event.type === "pointerdown" && option) event.preventDefault();
    else if (event.type === "click" && option) this.take(option);
    else if (event.type === "click" && event.target === this.input) this.isOpen || this.suggest();
    else if (event.type === "focusout" && !this.contains(event.relatedTarget)) this.leave();
  }

  typed() {
    if (this.isTaking) return;
    if (this.hiddenInput) this.hiddenInput.value = "";
    // The page may answer with other suggestions a moment later, even where there were none.
    this.isAsking = true;
    this.suggest();
  }

  press(event) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && event.altKey) move > 0 ? this.suggest() : this.close();
    else if (move) this.move(move);
    else if (event.key === "Enter" && this.isOpen && this.active) this.take(this.active);
    else if (event.key === "Escape" && this.isOpen) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(step) {
    if (!this.isOpen) this.suggest();
    const shown = this.options.filter((option) => !option.hidden);
    if (!shown.length) return;
    const at = shown.indexOf(this.active);
    const next = at < 0 && step < 0 ? shown.length - 1 : (at + step + shown.length) % shown.length;
    this.activate(shown[next]);
  }

  activate(option) {
    this.active?.removeAttribute("data-active");
    this.active = option;
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("data-active", "");
    option.id ||= `${this.list.id}-${this.options.indexOf(option)}`;
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  suggest() {
    const typed = plain(this.input.value.trim());
    const filters = this.dataset.filter !== "off" && typed && typed !== plain(this.taken ?? "");
    let shown = 0;
    for (const option of this.options) {
      option.hidden = Boolean(filters) && !plain(option.textContent).includes(typed);
      option.setAttribute("aria-selected", String(option.textContent === this.input.value));
      if (!option.hidden) shown += 1;
    }
    this.activate(null);
    this.list.hidden = shown === 0;
    this.input.setAttribute("aria-expanded", String(shown > 0));
    this.say((this.dataset.countLabel ?? "{count}").replace("{count}", shown));
  }

  take(option) {
    this.taken = option.textContent;
    this.isTaking = true;
    setValue.call(this.input, option.textContent);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.isTaking = false;
    if (this.hiddenInput) this.hiddenInput.value = option.dataset.value;
    this.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
    this.input.focus();
  }

  leave() {
    this.close();
    // In strict mode a text that was typed in full counts as chosen; any other is taken back.
    if (!this.hiddenInput || this.hiddenInput.value) return;
    const typed = plain(this.input.value.trim());
    const match = this.options.find((option) => plain(option.textContent) === typed);
    this.hiddenInput.value = match?.dataset.value ?? "";
    setValue.call(this.input, match?.textContent ?? "");
  }

  close() {
    this.isAsking = false;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(null);
    this.say("");
  }

  say(text) {
    const voice = this.querySelector("[role=status]");
    if (voice) voice.textContent = text;
  }
}

customElements.get("trex-combobox") || customElements.define("trex-combobox", Combobox);
