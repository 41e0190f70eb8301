// <trex-copy data-text="…">: its button copies the text, then shows that it did, or that the browser forbids it.
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
    clearTimeout(this.timer);
    const isCopied = await this.copy();
    this.show(isCopied ? "copied" : "failed");
    // What asks for something to be done stays.
    if (isCopied) this.timer = setTimeout(() => this.show(""), SHOWN_MILLISECONDS);
  }

  // Plain http has no clipboard, and frames of other sites may not write there: an older way still may.
  async copy() {
    try {
      await navigator.clipboard.writeText(this.dataset.text);
      return true;
    } catch {
      return this.copyByHand();
    }
  }

  copyByHand() {
    const field = this.appendChild(document.createElement("textarea"));
    field.value = this.dataset.text;
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    this.querySelector("button").focus();
    return isCopied;
  }

  show(outcome) {
    for (const each of ["copied", "failed"]) this.toggleAttribute(`data-${each}`, each === outcome);
    this.querySelector("[role=status]").textContent = outcome ? this.dataset[`${outcome}Label`] : "";
  }
}

customElements.get("trex-copy") || customElements.define("trex-copy", Copy);
