"""The built app in a process of its own, and the machine's browser in front of it."""

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import expect
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from trex_app.ui.build import PROJECT_DIR, ensure_build

SERVE = (
    "from trex_app.core.settings import get_settings; from trex_app.ui.build import serve;"
    "serve(get_settings())"
)
START_SECONDS = 120
# What a busy machine may take from a click to what is expected of it; Playwright's own is 5 s.
expect.set_options(timeout=15_000)
# Browser tests start more journeys in a minute than one person does.
GENEROUS = {"TREX_REQUESTS_PER_MINUTE": "100000", "TREX_STARTS_PER_MINUTE": "100000"}

StartApp = Callable[..., str]
Launch = Callable[..., "RunningApp"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RunningApp:
    """The built app in a process of its own, with its data and its log in `folder`."""

    def __init__(self, folder: Path, settings: Mapping[str, str], serve: str = SERVE) -> None:
        self.folder = folder
        self._serve = serve
        self.log = folder / "app.log"
        port = free_port()
        self.address = f"http://localhost:{port}"
        own = {"TREX_DATA_DIR": str(folder), "TREX_PORT": str(port)}
        self._environment = {**os.environ, **GENEROUS, **own, **settings}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again on the same data and port."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", self._serve],
                cwd=PROJECT_DIR,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """Stop it, as a deployment does."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if httpx2.get(f"{self.address}/_health").is_success:
                    return
            except httpx2.TransportError:
                time.sleep(0.1)
        pytest.fail(f"The app did not start:\n{self.log.read_text()}", pytrace=False)


# What takes longest goes first, in this order: no process is left alone with it at the end. The
# cluster needs the pages, which are built first; the kit has pages of its own to build meanwhile.
LONGEST_FIRST = ("test_local_cluster.py", "kit", "test_screens.py", "test_selling_steps.py")


class ByFile(LoadFileScheduling):
    """A process gets whole files, and those of the kit together: its gallery is built once."""

    def _split_scope(self, nodeid: str) -> str:
        return kit if nodeid.startswith(kit := "tests/e2e/kit/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Only where tests run in several processes."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; all else keeps its order."""
    last = len(LONGEST_FIRST)
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda each: places.get(each.path.name, places.get(each.path.parent.name, last)))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages. Whichever process of the tests comes first builds them; the others wait."""
    shared = tmp_path_factory.getbasetemp().parent
    with (shared / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return ensure_build()


@pytest.fixture(scope="session")
def app(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app that most browser tests of this process share."""
    app = RunningApp(tmp_path_factory.mktemp("app"), {})
    try:
        app.start()
        yield app
    finally:
        app.stop()


@pytest.fixture(scope="module")
def launch(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """Start the app with the given TREX_* settings, by `serve`. Stopped when the module ends."""
    apps: list[RunningApp] = []

    def launch(serve: str = SERVE, **settings: str) -> RunningApp:
        app = RunningApp(tmp_path_factory.mktemp("app"), settings, serve)
        apps.append(app)
        app.start()
        return app

    yield launch
    for app in apps:
        app.stop()


@pytest.fixture(scope="module")
def start_app(launch: Launch) -> StartApp:
    """Start the app with the given TREX_* settings; its address."""
    return lambda **settings: launch(**settings).address


@pytest.fixture(scope="session")
def base_url(app: RunningApp) -> str:
    """The address of the app that most browser tests share."""
    return app.address


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chromium_path: str
) -> dict[str, Any]:
    """The machine's own Chromium, as it runs in a container."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": chromium_path, "args": flags}
