// Draws the page again when something arrived, and keeps what is open, and the focus, as they were.
const live = document.getElementById("live");

async function look() {
  try {
    const changes = await (await fetch("/_sandbox/page/changes")).text();
    if (changes === live.dataset.changes) return;
    const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
    const open = [...live.querySelectorAll("details[open]")].map((item) => item.id);
    const focused = document.activeElement?.id || document.activeElement?.closest("details")?.id;
    live.replaceChildren(...page.getElementById("live").childNodes);
    live.dataset.changes = changes;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    const again = focused && document.getElementById(focused);
    if (again) (again.matches("details") ? again.querySelector("summary") : again).focus();
  } catch {
    // The sandbox is away; the next look may find it again.
  } finally {
    setTimeout(look, 2000);
  }
}

setTimeout(look, 2000);
