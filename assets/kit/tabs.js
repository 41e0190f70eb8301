// <trex-tabs>: one panel of several is shown; arrows, Home and End move between the tabs.
class Tabs extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
    this.removeEventListener("keydown", this);
  }

  get tabs() {
    return [...this.querySelectorAll("[role=tab]")].filter((tab) => tab.closest("trex-tabs") === this);
  }

  handleEvent(event) {
    const tab = event.target.closest("[role=tab]");
    const at = this.tabs.indexOf(tab);
    if (at < 0) return;
    if (event.type === "click") return this.select(tab);
    const isRtl = getComputedStyle(this).direction === "rtl";
    const forward = isRtl ? "ArrowLeft" : "ArrowRight";
    const backward = isRtl ? "ArrowRight" : "ArrowLeft";
    const steps = { [forward]: (at + 1) % this.tabs.length, [backward]: at - 1, Home: 0, End: -1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const next = this.tabs.at(steps[event.key]);
    this.select(next);
    next.focus();
  }

  select(chosen) {
    for (const tab of this.tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = this.getRootNode().getElementById(tab.getAttribute("aria-controls"));
      if (panel) panel.hidden = !isChosen;
    }
  }
}

customElements.get("trex-tabs") || customElements.define("trex-tabs", Tabs);
