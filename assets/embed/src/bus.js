// The event bus: microfrontends of a page, its frames, and the site's other tabs hear each other. For hosts that
// want it; the element neither needs nor loads it. What comes from another tab counts only in the form it goes out in.
const CHANNEL = "trex";
const handlers = new Map(); // by type: a set of functions
const elements = new Set(); // of <trex-workflow>, also those that no selector of the page finds
let channel;

const deliver = (type, data) => {
  for (const handle of [...(handlers.get(type) ?? [])]) {
    // One that fails keeps no other from hearing.
    try {
      handle(data, type);
    } catch (error) {
      reportError(error);
    }
  }
};

const tellFrames = (type, data, speaker) => {
  for (const element of elements) if (!element.isConnected) elements.delete(element);
  const found = new Set([...document.querySelectorAll("trex-workflow"), ...elements]);
  for (const element of found) if (element !== speaker) element.hear?.(type, data);
};

const tellTabs = (type, data) => {
  const tabs = channel ?? new BroadcastChannel(CHANNEL);
  tabs.postMessage({ trex: 1, type, data });
  if (tabs !== channel) tabs.close();
};

const fromTab = ({ data: said }) => {
  if (said?.trex !== 1 || typeof said.type !== "string") return;
  deliver(said.type, said.data);
  tellFrames(said.type, said.data);
};

const fromFrame = (event) => {
  const [element] = event.composedPath();
  const { type, data } = event.detail?.data ?? {};
  if (element.localName !== "trex-workflow" || typeof type !== "string") return;
  deliver(type, data);
  tellFrames(type, data, element);
  tellTabs(type, data);
};

const appeared = (event) => elements.add(event.composedPath()[0]);
const LISTENERS = { "trex:bus": fromFrame, "trex:ready": appeared };

// Nothing is left of the bus when nobody listens any more.
const follow = () => {
  const isWanted = handlers.size > 0;
  if (isWanted === Boolean(channel)) return;
  for (const [type, listener] of Object.entries(LISTENERS))
    document[isWanted ? "addEventListener" : "removeEventListener"](type, listener);
  if (isWanted) {
    channel = new BroadcastChannel(CHANNEL);
    channel.addEventListener("message", fromTab);
  } else {
    channel.close();
    channel = null;
    elements.clear();
  }
};

export const subscribe = (type, handler) => {
  if (!handlers.has(type)) handlers.set(type, new Set());
  handlers.get(type).add(handler);
  follow();
  return () => off(type, handler);
};

export const off = (type, handler) => {
  const own = handlers.get(type);
  own?.delete(handler);
  if (!own?.size) handlers.delete(type);
  follow();
};

export const emit = (type, data) => {
  deliver(type, data);
  tellFrames(type, data);
  tellTabs(type, data);
};

export const bus = { subscribe, emit, off };
