// <trex-tooltip>: the looks follow hover and focus by CSS; Escape puts the words away until the next time.
class Tooltip extends HTMLElement {
  connectedCallback() {
    this.listening = new AbortController();
    const { signal } = this.listening;
    const again = () => this.removeAttribute("data-dismissed");
    this.addEventListener("pointerenter", again, { signal });
    this.addEventListener("focusin", again, { signal });
    document.addEventListener("keydown", (event) => this.press(event), { signal });
  }

  disconnectedCallback() {
    this.listening.abort();
  }

  press(event) {
    if (event.key === "Escape" && this.matches(":hover, :focus-within")) this.setAttribute("data-dismissed", "");
  }
}

customElements.get("trex-tooltip") || customElements.define("trex-tooltip", Tooltip);
