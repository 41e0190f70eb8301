// Runs in every measured page before its own scripts: keeps what the browser reports, and times
// what a person waits for. Times are milliseconds since the navigation began, or of a wait.
(() => {
  const seen = { fcp: null, lcp: null, cls: 0, ready: null, clickToPaint: null, stepChange: null };
  window.__probe = seen;

  const observe = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
    });
  observe("paint", (entry) => {
    if (entry.name === "first-contentful-paint") seen.fcp = entry.startTime;
  });
  observe("largest-contentful-paint", (entry) => {
    seen.lcp = entry.startTime;
  });
  observe("layout-shift", (entry) => {
    if (!entry.hadRecentInput) seen.cls += entry.value;
  });

  // Both contenders give the step an address once it is alive.
  for (const name of ["pushState", "replaceState"]) {
    const original = window.history[name];
    window.history[name] = function (...given) {
      const result = original.apply(this, given);
      if (/^\/j\/[^/]+\/./.test(window.location.pathname)) seen.ready ??= performance.now();
      return result;
    };
  }

  // A message posted in the frame's callback arrives after that frame has been painted.
  const afterPaint = (done) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now());
      channel.port2.postMessage(null);
    });
  const shownStep = () => {
    const step = document.querySelector("[data-step]");
    return step?.querySelector("h1")?.textContent ? step.dataset.step : undefined;
  };

  function timeStepChange(begin) {
    const left = shownStep();
    seen.stepChange = null;
    const observer = new MutationObserver(() => {
      const shown = shownStep();
      if (shown === undefined || shown === left) return;
      observer.disconnect();
      afterPaint((painted) => {
        seen.stepChange = painted - begin;
      });
    });
    observer.observe(document.documentElement, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["data-step"],
      characterData: true,
    });
  }

  function onClick(event) {
    const begin = event.timeStamp;
    if (event.target.closest('button[type="submit"]')) timeStepChange(begin);
    else
      afterPaint((painted) => {
        seen.clickToPaint ??= painted - begin;
      });
  }
  window.addEventListener("click", onClick, { capture: true });
})();
