"""A customer's site: a few pages on an origin of its own, cross-site to the app."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from threading import Thread
from urllib.parse import urlsplit

HOST = "127.0.0.1"  # the app is on localhost: for browsers another site
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}

PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<title>Acme Motors</title>
<script type="module" src="{app}/embed/v1/trex.js"></script>
<script>
  window.heard = [];
  for (const type of {types})
    addEventListener("trex:" + type, ({{ detail, target }}) =>
      heard.push({{ ...detail, on: target.id }}));
</script>
{head}
</head>
<body>
<h1>Acme Motors</h1>
<p><a id="before" href="#before">Before</a></p>
{body}
<p><a id="after" href="#after">After</a></p>
</body>
</html>
"""
TYPES_HEARD = [
    *("ready", "resize", "step-changed", "before-submit", "completed", "error", "offline"),
    *("version-mismatch", "unmounted"),
]
FALLBACK = '<a href="{app}/h/{workflow}?tenant={tenant}">Go on without the widget</a>'


class Host:
    """A site whose pages are put in place by name, such as `/index.html`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.files: dict[str, str] = {}
        self.headers: dict[str, Mapping[str, str]] = {}

    def put(self, path: str, content: str, headers: Mapping[str, str] | None = None) -> str:
        """Serve a file at a path, with further headers; its address."""
        self.files[path] = content
        self.headers[path] = headers or {}
        return f"{self.address}{path}"

    def page(
        self, app: str, body: str, *, path: str = "/", head: str = "", lang: str = "en"
    ) -> str:
        """Serve a page with the loader of `app`, which notes every event it hears."""
        content = PAGE.format(app=app, body=body, head=head, lang=lang, types=TYPES_HEARD)
        return self.put(path, content)


def widget(app: str, *, workflow: str = "buying", tenant: str = "acme", **attributes: str) -> str:
    """The element as a host writes it, with a link to the plain journey in it."""
    given = {"id": "widget", "tenant": tenant, "workflow": workflow}
    given |= {name.replace("_", "-"): value for name, value in attributes.items()}
    written = " ".join(f'{name}="{value}"' for name, value in given.items())
    inside = FALLBACK.format(app=app, workflow=workflow, tenant=tenant)
    return f"<trex-workflow {written}>{inside}</trex-workflow>"


@contextmanager
def running_host() -> Iterator[Host]:
    """An empty site on a free port."""
    server = ThreadingHTTPServer((HOST, 0), BaseHTTPRequestHandler)
    host = Host(f"http://{HOST}:{server.server_port}")
    server.RequestHandlerClass = _serving(host)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _serving(host: Host) -> type[BaseHTTPRequestHandler]:
    class Serving(BaseHTTPRequestHandler):
        """Answers from what was put into the site."""

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            content = host.files.get(path)
            body = (content or "").encode()
            self.send_response(404 if content is None else 200)
            self.send_header("content-type", TYPES.get(PurePosixPath(path).suffix, TYPES[".html"]))
            self.send_header("content-length", str(len(body)))
            self.send_header("cache-control", "no-store")
            for name, value in host.headers.get(path, {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Serving
