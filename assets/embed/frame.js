// Inside the frame, before anything else of its page: says hello to the loader, fetches tickets, and tells the page
// around where the journey stands. What may be told stands in trex_app/embed/messages.py.
import { isLight, isPlain, names } from "./src/looks.js";

(() => {
  "use strict";
  const VERSION = 1;
  const [mark, nonce, instance = ""] = window.name.split(" ");
  if (window.parent === window) return;
  // Who is around, as the browser says it. Not all do. A page that has no origin of its own is "null": nothing can be sent
  // to that name, and no ticket is good there.
  const around = location.ancestorOrigins?.[0];
  const host = around === "null" ? undefined : around;
  const greet = (said) => window.parent.postMessage(said, host ?? "*");
  if (mark === "trex-preload") return preload();
  if (mark !== "trex") return;

  const { release = "" } = document.currentScript.dataset;
  const backend = document.documentElement.dataset.trexBackend;
  const root = document.documentElement;
  const VISITOR = `trex:visitor:${instance}`;
  const REFUSALS_MAX = 3; // tickets in a row that opened no socket
  const TOO_MANY = 429; // of what a server answers: below it stand refusals, from it on what may go well later
  const PAUSE_MS = 1000;
  const PAUSE_MAX_MS = 10000;
  const ANSWER_MS = 1000; // a host that does not answer must not hold a person up
  const QUEUE_MS = 3000; // nor may another frame
  const MARGIN_PX = 16;
  const FOCUSABLE = "main :is(h1, h2)[tabindex], main :is(a[href], button, input, select, textarea)";
  const stats = { ignored: 0 };
  const correlationId = crypto.getRandomValues(new Uint32Array(4)).join("");
  let port;
  let counter = 0;
  let room = screen.availHeight; // how much of the frame a person can see at most

  const queued = [];
  const send = (said) => {
    if (port) port.postMessage({ v: VERSION, ...said });
    else queued.push(said);
  };
  // What the host's page is to hear has an id. What only the loader needs has none, and goes no further.
  const say = (type, data) => {
    const id = `${correlationId}-${++counter}`;
    const { trexRev = 0 } = facts();
    send({ id, instance, workflow: journey(), type, rev: Number(trexRev), ts: Date.now(), correlationId, data });
    return id;
  };
  const ask = (type, data) => send({ type, data });
  const journey = () => location.pathname.split("/embed/frame/")[1]?.split("/")[0] ?? "";
  const facts = () => document.querySelector("[data-trex-step]")?.dataset ?? {};

  // Where the browser lets frames keep nothing, the page's own memory has to do: until it is loaded again.
  const inMemory = () => {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => void kept.set(String(key), String(value)),
      removeItem: (key) => void kept.delete(String(key)),
      clear: () => kept.clear(),
      key: (at) => [...kept.keys()][at] ?? null,
      get length() {
        return kept.size;
      },
    };
  };
  for (const storage of ["localStorage", "sessionStorage"])
    try {
      window[storage].getItem("");
    } catch {
      Object.defineProperty(window, storage, { value: inMemory() });
    }

  // --- Tickets: each opens one socket. -----------------------------------------------------------------------------
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  let refusals = 0;
  let gotTicket = () => {};
  let gotWelcome;
  const welcomed = new Promise((done) => (gotWelcome = done));

  const nextTicket = async () => {
    await welcomed;
    for (let wait = PAUSE_MS; ; wait = Math.min(2 * wait, PAUSE_MAX_MS)) {
      const asked = new Promise((done) => (gotTicket = done));
      ask("ticket", {});
      const { ticket, status } = await asked;
      if (ticket) return ticket;
      beOffline(true);
      // What is refused stays so, and the page around has been told why: it need not hear it every few seconds.
      await (status < TOO_MANY ? new Promise(() => {}) : pause(wait));
    }
  };

  // Who sits here. Frames of one site ask one after the other: the cookie of the first makes the next the same person.
  // Where the browser has no such queue, or does not let this frame stand in it, each goes on by itself.
  const visitor = () => {
    const signal = AbortSignal.timeout(QUEUE_MS);
    return navigator.locks?.request("trex:visitor", { signal }, askVisitor).catch(askVisitor) ?? askVisitor();
  };
  const askVisitor = async () => {
    const known = sessionStorage.getItem(VISITOR);
    if (known) return known;
    try {
      const url = new URL("/api/embed/visitors", backend || location.origin);
      const answer = await fetch(url, { method: "POST", credentials: "include" });
      const said = answer.ok ? await answer.json() : {};
      if (said.visitor) sessionStorage.setItem(VISITOR, said.visitor);
      return said.visitor;
    } catch {
      return undefined; // the socket will tell that nobody is there
    }
  };

  const admission = () => Promise.all([nextTicket(), visitor()]);
  let first = admission(); // asked for while the page's scripts are on their way

  // What the page's own scripts ask; see trex_app/embed/framed_socket.py.
  window.trexFrame = {
    tokenKey: `token:${instance}`,
    reloadKey: `reloaded:${instance}`,
    stats,
    async protocols() {
      const more = refusals++ - REFUSALS_MAX;
      if (more === 0) beRefused();
      if (more >= 0) await pause(Math.min(PAUSE_MS * 2 ** more, PAUSE_MAX_MS));
      const asked = first ?? admission();
      first = null;
      const [ticket, bearer] = await asked;
      // A ticket is good on the page that asked for it, and which one that is no page can make us say wrongly.
      return [
        `trex-ticket.${ticket}`,
        ...(around ? [`trex-host.${encodeURIComponent(around)}`] : []),
        ...(bearer ? [`trex-visitor.${bearer}`] : []),
      ];
    },
    connected() {
      // The page around has given up; the journey is there after all.
      if (refusals > REFUSALS_MAX && last.trexStep) tellReady(last);
      refusals = 0;
      root.style.visibility = "";
      beOffline(false);
    },
    // Without a ticket no socket is tried, so none fails: the page learns from here that it has to say so.
    whenOffline(show) {
      if (isOffline) show();
      showOffline = show;
    },
    mismatched(frame, server) {
      say("version-mismatch", { frame, server });
    },
  };

  // Where no ticket is good nothing is shown: the page around may be one that has no business with this frame.
  const beRefused = () => {
    const where = host ? ` It stands on a page of ${host}; a ticket is good only where it was asked for.` : "";
    const message = `The server refuses the frame's tickets.${where}`;
    console.error(message);
    say("error", { code: "socket_refused", message, isFinal: true });
    root.style.visibility = "hidden";
  };

  let [isOffline, showOffline] = [false, () => {}];
  const beOffline = (now) => {
    if (now === isOffline) return;
    if ((isOffline = now)) showOffline();
    say("offline", { isOffline });
  };

  // --- The look. -----------------------------------------------------------------------------------------------------
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let tenantTokens = {};
  let hostTokens = [];

  const setTokens = () => {
    const given = { ...tenantTokens };
    for (const [name, value] of hostTokens) if (value) given[name] = value;
    for (const name of names) {
      const value = String(given[name] ?? "").trim();
      if (value && isPlain(value)) root.style.setProperty(`--trex-${name}`, value);
      else root.style.removeProperty(`--trex-${name}`);
    }
  };
  const dress = ({ theme, colour, tokens, room: height }) => {
    root.dataset.theme = ["light", "dark"].includes(theme) ? theme : (isLight(colour) ?? dark.matches) ? "dark" : "light";
    room = height || room;
    hostTokens = tokens ?? [];
    setTokens();
  };
  dark.addEventListener("change", () => ask("theme", { names }));

  // --- The height: that of the content, and of what lies over it. --------------------------------------------------
  let height = 0;
  const overlays = () => [...document.querySelectorAll("dialog:modal, [popover]:popover-open, [role=listbox]:not([hidden])")];
  const measure = () => {
    let wanted = document.body.getBoundingClientRect().height;
    for (const overlay of overlays()) {
      const { height: own, bottom } = overlay.getBoundingClientRect();
      // What opens below the edge may have scrolled the frame, until it is tall enough.
      wanted = Math.max(wanted, (overlay.localName === "dialog" ? own + MARGIN_PX : bottom + scrollY) + MARGIN_PX);
    }
    wanted = Math.ceil(wanted);
    if (wanted !== height && wanted > 0) say("resize", { height: (height = wanted) });
    place();
  };

  // A frame as tall as its content has no middle that a person sees: a dialog goes to the middle of the visible part.
  // A new observer tells at once what can be seen, through all frames and scrolling boxes around.
  let seeing;
  const place = () => {
    const dialog = document.querySelector("dialog:modal");
    if (!dialog || seeing) return;
    seeing = new IntersectionObserver(([{ intersectionRect: seen }]) => {
      seeing.disconnect();
      seeing = null;
      const own = dialog.offsetHeight;
      const middle = seen.top + Math.max(MARGIN_PX, (seen.height - own) / 2);
      const top = Math.max(MARGIN_PX, Math.min(middle, root.clientHeight - own - MARGIN_PX));
      root.style.setProperty("--frame-dialog-top", `${Math.round(top)}px`);
      root.style.setProperty("--frame-room", `${Math.round(Math.max(room, 1))}px`);
      setTimeout(() => requestAnimationFrame(place), 200);
    });
    seeing.observe(root);
  };

  // --- Where the journey stands. ---------------------------------------------------------------------------------
  let last = {};
  const read = () => {
    const now = { ...facts() };
    if (now.trexOffline) beOffline(now.trexOffline === "true");
    if (now.trexTrouble && now.trexTrouble !== last.trexTrouble) {
      const message = document.querySelector("[data-trouble] :is(h1, h2)")?.textContent;
      if (!message) return; // it is still being drawn
      const isFinal = now.trexTrouble === "not_found" && !last.trexStep; // no waiting brings what does not exist
      if (isFinal) console.error(`${message}: ${journey()}`);
      say("error", { code: now.trexTrouble, message, isFinal });
    }
    if (now.trexStep) {
      if (!last.trexStep) tellReady(now);
      if (now.trexStep !== last.trexStep || now.trexRev !== last.trexRev) tellStep(now);
      if (now.trexStatus === "completed" && last.trexStatus === "active") {
        say("completed", { reference: now.trexReference, ...(now.trexAnswers && { answers: JSON.parse(now.trexAnswers) }) });
        say("bus", { type: "order:created", data: { orderId: now.trexReference } });
      }
      last = now;
    } else last = { ...last, trexTrouble: now.trexTrouble };
  };
  // A journey that is no longer offered has no title; its step has.
  const tellReady = ({ trexStep, trexJourney, trexTitle }) =>
    say("ready", { step: trexStep, title: trexJourney || trexTitle, release });
  const tellStep = (now) => {
    const isMove = Boolean(last.trexStep) && last.trexStep !== now.trexStep;
    say("step-changed", {
      step: now.trexStep,
      title: now.trexTitle,
      progress: { done: Number(now.trexDone), expected: Number(now.trexExpected) },
      isMove,
    });
    if (isMove) say("bus", { type: "navigation:change", data: { path: `/${journey()}/${now.trexStep}` } });
  };

  // --- Forms: the host may hold one back. --------------------------------------------------------------------------
  const allowed = new WeakSet();
  const answers = new Map(); // what to do with an answer, by the id of the question
  const mayGo = (step) =>
    new Promise((answered) => {
      answers.set(say("before-submit", { step }), answered);
      setTimeout(answered, ANSWER_MS, true);
    });
  const submitted = async (event) => {
    const form = event.target;
    if (allowed.delete(form) || !port || !last.trexStep) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.asking) return;
    form.dataset.asking = "";
    const isAllowed = await mayGo(facts().trexStep ?? "");
    delete form.dataset.asking;
    if (!isAllowed || !form.isConnected) return;
    allowed.add(form);
    form.requestSubmit(event.submitter);
  };

  // A page beside the journey opens beside the host's page, not in its frame.
  const clicked = (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href]");
    if (!link || link.origin === location.origin && (link.pathname.includes("/embed/frame/") || link.hash && link.pathname === location.pathname)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    window.open(link.href, "_blank", "noopener");
  };

  // --- What the loader says. -------------------------------------------------------------------------------------
  const takes = {
    ticket(data) {
      tenantTokens = Object(data.theme);
      setTokens();
      gotTicket(data);
    },
    theme: dress,
    answer({ id, allow }) {
      answers.get(id)?.(allow);
      answers.delete(id);
    },
    navigate({ step }) {
      const [before, inside] = location.pathname.split("/embed/frame/");
      const path = `${before}/embed/frame/${inside.split("/")[0]}/${encodeURIComponent(step)}${location.search}`;
      history.replaceState(history.state, "", path);
      dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    },
    // To where reading begins, unless the focus is somewhere in here already.
    focus() {
      if (document.activeElement !== document.body) return;
      for (const first of document.querySelectorAll(FOCUSABLE)) {
        first.focus();
        if (document.activeElement === first) return; // not so where it is hidden
      }
    },
    bus: ({ type, data }) => dispatchEvent(new CustomEvent("trex:bus", { detail: { type, data } })),
  };
  // What a message may hold: a member that is there must be what it is taken for. One that may be missing may be null.
  const isText = (value) => typeof value === "string";
  const maybe = (is) => (value) => value === undefined || value === null || is(value);
  const isPair = (value) => Array.isArray(value) && value.length === 2 && value.every(isText);
  const areTokens = (value) => value.constructor === Object && Object.values(value).every(isText);
  const MEMBERS = {
    ticket: { ticket: maybe(isText), status: maybe(Number.isFinite), theme: maybe(areTokens) },
    theme: {
      theme: maybe(isText),
      colour: maybe(isText),
      room: maybe(Number.isFinite),
      tokens: maybe((value) => Array.isArray(value) && value.every(isPair)),
    },
    answer: { id: isText, allow: (value) => typeof value === "boolean" },
    navigate: { step: isText },
    focus: {},
    bus: { type: isText },
  };
  const fits = (type, data) => Object.entries(MEMBERS[type]).every(([name, is]) => is(data[name]));
  const receive = ({ data: said }) => {
    const { v, type, data } = said ?? {};
    const isKnown = typeof type === "string" && Object.hasOwn(takes, type); // a list of one would be taken for its word
    if (v === VERSION && isKnown && Object(data) === data && fits(type, data)) takes[type](data);
    else stats.ignored++;
  };
  addEventListener("message", function greeted({ data: said, source, origin, ports }) {
    if (!said?.trex) return;
    if (source !== window.parent || said.nonce !== nonce || origin !== (host ?? origin) || !ports[0]) {
      stats.ignored++;
      return;
    }
    removeEventListener("message", greeted);
    [port] = ports;
    port.onmessage = receive;
    root.dataset.embedded = "";
    ask("theme", { names });
    queued.splice(0).forEach(send);
    if (said.release !== release) say("version-mismatch", { frame: release, loader: said.release });
    gotWelcome();
  });
  greet({ trex: 1, type: "hello", nonce });

  addEventListener("submit", submitted, true);
  addEventListener("click", clicked, true);
  addEventListener("DOMContentLoaded", () => {
    const sizes = new ResizeObserver(measure);
    for (const node of [root, document.body]) sizes.observe(node);
    for (const type of ["toggle", "close", "input", "click"]) addEventListener(type, () => requestAnimationFrame(measure), true);
    const marks = ["step", "rev", "status", "trouble", "offline", "reference"].map((name) => `data-trex-${name}`);
    const changes = new MutationObserver(() => {
      read();
      measure();
    });
    changes.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: [...marks, "open"] });
    read();
  });

  // --- Ahead of time: all that the page loads is fetched, and nothing of it runs. See src/preload.js. ----------------
  async function preload() {
    stop(); // the page itself
    const answer = await fetch(location.href, { cache: "force-cache" });
    const files = new Set((await answer.text()).match(/\/assets\/[^"]+?\.(js|css)(?=")/g));
    const coming = [...files].map(
      (file) =>
        new Promise((done) => {
          const isScript = file.endsWith(".js");
          const link = Object.assign(document.createElement("link"), { href: file, onload: done, onerror: done });
          link.rel = isScript ? "modulepreload" : "preload";
          if (!isScript) link.as = "style";
          document.head.append(link);
        }),
    );
    await Promise.all(coming);
    greet("trex-preloaded");
  }
})();
