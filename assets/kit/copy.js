// <trex-copy data-text="…">: its button copies the text, then shows for a moment that it did.
const SHOWN_MILLISECONDS = 2500;

class Copy extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
    clearTimeout(this.timer);
  }

  async handleEvent(event) {
    if (!event.target.closest("button")) return;
    await navigator.clipboard.writeText(this.dataset.text).catch(() => this.copyByHand());
    this.show(true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(false), SHOWN_MILLISECONDS);
  }

  // Without the right to write there, an older way still may.
  copyByHand() {
    const field = this.appendChild(document.createElement("textarea"));
    field.value = this.dataset.text;
    field.select();
    document.execCommand("copy");
    field.remove();
    this.querySelector("button").focus();
  }

  show(isCopied) {
    this.toggleAttribute("data-copied", isCopied);
    this.querySelector("[role=status]").textContent = isCopied ? this.dataset.copiedLabel : "";
  }
}

customElements.get("trex-copy") || customElements.define("trex-copy", Copy);
