"""The sandbox of partners as a process of its own, so that its CPU time is nobody else's."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

LISTENING = re.compile(r"Partners: (http://\S+)  Mail: (smtp://\S+)")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where a running sandbox is."""

    url: str
    smtp_url: str

    def received(self, partner: str) -> list[dict[str, Any]]:
        """What a partner received, in order."""
        return self._ask("GET", f"/_sandbox/received/{partner}")

    def hang(self, partner: str) -> None:
        """Let a partner answer nobody any more."""
        self._ask("PUT", f"/_sandbox/faults/{partner}", {"kind": "hang"})

    def heal(self) -> None:
        """End every fault."""
        self._ask("DELETE", "/_sandbox/faults")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=content, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")


@contextmanager
def running_sandbox() -> Iterator[Sandbox]:
    """A sandbox on free ports for the time of a block."""
    command = [sys.executable, "-m", "trex_app", "sandbox", "--port", "0", "--smtp-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            # It prints where it listens once it does; without that line it has ended.
            where = LISTENING.match(process.stdout.readline())
            if where is None:
                raise RuntimeError("The sandbox did not start; see its message above.")
            yield Sandbox(where[1], where[2])
        finally:
            process.terminate()
