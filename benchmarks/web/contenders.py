"""The two that are measured, each served by a process of its own: the product, and the peer."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from benchmarks import npm
from trex_app.ui.build import PROJECT_DIR, ensure_build

SERVE = (
    "from trex_app.core.settings import get_settings; from trex_app.ui.build import serve;"
    "serve(get_settings())"
)
# A benchmark starts more journeys in a minute than one person does.
GENEROUS = {"TREX_REQUESTS_PER_MINUTE": "1000000", "TREX_STARTS_PER_MINUTE": "1000000"}
PEER_SOURCES = Path(__file__).parent / "mui"
START_SECONDS_MAX = 60
BUILD_SECONDS_MAX = 120


@dataclass(frozen=True, slots=True)
class Contender:
    """What is measured: its name in the tables, and the address of its pages."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Peer:
    """One of the peer's builds: its name in the tables, npm's script, and where the files are."""

    name: str
    script: str
    folder: str


ALONE = Peer("React + MUI", "build", "dist")
EMBEDDED = Peer("single-spa + React + MUI", "build:embedded", "dist-embedded")


class StartFailed(Exception):
    """A server did not start; the message holds the end of what it said."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def product(folder: Path, peer_port: int) -> Iterator[Contender]:
    """The built app in production mode with its data in `folder`; the peer may call its API."""
    ensure_build()
    port = free_port()
    settings = {
        "TREX_DATA_DIR": str(folder),
        "TREX_PORT": str(port),
        "TREX_ALLOWED_ORIGINS": f'["http://localhost:{peer_port}"]',
        "TREX_LOG_LEVEL": "WARNING",
    }
    address = f"http://localhost:{port}"
    command = [sys.executable, "-c", SERVE]
    with _served(command, PROJECT_DIR, GENEROUS | settings, f"{address}/readyz", folder / "log"):
        yield Contender("T-Rex", address)


@contextmanager
def mui_peer(
    folder: Path, port: int, product_address: str, kind: Peer = ALONE
) -> Iterator[Contender]:
    """The same journeys in React and MUI over the product's API. Raises PeerUnavailable."""
    node = npm.tool("node")
    installation = npm.installed(PEER_SOURCES)
    npm.run([npm.tool("npm"), "run", kind.script], installation, BUILD_SECONDS_MAX)
    address = f"http://localhost:{port}"
    command = [node, "serve.mjs", str(port), product_address, kind.folder]
    with _served(command, installation, {}, address, folder / "peer.log"):
        yield Contender(kind.name, address)


@contextmanager
def _served(
    command: list[str], folder: Path, settings: Mapping[str, str], ready: str, log: Path
) -> Iterator[None]:
    """Run a server until the block ends, which begins once `ready` answers."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, ready, log)
        yield
    finally:
        # The whole group: Node as it comes with Python's packages runs behind a launcher.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(address).is_success:
                return
        except httpx2.TransportError:
            pass  # not listening yet
        time.sleep(0.1)
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise StartFailed(f"{address} did not answer:\n{said}")
