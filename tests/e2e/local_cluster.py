"""deploy/local-cluster as a process, followed by what it prints, with members to kill."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from trex_app.ui.build import PROJECT_DIR

SCRIPT = PROJECT_DIR / "deploy" / "local-cluster"
PORTS = 5  # nginx, two web processes, the metrics of two workers
START_SECONDS = 400
STOP_SECONDS = 90


class LocalCluster:
    """Two web processes, two workers and nginx, over servers that are given."""

    def __init__(self, folder: Path, settings: Mapping[str, str], **options: str) -> None:
        self.port = free_ports(PORTS)
        self.address = f"http://localhost:{self.port}"
        self.folder = folder
        given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        self._command = [str(SCRIPT), f"--port={self.port}", f"--folder={folder}", *given]
        self._environment = {**os.environ, **settings}
        self._events: list[dict[str, Any]] = []
        self._news = threading.Condition()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, *self._command],
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for("ready", after=0)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(STOP_SECONDS)
        self._reader.join()

    def kill(self, name: str) -> None:
        """kill -9 a member, and wait until it was started again."""
        before = len(self._events)
        pid = next(each["pid"] for each in reversed(self._events) if each.get("name") == name)
        os.kill(pid, signal.SIGKILL)
        self.wait_for("died", after=before, name=name)
        self.wait_for("started", after=before, name=name)

    def wait_for(self, what: str, *, after: int, **more: str) -> None:
        """Wait until it has said so, in what it said after so many lines."""
        wanted = {"event": what, **more}

        def is_said() -> bool:
            return any(wanted.items() <= each.items() for each in self._events[after:])

        with self._news:
            deadline = time.monotonic() + START_SECONDS
            while not is_said() and self._process.poll() is None:
                left = deadline - time.monotonic()
                assert left > 0, f"{wanted} was not said:\n{self.logs()}"
                self._news.wait(min(left, 1))
        assert is_said(), f"the cluster ended:\n{self.logs()}"

    def logs(self) -> str:
        """The ends of all members' logs."""
        with ExitStack() as stack:
            files = [stack.enter_context(path.open()) for path in self.folder.glob("*.log")]
            return "\n".join(f"== {file.name}\n{file.read()[-2000:]}" for file in files)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                if line.startswith("{"):
                    self._events.append(json.loads(line))
                self._news.notify_all()


def free_ports(count: int) -> int:
    """The first of so many free ports in a row."""
    while True:
        with ExitStack() as stack:
            first = stack.enter_context(_bound(0)).getsockname()[1]
            try:
                for port in range(first + 1, first + count):
                    stack.enter_context(_bound(port))
            except (OSError, OverflowError):
                continue
        return first


def _bound(port: int) -> socket.socket:
    probe = socket.socket()
    try:
        probe.bind(("127.0.0.1", port))
    except (OSError, OverflowError):
        probe.close()
        raise
    return probe
