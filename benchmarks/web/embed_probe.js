// Runs in every document of a host's page, frames included, before its own scripts. Times are milliseconds of
// the clock that all documents share.
(() => {
  const seen = { visible: null, ready: null, next: null, shift: 0, origin: performance.timeOrigin };
  window.__embedded = seen;
  const now = () => performance.timeOrigin + performance.now();

  // A message posted in the frame's callback arrives after that frame has been painted.
  const afterPaint = (done) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    });

  // The journey's heading, prerendered or drawn by scripts; the host's own stands elsewhere.
  const heading = () => document.querySelector("main h1, [data-step] h1")?.textContent;
  const whenIt = (is, then) => {
    const look = new MutationObserver(() => {
      if (!is()) return;
      look.disconnect();
      afterPaint(then);
    });
    look.observe(document, { subtree: true, childList: true, characterData: true });
  };

  whenIt(heading, () => (seen.visible = now()));

  // A person as quick as can be: the first choice, and on, as soon as there is a way on. Nothing is pressed twice.
  const wayOn = () => document.querySelector("form button[type=submit]");
  const answer = () => {
    const first = heading();
    whenIt(() => heading() && heading() !== first, () => (seen.next = now()));
    document.querySelector("form input[type=radio]").click();
    wayOn().click();
  };
  if (window.__answersAtSight) whenIt(wayOn, answer);

  if (window !== window.parent) return;
  for (const type of ["trex:ready", "journey:ready"])
    addEventListener(type, () => afterPaint(() => (seen.ready ??= now())));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
})();
