"""Ports that stay ours from the moment their addresses are told until the sandbox starts."""

import socket
from typing import Final

from trex_app.sandbox.inside import InsideSandbox

LOCALHOST: Final = "127.0.0.1"
PREFERRED: Final = (8025, 8026)
"""Those of the sandbox as a process of its own; where they are taken, any others."""


class PlannedSandbox:
    """A sandbox in this process whose addresses are known before it starts.

    Whoever calls its partners is built first, and nothing listens until `start`.
    """

    def __init__(self, ports: tuple[int, int] = PREFERRED) -> None:
        self._kept = [_keep(port) for port in ports]
        self._ports = [kept.getsockname()[1] for kept in self._kept]
        self._running: InsideSandbox | None = None

    @property
    def address(self) -> str:
        """Where its page and its HTTP partners will be, or are."""
        return f"http://{LOCALHOST}:{self._ports[0]}"

    @property
    def smtp_address(self) -> str:
        """Where its mail server will be, or is."""
        return f"smtp://{LOCALHOST}:{self._ports[1]}"

    def start(self) -> None:
        """Start, and return once it listens."""
        port, smtp_port = self._ports
        self._let_go()
        self._running = InsideSandbox(port=port, smtp_port=smtp_port)
        self._running.start()

    def stop(self) -> None:
        """Stop, if it runs, and free its ports."""
        self._let_go()
        if self._running is not None:
            self._running.stop()
            self._running = None

    def _let_go(self) -> None:
        for kept in self._kept:
            kept.close()


def _keep(port: int) -> socket.socket:
    """A socket that holds the port, or a free one, and does not listen."""
    kept = socket.socket()
    if port:
        # What a former run has closed lingers for a minute and shall not move the address.
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        kept.bind((LOCALHOST, port))
    except OSError:
        kept.bind((LOCALHOST, 0))
    return kept
