// <trex-selection data-most="5">: counts the boxes ticked inside it, and stops at the most that may be.
// What stands for a box elsewhere ([data-stands-for] with its value) shows and switches it, and is pointed at with it.
const EVENTS = ["change", "click", "pointerover", "pointerout", "focusin", "focusout"];

class Selection extends HTMLElement {
  connectedCallback() {
    for (const type of EVENTS) this.addEventListener(type, this);
    this.count(false);
  }

  disconnectedCallback() {
    for (const type of EVENTS) this.removeEventListener(type, this);
  }

  get boxes() {
    return [...this.querySelectorAll("input[type=checkbox]")];
  }

  handleEvent(event) {
    if (event.type === "change") return this.count(true);
    const pin = event.target.closest("[data-stands-for]");
    const label = event.target.closest("label");
    const value = pin?.dataset.standsFor ?? label?.querySelector("input")?.value;
    if (event.type === "click") return pin && this.boxes.find((box) => box.value === value)?.click();
    const isOn = event.type === "pointerover" || event.type === "focusin";
    this.point(isOn ? value : undefined);
  }

  point(value) {
    for (const box of this.boxes) {
      const isPointed = box.value === value;
      box.closest("label")?.toggleAttribute("data-pointed", isPointed);
      this.standIn(box)?.toggleAttribute("data-pointed", isPointed);
    }
  }

  standIn(box) {
    return this.querySelector(`[data-stands-for="${CSS.escape(box.value)}"]`);
  }

  count(isSaid) {
    const chosen = this.boxes.filter((box) => box.checked).length;
    const isFull = chosen >= Number(this.dataset.most);
    for (const box of this.boxes) {
      box.disabled = isFull && !box.checked;
      this.standIn(box)?.toggleAttribute("data-chosen", box.checked);
    }
    this.toggleAttribute("data-full", isFull);
    const label = isFull ? this.dataset.fullLabel : this.dataset.countLabel;
    for (const output of this.querySelectorAll("[data-count]")) {
      // The first count only describes what is there; the later ones are news.
      output.setAttribute("aria-live", isSaid ? "polite" : "off");
      output.textContent = label.replace("{count}", chosen).replace("{most}", this.dataset.most);
    }
  }
}

customElements.get("trex-selection") || customElements.define("trex-selection", Selection);
