"""A journey in a host's page on a slow telephone: when it is seen, when it can be answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.web.figures import Row

PROBE = Path(__file__).parent / "embed_probe.js"
# One process for the page and its frame, as on a telephone with little memory, so that the frame is
# throttled, too.
FLAGS = ("--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process")
LATENCY_MS = 150
BYTES_PER_SECOND = 1.6e6 / 8
CPU_SLOWDOWN = 4
POLL_MS = 20
WAIT_MS_MAX = 60_000
ANSWERS_AT_SIGHT = "window.__answersAtSight = true"
SETTLE_MS = 1500  # what still loads or shifts once it can be answered belongs to the load
VIEWPORT = {"width": 390, "height": 844}
STEP_HEIGHT = 848  # of the first step on such a screen, which the host keeps free for it

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Acme Motors</title>
<link rel="icon" href="data:,">
<style>
trex-workflow {{ --trex-initial-height: {height}px }}
trex-workflow:not(:defined) {{ display: block; min-height: {height}px }}
</style>
<script type="module" src="{app}/embed/v1/trex.js"></script>
</head>
<body>
<h1>Acme Motors</h1>
<trex-workflow tenant="{tenant}" workflow="entry"></trex-workflow>
<p>Open from nine to five.</p>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Load:
    """One load by a new visitor, in milliseconds since the host's page was asked for.

    Bytes are as they came over the wire, headers and websocket included, the host's page not. The
    second step is that of another visitor, who answers the first as soon as it is painted, once.
    """

    requests: float
    wire_bytes: float
    visible_ms: float
    ready_ms: float
    second_step_ms: float
    layout_shift: float


class Traffic:
    """What a page and its frames load."""

    def __init__(self, session: CDPSession) -> None:
        self.requests = -1  # the host's page is not counted
        self.bytes = 0
        self._page: str | None = None
        session.on("Network.requestWillBeSent", self._began)
        session.on("Network.loadingFinished", self._ended)
        session.on("Network.webSocketFrameReceived", self._heard)
        session.send("Network.enable")

    def _began(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.requests += 1
        self._page = self._page or event["requestId"]

    def _ended(self, event: dict[str, Any]) -> None:
        if event["requestId"] != self._page:
            self.bytes += int(event["encodedDataLength"])

    def _heard(self, event: dict[str, Any]) -> None:
        self.bytes += len(event["response"]["payloadData"])


def load(browser: Browser, address: str) -> Load:
    """Two new visitors open the host's page over a slow line, with a slow processor.

    Raises TimeoutError where nothing appears, or where an answer at first sight leads nowhere.
    """
    with _opened(browser, address, ANSWERS_AT_SIGHT) as (page, _):
        second = _until(page, "next")
    with _opened(browser, address) as (page, traffic):
        _until(page, "ready")
        page.wait_for_timeout(SETTLE_MS)
        return _seen(page, traffic, second)


@contextmanager
def _opened(browser: Browser, address: str, *scripts: str) -> Iterator[tuple[Page, Traffic]]:
    context = browser.new_context(viewport=VIEWPORT)  # pyright: ignore[reportArgumentType]
    try:
        for script in scripts:
            context.add_init_script(script)
        context.add_init_script(path=PROBE)
        page = context.new_page()
        session = context.new_cdp_session(page)
        traffic = Traffic(session)
        _throttle(session)
        page.goto(address, wait_until="commit", timeout=WAIT_MS_MAX)
        yield page, traffic
    finally:
        context.close()


def _throttle(session: CDPSession) -> None:
    conditions = {
        "offline": False,
        "latency": LATENCY_MS,
        "downloadThroughput": BYTES_PER_SECOND,
        "uploadThroughput": BYTES_PER_SECOND,
    }
    session.send("Network.emulateNetworkConditions", conditions)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})


def _until(page: Page, what: str) -> float:
    """Wait until a moment was seen in any document of the page: when that was."""
    for _ in range(WAIT_MS_MAX // POLL_MS):
        for frame in page.frames:
            moment: float | None = frame.evaluate("what => window.__embedded?.[what]", what)
            if moment is not None:
                return moment - page.evaluate("window.__embedded.origin")
        page.wait_for_timeout(POLL_MS)
    raise TimeoutError(f"{page.url}: no moment was {what!r} in {WAIT_MS_MAX / 1000:.0f} s")


def _seen(page: Page, traffic: Traffic, second_step_ms: float) -> Load:
    host: dict[str, float] = page.evaluate("window.__embedded")
    visible = [frame.evaluate("window.__embedded.visible") for frame in page.frames]
    return Load(
        requests=traffic.requests,
        wire_bytes=traffic.bytes,
        visible_ms=min(moment for moment in visible if moment is not None) - host["origin"],
        ready_ms=host["ready"] - host["origin"],
        second_step_ms=second_step_ms,
        layout_shift=host["shift"],
    )


def median_load(loads: list[Load]) -> Load:
    """The median of each figure by itself."""
    return Load(**{f.name: median(getattr(load, f.name) for load in loads) for f in fields(Load)})


def rows(loads: list[Load]) -> list[Row]:
    """The figures of many loads, in the order of the table."""
    middle = median_load(loads)
    return [
        Row("over the wire, kB", middle.wire_bytes / 1000, 1),
        Row("requests", middle.requests),
        Row("visible, ms", middle.visible_ms),
        Row("the journey is there, ms", middle.ready_ms),
        Row("second step, answered at first sight, ms", middle.second_step_ms),
        Row("layout shift of the host's page", max(load.layout_shift for load in loads), 4),
    ]


@contextmanager
def host(app: str, tenant: str, port: int) -> Iterator[str]:
    """A site that shows the journey; for browsers another one than the app's. Its address."""
    page = PAGE.format(app=app, tenant=tenant, height=STEP_HEIGHT).encode()

    class Serving(BaseHTTPRequestHandler):
        """One page, whatever is asked for."""

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Serving)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
