"""Local delivery: a thread for each handler, so that none waits for another.

A commit with news in this process wakes the threads at once; what other processes recorded, and
what is to be tried again, they find by looking every second. Several processes share the work.
"""

import threading
from typing import Final

import structlog

from trex_app.core.errors import Unavailable
from trex_app.db.transaction import Database
from trex_app.messaging.delivery import Deliveries, Outcome

log = structlog.get_logger(__name__)

POLL_SECONDS: Final = 1.0
AT_A_TIME: Final = 50


class LocalDelivery:
    """Delivers events inside this process, between `start` and `stop`."""

    def __init__(self, database: Database, deliveries: Deliveries) -> None:
        self._lanes = [_Lane(deliveries, name) for name in deliveries.registry.names]
        database.listen(self._wake)

    def start(self) -> None:
        """Begin, with what was left waiting."""
        for lane in self._lanes:
            lane.start()

    def stop(self) -> None:
        """Finish what is being handled; the rest waits for the next start."""
        for lane in self._lanes:
            lane.ask_to_stop()
        for lane in self._lanes:
            lane.join()

    def _wake(self) -> None:
        for lane in self._lanes:
            lane.wake()


class _Lane:
    """The thread of one handler."""

    def __init__(self, deliveries: Deliveries, handler: str) -> None:
        self._deliveries = deliveries
        self._handler = handler
        self._news = threading.Event()
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._is_stopping = False
        self._thread = threading.Thread(
            target=self._run, name=f"events-{self._handler}", daemon=True
        )
        self._thread.start()

    def wake(self) -> None:
        self._news.set()

    def ask_to_stop(self) -> None:
        self._is_stopping = True
        self._news.set()

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._is_stopping:
            self._news.clear()
            try:
                self._deliver_due()
                self._deliveries.measure_lag(self._handler)
            except Unavailable:
                # That it is away is said where it is found out.
                log.debug("events_wait_for_the_database", handler=self._handler)
            except Exception as error:  # noqa: BLE001 - a thread that ended would deliver nothing
                log.error("event_lane_failed", handler=self._handler, error=type(error).__name__)
            if not self._is_stopping:
                self._news.wait(POLL_SECONDS)

    def _deliver_due(self) -> None:
        """Deliver what may go, until nothing may; what others hold is theirs."""
        has_moved = True
        while has_moved and not self._is_stopping:
            has_moved = False
            for sequence in self._deliveries.due(self._handler, AT_A_TIME):
                if self._is_stopping:
                    return
                outcome = self._deliveries.deliver(self._handler, sequence)
                has_moved |= outcome is not Outcome.WAITING
