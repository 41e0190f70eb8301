// <trex-file>: shows what a file input holds, pictures as pictures; takes files by drop; lets go of one at a time.
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

function size(bytes, language) {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const shape = { style: "unit", unit: UNITS[step], maximumFractionDigits: step ? 1 : 0 };
  return new Intl.NumberFormat(language, shape).format(bytes / 1000 ** step);
}

class FileField extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector("[data-files]");
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.addEventListener("change", (event) => event.target === this.input && this.show(), { signal });
    document.addEventListener("reset", () => requestAnimationFrame(() => this.show()), { signal });
    for (const type of ["dragover", "dragleave", "drop"]) {
      this.addEventListener(type, (event) => this.dragged(event), { signal });
    }
    this.show();
  }

  disconnectedCallback() {
    this.listening.abort();
    this.list.replaceChildren();
  }

  dragged(event) {
    event.preventDefault();
    this.toggleAttribute("data-over", event.type === "dragover");
    if (event.type !== "drop" || this.input.disabled) return;
    const files = [...event.dataTransfer.files];
    this.hold(this.input.multiple ? files : files.slice(0, 1));
  }

  hold(files) {
    const held = new DataTransfer();
    for (const file of files) held.items.add(file);
    this.input.files = held.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  show() {
    this.list.replaceChildren(...[...this.input.files].map((file) => this.entry(file)));
  }

  // Only text is ever set, never markup: a file's name is a stranger's word.
  entry(file) {
    const entry = this.list.ownerDocument.createElement("li");
    const name = entry.appendChild(document.createElement("span"));
    name.textContent = file.name;
    const weight = entry.appendChild(document.createElement("small"));
    weight.textContent = size(file.size, this.closest("[lang]")?.lang || undefined);
    const drop = entry.appendChild(document.createElement("button"));
    drop.type = "button";
    drop.textContent = "×";
    drop.setAttribute("aria-label", `${this.dataset.removeLabel ?? "Remove"} ${file.name}`);
    drop.addEventListener("click", () => {
      this.hold([...this.input.files].filter((other) => other !== file));
      this.input.focus();
    });
    if (file.type.startsWith("image/")) this.preview(file, entry);
    return entry;
  }

  // As a data URL: the page's policy knows no other kind of picture from here.
  preview(file, entry) {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = reader.result;
      entry.prepend(picture);
    });
    reader.readAsDataURL(file);
  }
}

customElements.get("trex-file") || customElements.define("trex-file", FileField);
