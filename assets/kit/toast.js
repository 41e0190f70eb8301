// <trex-toast data-seconds="6">: presses its own close button when its time is over. The time stands still
// while someone points at it, is in it with the keyboard, or looks at another tab. No seconds: it stays.
// While a modal dialog is open the toasts lie above it, and the dialog says their words: all that is outside
// of the dialog can neither be reached nor heard until it closes.
const TICK_MS = 250;

class Toast extends HTMLElement {
  connectedCallback() {
    document.addEventListener("trex-modal", this);
    if (document.querySelector("dialog:modal")) this.handleEvent();
    let leftMs = Number(this.dataset.seconds) * 1000;
    if (!leftMs) return;
    this.ticking = setInterval(() => {
      if (document.hidden || this.matches(":hover, :focus-within")) return;
      leftMs -= TICK_MS;
      if (leftMs > 0) return;
      clearInterval(this.ticking);
      this.querySelector("[data-closes]")?.click();
    }, TICK_MS);
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
    document.removeEventListener("trex-modal", this);
    this.voice?.remove();
  }

  // What is shown last lies on top.
  handleEvent() {
    const list = this.closest("[popover]");
    if (!list) return;
    if (list.matches(":popover-open")) list.hidePopover();
    list.showPopover();
    this.speak([...document.querySelectorAll("dialog:modal")].at(-1));
  }

  speak(dialog) {
    this.voice?.remove();
    this.voice = Object.assign(document.createElement("p"), { className: "sr-only" });
    this.voice.setAttribute("role", "status");
    dialog.append(this.voice);
    // A live region says what changes in it, not what it comes with.
    setTimeout(() => (this.voice.textContent = this.querySelector("p").textContent));
  }
}

customElements.get("trex-toast") || customElements.define("trex-toast", Toast);
