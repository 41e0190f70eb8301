"""What a widget costs the page around it, in bytes over the wire."""

from pathlib import Path

from playwright.sync_api import Page, Request, WebSocket

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget
from trex_app.embed.export import Build, export
from trex_app.ui.build import STATIC_DIR, WEB_DIR, offer_runtime

LOADER_BYTES_MAX = 2_000
FIRST_STEP_BYTES_MAX = 150_000
REQUESTS_MAX = 16


def test_the_first_step_comes_within_its_bytes(page: Page, app: RunningApp, host: Host) -> None:
    came: list[Request] = []
    heard: list[int] = []

    def keep(request: Request) -> None:
        came.append(request)

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda said: heard.append(len(said)))

    page.on("requestfinished", keep)
    page.on("websocket", listen)
    address = host.page(app.address, widget(app.address, workflow="entry"))
    page.goto(address)
    Widget(page).until_ready()
    page.wait_for_load_state("networkidle")
    sizes = [request.sizes() for request in came if request.url != address]
    files = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert heard, "the frame has a socket"
    assert files + sum(heard) <= FIRST_STEP_BYTES_MAX
    assert len(sizes) <= REQUESTS_MAX


def test_a_loader_that_names_its_server_comes_within_its_bytes(
    app: RunningApp, tmp_path: Path
) -> None:
    assert app.address, "there is a build"
    offer_runtime()
    export(Build(STATIC_DIR, WEB_DIR), tmp_path / "dist", "https://journeys.example.com", str)
    loader = tmp_path / "dist" / "embed" / "v1" / "trex.js"
    assert "https://journeys.example.com" in loader.read_text()
    assert loader.with_name("trex.js.br").stat().st_size <= LOADER_BYTES_MAX


def test_no_file_for_browsers_holds_react_dom_or_emotion(app: RunningApp) -> None:
    built = "".join(file.read_text() for file in (STATIC_DIR / "assets").glob("*.js"))
    assert "react.dev/errors" not in built  # where React explains its error codes
    assert "data-emotion" not in built
