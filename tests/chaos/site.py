"""An installation as processes of its own: web and worker, to be killed and started again."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.chaos.people import Crowd
from tests.integration.own_redis import free_port
from tests.sandbox_process import ROOT, SandboxProcess

SECRET = "a secret for tests that is long enough"
START_SECONDS = 300
PARTNERS = ("vehicles", "vin", "credit", "dealers", "crm", "sms", "email")
SOON = {
    "timeout_seconds": 1.5,
    "open_seconds": 1.0,
    "open_seconds_most": 2.0,
    "fresh_seconds": 0.0,
}
"""Nobody is waited for long, who is back is noticed soon, and each question is asked."""


class Site:
    """Processes of one installation at one address, over a database that outlives them.

    What they log goes to a file for each start in the folder, for whoever looks for a fault.
    """

    def __init__(self, url: str, folder: Path, sandbox: SandboxProcess, **settings: str) -> None:
        self._folder = folder
        self._port = free_port()
        self._starts = 0
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.address = f"http://127.0.0.1:{self._port}"
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("TREX_")},
            "TREX_DATABASE_URL": url,
            "TREX_DATA_DIR": str(folder),
            "TREX_PORT": str(self._port),
            "TREX_SECRET_KEY": SECRET,
            "TREX_SANDBOX_URL": sandbox.url,
            "TREX_SMTP_URL": sandbox.smtp_url,
            "TREX_PARTNER_POLICIES": json.dumps(dict.fromkeys(PARTNERS, SOON)),
            "TREX_REQUESTS_PER_MINUTE": "1000000",
            "TREX_STARTS_PER_MINUTE": "1000000",
            "TREX_QUIET_HOURS": "00:00-00:00",
            **{f"TREX_{name.upper()}": value for name, value in settings.items()},
        }

    def start_web(self, role: str = "all") -> None:
        """Start what answers people, and wait until it is ready."""
        self._start("serve", role)
        self._until("serve", self._is_ready)

    def start_worker(self) -> None:
        """Start a worker, and wait until it works: one that finds no database ends."""
        self._start("worker", "worker")
        self._until("worker", lambda: "worker_ready" in self._log_of("worker").read_text())

    def kill(self, command: str) -> None:
        """kill -9 of the `serve` or the `worker`."""
        process = self._running.pop(command)
        process.kill()
        process.wait()

    def crowd(self, *, outlasts: bool = False) -> Crowd:
        """People at the door."""
        return Crowd(
            lambda: httpx.AsyncClient(base_url=self.address, timeout=60, verify=False), outlasts
        )

    def metric(self, name: str) -> float:
        """The value of a metric without labels."""
        lines = httpx.get(f"{self.address}/metrics", timeout=30).text.splitlines()
        return float(next(line for line in lines if line.startswith(f"{name} ")).split()[1])

    def end(self) -> None:
        """Kill what runs."""
        for command in list(self._running):
            self.kill(command)

    def _start(self, command: str, role: str) -> None:
        self._starts += 1
        environment = {**self._environment, "TREX_ROLE": role}
        with self._log_of(command).open("wb") as log:
            self._running[command] = subprocess.Popen(
                [sys.executable, "-m", "trex_app", command],
                env=environment,
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def _log_of(self, command: str) -> Path:
        """What the process that was started last has to say."""
        return self._folder / f"{command}-{self._starts}.log"

    def _until(self, command: str, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_so():
            assert self._running[command].poll() is None, "it ended while it started"
            assert time.monotonic() < deadline, "it did not become ready"
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=30).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


@contextmanager
def a_site(url: str, folder: Path, sandbox: SandboxProcess, **settings: str) -> Iterator[Site]:
    """One whose processes are ended after."""
    site = Site(url, folder, sandbox, **settings)
    try:
        yield site
    finally:
        site.end()
