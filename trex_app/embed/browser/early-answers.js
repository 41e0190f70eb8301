// A first screen can be read, and filled in, before the page's own scripts have arrived. What is sent in this time waits
// here, and is sent once the step is alive: once the server knows of it. See trex_app/embed/early_answers.py.
{
  let waiting;
  const send = async ({ form, submitter, step }) => {
    submitter?.setAttribute("aria-busy", "false");
    // Parts of a form that have a script of their own fill it in themselves.
    const parts = [...form.querySelectorAll(":not(:defined)")].map((part) => customElements.whenDefined(part.localName));
    await Promise.all(parts);
    if (form.isConnected && step.dataset.alive === "true") form.requestSubmit(submitter);
  };
  const changes = new MutationObserver(() => {
    const { step } = waiting;
    if (step.isConnected && step.dataset.alive !== "true") return;
    changes.disconnect();
    send(waiting);
    waiting = null;
  });
  const submitted = (event) => {
    const { target: form, submitter } = event;
    const step = form.closest("[data-alive=false]");
    if (!step) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    submitter?.setAttribute("aria-busy", "true");
    if (!waiting) changes.observe(document, { subtree: true, childList: true, attributeFilter: ["data-alive"] });
    waiting = { form, submitter, step };
  };
  addEventListener("submit", submitted, true);
}
