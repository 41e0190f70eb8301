"""The partners' sandbox as a process of its own, for tests that need partners on real ports."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).parents[1]
LISTENING = re.compile(r"Partners: (http://\S+):(\d+)  Mail: (smtp://\S+):(\d+)")


class SandboxProcess:
    """`python -m trex_app sandbox` on free ports; with a journal it remembers over restarts.

    `url` and `smtp_url` are known once it started, and stay the same after `restart`.
    """

    def __init__(self, journal: Path | None = None) -> None:
        self._journal = journal
        self._ports = (0, 0)
        self._process: subprocess.Popen[str] | None = None
        self.url = ""
        self.smtp_url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and return once it listens."""
        port, smtp_port = self._ports
        command = [sys.executable, "-m", "trex_app", "sandbox"]
        command += ["--port", str(port), "--smtp-port", str(smtp_port)]
        if self._journal is not None:
            command += ["--journal", str(self._journal)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        # It prints where it listens once it does; without that line it has ended.
        said = self._process.stdout.readline()
        where = LISTENING.match(said)
        assert where is not None, f"the sandbox did not start: {said!r}"
        self._ports = (int(where[2]), int(where[4]))
        self.url = f"{where[1]}:{where[2]}"
        self.smtp_url = f"{where[3]}:{where[4]}"
        assert httpx.get(f"{self.url}/healthz", timeout=30).status_code == 200

    def stop(self) -> None:
        """Let it stop by itself."""
        if self._process is not None:
            self._process.terminate()
            self._ended()

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._ended()

    def restart(self) -> None:
        """Start it again at the same addresses, after `stop` or `kill` or while it runs."""
        self.stop()
        self.start()

    def fault(self, partner: str, **fault: Any) -> None:
        """Set a partner's fault: `fault("crm", kind="error", count=2)`."""
        answer = httpx.put(f"{self.url}/_sandbox/faults/{partner}", json=fault, timeout=30)
        assert answer.status_code == 200, answer.text

    def heal(self, partner: str | None = None) -> None:
        """End a partner's fault, or all."""
        address = "/_sandbox/faults" if partner is None else f"/_sandbox/faults/{partner}"
        assert httpx.delete(f"{self.url}{address}", timeout=30).status_code == 204

    def hits(self) -> dict[str, int]:
        """How many requests each fault that is set has hit, by partner."""
        answer = httpx.get(f"{self.url}/_sandbox/faults", timeout=30)
        return {partner: fault["hits"] for partner, fault in answer.json().items()}

    def clear(self) -> None:
        """End every fault and forget everything received."""
        self.heal()
        assert httpx.delete(f"{self.url}/_sandbox/received", timeout=30).status_code == 204

    def received(self, partner: str) -> list[dict[str, Any]]:
        """What a partner received, in order."""
        answer = httpx.get(f"{self.url}/_sandbox/received/{partner}", timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _ended(self) -> None:
        assert self._process is not None
        self._process.wait(timeout=60)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None


@contextmanager
def running_sandbox(journal: Path | None = None) -> Iterator[SandboxProcess]:
    """A sandbox for the time of a block."""
    with SandboxProcess(journal) as sandbox:
        yield sandbox
