"""Waiting out a short outage: nobody need hear of a server that restarts and is back at once."""

import threading
import time
from typing import Final

LONGEST_SECONDS: Final = 2.0
"""How long a server may be away before whoever needs it is told; a person waits so long."""
LOOK_SECONDS: Final = 0.1


class Patience:
    """That of all who wait for one server: counted from the first of them, not by each anew.

    So nobody waits longer than that, however many stand before them. Used from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: float | None = None

    def wait(self) -> bool:
        """Wait a moment for the server; False where it has been away for too long."""
        now = time.monotonic()
        with self._lock:
            if self._since is None:
                self._since = now
            if now - self._since >= LONGEST_SECONDS:
                return False
        time.sleep(LOOK_SECONDS)
        return True

    def end(self) -> None:
        """The server answers."""
        if self._since is not None:
            with self._lock:
                self._since = None
