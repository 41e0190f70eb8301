// <trex-error-summary>: takes the focus when it appears, and again when its errors change.
class ErrorSummary extends HTMLElement {
  static observedAttributes = ["data-attempt"];

  connectedCallback() {
    this.addEventListener("click", this);
    this.changes = new MutationObserver(() => this.focus());
    this.changes.observe(this, { childList: true, subtree: true, characterData: true });
    this.takeFocus();
  }

  // Not at once: React gives the focus back to where it was when it has drawn.
  takeFocus() {
    queueMicrotask(() => this.focus());
  }

  disconnectedCallback() {
    this.changes.disconnect();
    this.removeEventListener("click", this);
  }

  attributeChangedCallback(_name, before) {
    if (before !== null && this.isConnected) this.takeFocus();
  }

  // A link to a fragment would change the address, and with it the history of steps.
  handleEvent(event) {
    const id = event.target.closest("a")?.hash.slice(1);
    const target = id && this.getRootNode().getElementById(id);
    if (!target) return;
    event.preventDefault();
    const choice = "input:checked, input:not([type=hidden]), select, textarea, button";
    const control = target.matches("fieldset") ? target.querySelector(choice) : target;
    target.scrollIntoView({ block: "center" });
    (control ?? target).focus({ preventScroll: true });
  }
}

customElements.get("trex-error-summary") || customElements.define("trex-error-summary", ErrorSummary);
