// Made by python -m trex_app.embed.declarations
/** What can be written on the element. */
export interface TrexAttributes {
  /** Whose page it is. */
  "tenant": string;
  /** Which journey; else the tenant's own. */
  "workflow"?: string | null;
  /** Tells two of the same journey apart. */
  "session-key"?: string | null;
  /** The language; else that of the page. */
  "locale"?: string | null;
  /** How it looks; else as the page does. */
  "theme"?: "auto" | "light" | "dark" | null;
  /** When its frame is loaded. */
  "loading"?: "eager" | "visible" | "idle" | null;
}

/** What stands around every message and every event's `detail`. */
export interface TrexEnvelope {
  v: 1;
  /** Of this message; none where no frame said it. */
  id?: string | null;
  /** Of the widget, as its frame knows it. */
  instance?: string | null;
  /** The journey's id. */
  workflow: string;
  type: string;
  /** How often the journey's session has changed. */
  rev: number;
  /** Milliseconds since 1970, by the clock of the browser. */
  ts: number;
  /** Of one loading of the frame. */
  correlationId?: string | null;
}

/** The step can be answered. */
export interface TrexReady {
  /** Its id. */
  step: string;
  /** The journey's, in the language of the frame. */
  title: string;
  /** The release of the frame. */
  release: string;
}

/** The content has another height. */
export interface TrexResize {
  /** In CSS pixels. */
  height: number;
}

/** Another step is on display, or the same one at another revision. */
export interface TrexStepChanged {
  /** Its id. */
  step: string;
  /** Its heading, in the language of the frame. */
  title: string;
  progress: { done: number; expected: number };
  /** Whether another step was on display before. */
  isMove: boolean;
}

/** A step is about to be sent. `preventDefault()` holds it back. */
export interface TrexBeforeSubmit {
  /** Its id. */
  step: string;
}

/** The journey has come to its end. */
export interface TrexCompleted {
  /** What was sent, by the reference a person can quote. */
  reference: string;
  /** By step and field, without steps that ask for credit data; where allowed. */
  answers?: Record<string, Record<string, unknown>> | null;
}

/** Something went wrong. After one that is final the element shows what stands in it. */
export interface TrexFailed {
  /** For programs; `timeout` where nothing appeared in time. */
  code: string;
  /** For the people who run the page. */
  message?: string | null;
  isFinal?: boolean | null;
}

/** The connection to the server went away, or came back. */
export interface TrexOffline {
  isOffline: boolean;
}

/** Frame and loader, or frame and server, are of different releases. Nothing is loaded anew. */
export interface TrexVersionMismatch {
  /** What the frame is of. */
  frame: string;
  /** What the loader is of, if it differs. */
  loader?: string | null;
  /** What the server is of, if it differs. */
  server?: string | null;
}

/** The frame is gone. */
export interface TrexUnmounted {
}

/** A microfrontend has said something on the event bus. */
export interface TrexBus {
  type: string;
  data?: unknown;
}

export interface TrexEventData {
  "ready": TrexReady;
  "resize": TrexResize;
  "step-changed": TrexStepChanged;
  "before-submit": TrexBeforeSubmit;
  "completed": TrexCompleted;
  "error": TrexFailed;
  "offline": TrexOffline;
  "version-mismatch": TrexVersionMismatch;
  "unmounted": TrexUnmounted;
  "bus": TrexBus;
}

export interface TrexEventMap {
  "trex:ready": CustomEvent<TrexEnvelope & { data: TrexEventData["ready"] }>;
  "trex:resize": CustomEvent<TrexEnvelope & { data: TrexEventData["resize"] }>;
  "trex:step-changed": CustomEvent<TrexEnvelope & { data: TrexEventData["step-changed"] }>;
  "trex:before-submit": CustomEvent<TrexEnvelope & { data: TrexEventData["before-submit"] }>;
  "trex:completed": CustomEvent<TrexEnvelope & { data: TrexEventData["completed"] }>;
  "trex:error": CustomEvent<TrexEnvelope & { data: TrexEventData["error"] }>;
  "trex:offline": CustomEvent<TrexEnvelope & { data: TrexEventData["offline"] }>;
  "trex:version-mismatch": CustomEvent<TrexEnvelope & { data: TrexEventData["version-mismatch"] }>;
  "trex:unmounted": CustomEvent<TrexEnvelope & { data: TrexEventData["unmounted"] }>;
  "trex:bus": CustomEvent<TrexEnvelope & { data: TrexEventData["bus"] }>;
}

/** What a cart holds now. */
export interface AppCartUpdated {
  itemCount: number;
  total: number;
}

/** A product went into a cart. */
export interface AppCartItemAdded {
  productId: string;
  quantity: number;
}

/** A product was taken out of a cart. */
export interface AppCartItemRemoved {
  productId: string;
}

/** Somebody has signed in to the host's site: by an id that means nothing elsewhere. */
export interface AppLoggedIn {
  userId: string;
}

/** An event that says all by its type. */
export interface AppNothing {
}

/** Something was done with a product: here, with a vehicle. */
export interface AppProduct {
  productId: string;
}

/** A request was sent; the bus hears it from a frame whose journey is completed. */
export interface AppOrderCreated {
  /** The reference of the request. */
  orderId: string;
  total?: number | null;
}

/** A request stands elsewhere now. */
export interface AppOrderStatusChanged {
  orderId: string;
  status: string;
}

/** Somebody moved; from a frame: to a step, by journey and step. */
export interface AppNavigationChange {
  path: string;
}

/** The page changed between light and dark; frames follow by themselves. */
export interface AppThemeChanged {
  theme: "light" | "dark";
}

export interface AppEvents {
  "cart:updated": AppCartUpdated;
  "cart:item-added": AppCartItemAdded;
  "cart:item-removed": AppCartItemRemoved;
  "auth:login": AppLoggedIn;
  "auth:logout": AppNothing;
  "auth:token-refreshed": AppNothing;
  "product:viewed": AppProduct;
  "product:created": AppProduct;
  "product:updated": AppProduct;
  "product:deleted": AppProduct;
  "order:created": AppOrderCreated;
  "order:status-changed": AppOrderStatusChanged;
  "navigation:change": AppNavigationChange;
  "theme:changed": AppThemeChanged;
}

export interface TrexWorkflow extends HTMLElement {
  /** Messages that were forged, malformed or unknown. */
  readonly stats: { ignored: number };
  /** Nothing: the element is ready by itself. */
  bootstrap(): Promise<void>;
  /** Resolves when the step can be answered; rejects with a TrexMountError if it fails. */
  mount(): Promise<void>;
  /** Takes the frame away, with all that belongs to it. */
  unmount(): Promise<void>;
  /** Sets attributes; what is null is taken away. */
  update(attributes: Partial<TrexAttributes>): Promise<void>;
  /** Moves the focus to the heading of the step, unless it is in the frame already. Where the journey did not come up, to the link or button inside the element. */
  focus(options?: FocusOptions): void;
  /** Goes to a step that was answered before. */
  navigate(step: string): void;
  /** Tells the frame what was said on the event bus; the bus does this by itself. */
  hear(type: string, data?: unknown): void;
}

/** What mount() rejects with: the code of the `error` event that was final, or `unmounted`. */
export type TrexMountError = Error & { code: string; isFinal?: boolean };

/** What single-spa hands over, and the attributes of the element. */
export interface TrexProps {
  name: string;
  attributes: TrexAttributes & { id?: string; class?: string; title?: string };
  domElement?: HTMLElement;
  domElementGetter?: () => HTMLElement;
}

export function bootstrap(props?: TrexProps): Promise<void>;
export function mount(props: TrexProps): Promise<void>;
export function unmount(props: Pick<TrexProps, "name">): Promise<void>;
export function update(props: TrexProps): Promise<void>;

/** The event bus of bus.js. A site may add types of its own to AppEvents. */
export interface EventBus {
  subscribe<T extends keyof AppEvents>(
    type: T,
    handler: (data: AppEvents[T], type: T) => void,
  ): () => void;
  emit<T extends keyof AppEvents>(type: T, data: AppEvents[T]): void;
  off<T extends keyof AppEvents>(type: T, handler: (data: AppEvents[T], type: T) => void): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "trex-workflow": TrexWorkflow;
  }
  interface DocumentEventMap extends TrexEventMap {}
}
