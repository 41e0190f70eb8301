// <trex-menu>: a popover with role=menu; arrows, Home, End and first letters move, a choice closes it.
class Menu extends HTMLElement {
  connectedCallback() {
    this.popup = this.querySelector("[role=menu]");
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.popup.addEventListener("toggle", (event) => this.toggled(event), { signal });
    this.popup.addEventListener("click", (event) => event.target.closest("[role=menuitem]") && this.close(), { signal });
    this.addEventListener("keydown", (event) => this.press(event), { signal });
  }

  disconnectedCallback() {
    this.listening.abort();
  }

  get opener() {
    return this.querySelector("[aria-haspopup=menu]");
  }

  get items() {
    return [...this.popup.querySelectorAll("[role=menuitem]:not([aria-disabled=true])")];
  }

  toggled(event) {
    const isOpen = event.newState === "open";
    this.opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.items.at(this.startsAtEnd ? -1 : 0)?.focus();
    this.startsAtEnd = false;
  }

  close() {
    this.popup.hidePopover();
    this.opener.focus();
  }

  press(event) {
    const isOpen = this.popup.matches(":popover-open");
    if (event.target === this.opener && ["ArrowDown", "ArrowUp"].includes(event.key) && !isOpen) {
      this.startsAtEnd = event.key === "ArrowUp";
      this.popup.showPopover();
    } else if (isOpen && event.key === "Tab") {
      this.popup.hidePopover();
      return;
    } else if (!isOpen || !this.step(event.key)) return;
    event.preventDefault();
  }

  step(key) {
    const items = this.items;
    const at = items.indexOf(this.getRootNode().activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    let next = key in steps ? items.at(steps[key] % items.length) : undefined;
    if (key.length === 1 && key !== " ") {
      const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
      next = after.find((item) => item.textContent.trim().toLocaleLowerCase().startsWith(key.toLocaleLowerCase()));
    }
    next?.focus();
    return Boolean(next);
  }
}

customElements.get("trex-menu") || customElements.define("trex-menu", Menu);
