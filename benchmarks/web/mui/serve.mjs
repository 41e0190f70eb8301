// Serves the built pages, compressed ahead, and passes /api on to the product.
// Run as `node serve.mjs <port> <address of the product> <folder>`; prints a line once it listens.
import { readdirSync, readFileSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import { extname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const [port, product, FOLDER = "dist"] = process.argv.slice(2);
const PAGE = "/index.html";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
// Given up before the product gives them up (5 s): none is closed while a request is on its way.
const connections = new Agent({ keepAlive: true, timeout: 2000 });

const files = new Map();
for (const entry of readdirSync(FOLDER, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const content = readFileSync(path);
  files.set(path.slice(FOLDER.length), {
    type: TYPES[extname(path)] ?? "application/octet-stream",
    br: brotliCompressSync(content),
    gzip: gzipSync(content, { level: 9 }),
  });
}

function sendFile(incoming, outgoing) {
  const file = files.get(incoming.url) ?? files.get(PAGE);
  const encoding = /\bbr\b/.test(incoming.headers["accept-encoding"]) ? "br" : "gzip";
  outgoing.writeHead(200, {
    "Content-Type": `${file.type}; charset=utf-8`,
    "Content-Encoding": encoding,
    "Content-Length": file[encoding].length,
  });
  outgoing.end(file[encoding]);
}

function passOn(incoming, outgoing) {
  const options = { method: incoming.method, headers: incoming.headers, agent: connections };
  const onward = request(product + incoming.url, options, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", (error) => {
    console.error(error);
    outgoing.writeHead(502).end();
  });
  incoming.pipe(onward);
}

createServer((incoming, outgoing) =>
  (incoming.url.startsWith("/api/") ? passOn : sendFile)(incoming, outgoing),
).listen(Number(port), "127.0.0.1", () => console.log("listening"));
