"""The benchmark of the widget: a journey in a host's page, beside one built with single-spa."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks import report
from benchmarks.npm import PeerUnavailable
from benchmarks.report import Verdict
from benchmarks.web import browser, contenders, embedded
from benchmarks.web.contenders import EMBEDDED, Contender
from benchmarks.web.embedded import Load
from benchmarks.web.figures import side_by_side
from trex_app.ui.build import PROJECT_DIR

TENANT = "acme"
LOADER_BYTES_MAX = 2_000
WIRE_BYTES_MAX = 150_000
LAYOUT_SHIFT_MAX = 0.01


@dataclass(frozen=True, slots=True)
class Scale:
    """How often each page is loaded."""

    loads: int = 7


def run(scale: Scale) -> list[Verdict]:
    """Measure and print; nothing to judge where there is no browser."""
    report.heading("Embedded: first screen in a host's page, 1.6 Mbit/s, 150 ms RTT, CPU x 4")
    try:
        with (
            tempfile.TemporaryDirectory() as name,
            browser.chromium(*embedded.FLAGS) as chromium,
        ):
            return _compare(chromium, Path(name), scale)
    except browser.BrowserUnavailable as error:
        report.note(f"The widget is not measured: {error}.")
        return []


def _compare(chromium: Browser, folder: Path, scale: Scale) -> list[Verdict]:
    peer_port = contenders.free_port()
    with ExitStack() as stack:
        app = stack.enter_context(contenders.product(folder, peer_port))
        pages = [stack.enter_context(_hosted(app, folder))]
        try:
            peer = contenders.mui_peer(folder, peer_port, app.address, EMBEDDED)
            pages.append(stack.enter_context(peer))
        except PeerUnavailable as error:
            report.note(f"{EMBEDDED.name} is not measured: {error}.")
        found = _measure(chromium, pages, scale)
        loader_bytes = browser.weight(f"{app.address}/embed/v1/trex.js", "br, gzip")
    _print(found, scale)
    return _verdicts(found, loader_bytes)


@contextmanager
def _hosted(app: Contender, folder: Path) -> Iterator[Contender]:
    """The product in the page of a site of its tenant."""
    port = contenders.free_port()
    origin = f"http://127.0.0.1:{port}"
    subprocess.run(
        [sys.executable, "-m", "trex_app", "tenants", "add", TENANT, "--origin", origin],
        cwd=PROJECT_DIR,
        env={**os.environ, "TREX_DATA_DIR": str(folder)},
        check=True,
        capture_output=True,
    )
    with embedded.host(app.address, TENANT, port) as address:
        yield Contender(app.name, address)


def _measure(chromium: Browser, pages: list[Contender], scale: Scale) -> dict[str, list[Load]]:
    """In turns, so that a busy minute meets both; a first round that does not count warms up."""
    found: dict[str, list[Load]] = {page.name: [] for page in pages}
    for page in pages:
        embedded.load(chromium, page.address)
    for _ in range(scale.loads):
        for page in pages:
            found[page.name].append(embedded.load(chromium, page.address))
    return found


def _print(found: dict[str, list[Load]], scale: Scale) -> None:
    report.note(f"medians of {scale.loads} loads by new visitors; the worst of all for the shift")
    ours, *peers = [(name, embedded.rows(loads)) for name, loads in found.items()]
    for line in side_by_side(ours, peers[0] if peers else None):
        print(line)
    sys.stdout.flush()


def _verdicts(found: dict[str, list[Load]], loader_bytes: int) -> list[Verdict]:
    """Reached beside what is wanted of the widget."""
    ours, *peers = [embedded.median_load(loads) for loads in found.values()]
    shift = max(load.layout_shift for load in next(iter(found.values())))
    verdicts = [
        _at_most("loader, bytes with brotli", loader_bytes, LOADER_BYTES_MAX),
        _at_most("embedded screen over the wire, bytes", ours.wire_bytes, WIRE_BYTES_MAX),
        _at_most("layout shift of the host's page, worst", shift, LAYOUT_SHIFT_MAX, decimals=4),
    ]
    for peer in peers:
        verdicts += [
            _at_most("embedded screen visible, ms", ours.visible_ms, peer.visible_ms),
            _at_most("embedded journey there, ms", ours.ready_ms, peer.ready_ms),
            _at_most(
                "embedded second step, answered at sight, ms",
                ours.second_step_ms,
                peer.second_step_ms,
            ),
        ]
    return verdicts


def _at_most(what: str, reached: float, most: float, decimals: int = 0) -> Verdict:
    wanted = f"at most {most:,.{decimals}f}"
    return Verdict(what, f"{reached:,.{decimals}f}", wanted, reached <= most)
