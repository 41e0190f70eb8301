"""A plain static server: files of a folder, and the rules of its `_headers` and `_redirects`."""

from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit


class Rules:
    """What the two files of an export say, as static hosts read them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        blocks = (folder / "_headers").read_text().strip().split("\n\n")
        self._headers = [block.splitlines() for block in blocks]
        lines = (folder / "_redirects").read_text().splitlines()
        self._pages = [line.split() for line in lines]

    def headers(self, path: str) -> list[tuple[str, str]]:
        """Those of every pattern that the path matches."""
        found: list[tuple[str, str]] = []
        for pattern, *lines in self._headers:
            if fnmatchcase(path, pattern):
                for line in lines:
                    name, _, value = line.strip().partition(": ")
                    found.append((name, value))
        return found

    def file(self, path: str) -> Path | None:
        """The file itself, else its page, else what a rule names."""
        named = [path, f"{path}.html"]
        named += [page for pattern, page, _ in self._pages if fnmatchcase(path, pattern)]
        files = (self.folder / name.lstrip("/") for name in named)
        return next((file for file in files if file.is_file()), None)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Hold an export on a free port of this machine; its origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(Rules(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(rules: Rules) -> type[BaseHTTPRequestHandler]:
    class Serving(BaseHTTPRequestHandler):
        """Knows nothing but files."""

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            file = rules.file(path)
            body = b"" if file is None else file.read_bytes()
            self.send_response(404 if file is None else 200)
            kind = guess_type(file.name)[0] if file else None
            self.send_header("Content-Type", kind or "application/octet-stream")
            self.send_header("Content-Length", str(len(body)))
            for name, value in rules.headers(path):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Serving
