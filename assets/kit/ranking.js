// <trex-ranking>: a list whose entries are put in order by dragging or by their buttons.
// The list items stay where they are (React owns them): what they hold changes places.
class Ranking extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    this.addEventListener("pointerdown", this);
    this.mark();
  }

  disconnectedCallback() {
    for (const type of ["click", "keydown", "pointerdown"]) this.removeEventListener(type, this);
  }

  get slots() {
    return [...this.querySelectorAll("[data-slot]")];
  }

  handleEvent(event) {
    const slot = event.target.closest("[data-slot]");
    if (!slot) return;
    const at = this.slots.indexOf(slot);
    if (event.type === "pointerdown") return this.grab(event, slot, at);
    const button = event.target.closest("[data-move]");
    if (event.type === "click" && button) this.step(at, Number(button.dataset.move), button);
    const key = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.type === "keydown" && key && button) {
      event.preventDefault();
      this.step(at, key, button);
    }
  }

  step(at, by, button) {
    const to = at + by;
    if (to < 0 || to >= this.slots.length) return;
    this.move(at, to);
    // The focus goes along with the entry, on the same button while that one can still be used.
    const buttons = [...this.slots[to].querySelectorAll("[data-move]")];
    const same = buttons.find((other) => other.dataset.move === button.dataset.move);
    (same?.getAttribute("aria-disabled") === "true" ? buttons.find((other) => other !== same) : same)?.focus();
  }

  move(from, to) {
    const held = this.slots.map((slot) => this.read(slot));
    held.splice(to, 0, ...held.splice(from, 1));
    this.slots.forEach((slot, index) => this.write(slot, held[index]));
    this.mark();
    const said = (this.dataset.movedLabel ?? "{title}: {rank} / {count}")
      .replace("{title}", held[to].title)
      .replace("{rank}", to + 1)
      .replace("{count}", held.length);
    this.querySelector("[role=status]").textContent = said;
    this.slots[to].querySelector("input").dispatchEvent(new Event("input", { bubbles: true }));
  }

  read(slot) {
    return { value: slot.querySelector("input").value, title: slot.querySelector("[data-title]").firstChild.data };
  }

  write(slot, { value, title }) {
    slot.querySelector("input").value = value;
    // The text node is React's own: its words change, it stays.
    slot.querySelector("[data-title]").firstChild.data = title;
  }

  mark() {
    const last = this.slots.length - 1;
    this.slots.forEach((slot, index) => {
      slot.querySelector('[data-move="-1"]').setAttribute("aria-disabled", String(index === 0));
      slot.querySelector('[data-move="1"]').setAttribute("aria-disabled", String(index === last));
    });
  }

  grab(event, slot, from) {
    if (event.button !== 0 || event.target.closest("[data-move]")) return;
    if (event.pointerType !== "mouse" && !event.target.closest("[data-grip]")) return;
    event.preventDefault();
    const slots = this.slots;
    const boxes = slots.map((other) => other.getBoundingClientRect());
    const pitch = boxes.length > 1 ? boxes[1].top - boxes[0].top : boxes[0].height;
    let to = from;
    const dragging = new AbortController();
    const { signal } = dragging;
    slot.setPointerCapture(event.pointerId);
    slot.setAttribute("data-dragged", "");

    const follow = (move) => {
      const shift = move.clientY - event.clientY;
      to = Math.max(0, Math.min(slots.length - 1, from + Math.round(shift / pitch)));
      slots.forEach((other, index) => {
        const passed = (index > from && index <= to) - (index < from && index >= to);
        other.style.translate = index === from ? `0 ${shift}px` : `0 ${-passed * pitch}px`;
      });
    };
    const drop = (end) => {
      dragging.abort();
      slot.removeAttribute("data-dragged");
      slots.forEach((other) => other.style.removeProperty("translate"));
      if (end.type === "pointerup" && to !== from) this.move(from, to);
    };
    slot.addEventListener("pointermove", follow, { signal });
    slot.addEventListener("pointerup", drop, { signal });
    slot.addEventListener("pointercancel", drop, { signal });
  }
}

customElements.get("trex-ranking") || customElements.define("trex-ranking", Ranking);
