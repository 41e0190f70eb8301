// Pages are prerendered by React. What browsers load is smaller: Preact in its place, with the modules beside this
// file, and in few files. See trex_app/embed/preact.py.
import { fileURLToPath } from "node:url";

const beside = (name) => fileURLToPath(new URL(`./${name}`, import.meta.url));
const IN_PLACE = {
  react: beside("react.js"),
  "react-dom": beside("react.js"),
  "react-dom/client": beside("root.js"),
  "@emotion/react": beside("jsx.js"),
  "./_document": beside("document.js"),
  "universal-cookie": beside("no-cookies.js"),
  // Reflex's socket is a websocket and nothing else.
  "./polling-xhr.node.js": beside("no-transport.js"),
  "./transports/polling-xhr.js": beside("no-transport.js"),
  "./transports/polling-xhr.node.js": beside("no-transport.js"),
  "./webtransport.js": beside("no-transport.js"),
};
const root = beside("../");
const SHARED = ["utils/", "browser/", "env.json"].map((path) => root + path);
const isShared = (id) => /node_modules\/|vite\/preload-helper/.test(id) || SHARED.some((path) => id.startsWith(path));
const GROUPS = [
  { name: "core", test: isShared, priority: 2 },
  // Nearly every step has these, in a frame or outside of one.
  { name: "behaviours", test: /\/kit\/(copy|dialog|error-summary|notice|toast)\.js$/, priority: 1 },
];

// What lets Reflex's server send components as code: it keeps all that they could ask for in the bundle, and our
// content policy would run none of them.
const GLOBALS = /useEffect\(\(\) => \{[^}]*window\.__reflex = \{[^}]*\};\s*\}, \[\]\);/;

export default function smallerInBrowsers() {
  const missing = new Set(Object.keys(IN_PLACE));
  return {
    name: "smaller-in-browsers",
    apply: "build",
    enforce: "pre",
    applyToEnvironment: ({ name }) => name === "client",
    configEnvironment: (name) =>
      name === "client" ? { build: { rollupOptions: { output: { codeSplitting: { groups: GROUPS } } } } } : null,
    transform: {
      filter: { id: /\.jsx$/ },
      handler(code, id) {
        if (/\bcss:/.test(code)) this.error(`${id} styles something by props, or gives it a prop it does not know.`);
        if (!id.endsWith("/app/root.jsx")) return null;
        if (!GLOBALS.test(code)) this.error(`${id} does not make its modules available to all any more.`);
        return { code: code.replace(GLOBALS, ""), map: null };
      },
    },
    resolveId(source) {
      missing.delete(source);
      return Object.hasOwn(IN_PLACE, source) ? IN_PLACE[source] : null;
    },
    buildEnd(error) {
      if (!error && missing.size) this.error(`Nothing imports ${[...missing].join(", ")} any more.`);
    },
  };
}
