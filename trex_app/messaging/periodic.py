"""Work that is done again and again, on a thread of its own."""

import threading
from collections.abc import Callable

import structlog

from trex_app.core.errors import Unavailable
from trex_app.core.telemetry import PERIODIC_FAILURES

log = structlog.get_logger(__name__)


class Periodic:
    """Runs `work` at once and then every so many seconds, between `start` and `stop`.

    What it raises is logged and does not end it: the next time may go better.
    """

    def __init__(self, name: str, work: Callable[[], object], seconds: float) -> None:
        self._name = name
        self._failures = PERIODIC_FAILURES.labels(name)
        self._work = work
        self._seconds = seconds
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._end.clear()
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being done, and end."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                self._work()
            except Unavailable:
                self._failures.inc()
                log.warning("periodic_work_waits_for_the_database", work=self._name)
            except Exception as error:  # noqa: BLE001 - a thread that ended would do nothing
                self._failures.inc()
                log.error("periodic_work_failed", work=self._name, error=type(error).__name__)
            self._end.wait(self._seconds)
