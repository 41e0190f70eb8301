// <trex-when data-field="pays" data-value="later">: its fieldset can be filled in only while the field has the value.
// Style sheets show and hide it; what is hidden is neither reached by the keyboard nor sent.
class When extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.form?.addEventListener("change", this);
    this.decide();
  }

  disconnectedCallback() {
    this.form?.removeEventListener("change", this);
  }

  handleEvent() {
    this.decide();
  }

  decide() {
    const given = this.form?.elements.namedItem(this.dataset.field)?.value;
    this.querySelector("fieldset").disabled = given !== this.dataset.value;
  }
}

customElements.get("trex-when") || customElements.define("trex-when", When);
