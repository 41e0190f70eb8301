// <trex-dialog>: opens and closes the <dialog> it holds. It follows data-open where the page decides, and any
// button with data-opens="id of the dialog" or, inside, with data-closes.
class Dialog extends HTMLElement {
  static observedAttributes = ["data-open"];

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.listening = new AbortController();
    const { signal } = this.listening;
    document.addEventListener("click", (event) => this.clicked(event), { signal });
    // The press must begin on the backdrop too: a selection dragged out of the dialog does not close it.
    this.addEventListener("pointerdown", (event) => (this.pressed = event.target), { signal });
    this.follow();
  }

  disconnectedCallback() {
    this.listening.abort();
    if (this.dialog.open) this.dialog.close();
  }

  attributeChangedCallback() {
    if (this.dialog) this.follow();
  }

  follow() {
    const wanted = this.getAttribute("data-open");
    if (wanted === "true" && !this.dialog.open) this.show();
    if (wanted === "false" && this.dialog.open) this.dialog.close();
  }

  show() {
    this.dialog.showModal();
    document.dispatchEvent(new Event("trex-modal")); // toasts come above it
  }

  clicked(event) {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest("[data-opens]");
    if (opener && opener.dataset.opens === this.dialog.id && !this.dialog.open) this.show();
    const closer = this.contains(event.target) && event.target.closest("[data-closes]");
    const onBackdrop = event.target === this.dialog && this.pressed === this.dialog;
    if (closer || (onBackdrop && !this.hasAttribute("data-holds"))) this.dialog.close();
  }
}

customElements.get("trex-dialog") || customElements.define("trex-dialog", Dialog);
