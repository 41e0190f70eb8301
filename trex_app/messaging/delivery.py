"""Hands one event to one handler: the only place where a delivery is marked as done.

Whoever brings the news (a thread of this process, or a message of the broker), the event is
handled and marked as done in one transaction, so that it takes effect exactly once.
"""

import traceback
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

import structlog

from trex_app.core.clock import Clock
from trex_app.core.errors import TrexError
from trex_app.core.telemetry import (
    EVENT_DELIVERIES,
    EVENT_DELIVERY_SECONDS,
    EVENT_LAG_SECONDS,
    correlated,
)
from trex_app.core.tracing import joined, span
from trex_app.db.transaction import Database, Transaction
from trex_app.messaging import waiting
from trex_app.messaging.events import decode
from trex_app.messaging.registry import Registry
from trex_app.messaging.waiting import Claim

log = structlog.get_logger(__name__)

RETRY_SECONDS: Final = (1, 5, 15, 60, 300, 900, 3600)
"""How long a delivery waits after each failure; after one more it is parked."""
MAX_ATTEMPTS: Final = len(RETRY_SECONDS) + 1
REASON_LENGTH: Final = 200
OUR_MISTAKE: Final = "The handler failed in a way it did not foresee; the log says where."
GIVEN_UP: Final = (
    "DeliveryLimit: Worker after worker stopped while handling it; the broker gave up."
)


class Outcome(StrEnum):
    """What became of a try to deliver."""

    DONE = "delivered"
    FAILED = "failed"
    PARKED = "parked"
    WAITING = "waiting"
    """Nothing to do now: done before, parked, not due, behind another, or in others' hands."""


class Failure(Exception):
    """A handler refused an event: what it raised, and the delivery as it was claimed."""

    def __init__(self, claimed: Claim, cause: Exception) -> None:
        super().__init__(type(cause).__name__)
        self.claimed = claimed
        self.cause = cause


class Deliveries:
    """Delivers events to the handlers of a registry. Every method blocks its thread."""

    def __init__(self, database: Database, registry: Registry, clock: Clock) -> None:
        self._database = database
        self._registry = registry
        self._clock = clock

    @property
    def registry(self) -> Registry:
        """The handlers that are delivered to."""
        return self._registry

    def deliver(self, handler: str, sequence: int) -> Outcome:
        """Hand the event to the handler, unless it has to wait. Raises Unavailable."""
        try:
            claimed = self._database.write_sync(lambda tx: self._handle(tx, handler, sequence))
        except Failure as failure:
            return self._fail(handler, sequence, failure)
        if claimed is None:
            return Outcome.WAITING
        EVENT_DELIVERIES.labels(handler, claimed.topic, Outcome.DONE).inc()
        lasted = self._clock() - claimed.recorded_at
        EVENT_DELIVERY_SECONDS.labels(handler).observe(max(0.0, lasted.total_seconds()))
        return Outcome.DONE

    def deliver_subject(self, handler: str, subject: str) -> tuple[Outcome, int | None]:
        """Hand over what waits about a subject, in order, until nothing does or one cannot go.

        Returns what became of the last one, and its sequence. Raises Unavailable.
        """
        outcome, last = Outcome.WAITING, None
        while (sequence := self._first_undone(handler, subject)) is not None:
            outcome, last = self.deliver(handler, sequence), sequence
            if outcome is not Outcome.DONE:
                break
        return outcome, last

    def park_given_up(self, handler: str, sequence: int) -> None:
        """Park a delivery whose message the broker gave up. Raises Unavailable."""
        topic = self._database.write_sync(lambda tx: waiting.park(tx, handler, sequence, GIVEN_UP))
        if topic is not None:
            EVENT_DELIVERIES.labels(handler, topic, Outcome.PARKED).inc()

    def due(self, handler: str, limit: int) -> Sequence[int]:
        """The deliveries of a handler that may go now. Raises Unavailable."""
        now = self._clock()
        return self._database.read_sync(lambda tx: waiting.due(tx, handler, now, limit))

    def measure_lag(self, handler: str) -> None:
        """Note how long the handler's oldest event has been waiting. Raises Unavailable."""
        oldest = self._database.read_sync(lambda tx: waiting.oldest_pending(tx, handler))
        lag = (self._clock() - oldest).total_seconds() if oldest is not None else 0.0
        EVENT_LAG_SECONDS.labels(handler).set(max(0.0, lag))

    def _first_undone(self, handler: str, subject: str) -> int | None:
        return self._database.read_sync(lambda tx: waiting.first_undone(tx, handler, subject))

    def _handle(self, tx: Transaction, handler: str, sequence: int) -> Claim | None:
        """Handle and mark as done; None where it has to wait. Raises Failure, which undoes all."""
        claimed = waiting.claim(tx, handler, sequence)
        if claimed is None or not claimed.may_go(self._clock()):
            return None
        with (
            correlated(claimed.correlation_id or claimed.event_id),
            structlog.contextvars.bound_contextvars(handler=handler, event_id=claimed.event_id),
            joined(claimed.traceparent),
            span(
                "event.handle",
                handler=handler,
                topic=claimed.topic,
                correlation_id=claimed.correlation_id or claimed.event_id,
            ),
        ):
            try:
                fact = decode(claimed.topic, claimed.data)
                self._registry.functions[handler](tx, fact)
                waiting.mark_done(tx, handler, sequence, self._clock())
            except Exception as error:
                raise Failure(claimed, error) from error
        return claimed

    def _fail(self, handler: str, sequence: int, failure: Failure) -> Outcome:
        """Note the failure in a transaction of its own, and when the next try is due."""
        claimed, attempts, now = failure.claimed, failure.claimed.attempts + 1, self._clock()
        change: dict[str, Any] = {"attempts": attempts, "error": _reason(failure.cause)}
        if attempts < MAX_ATTEMPTS:
            outcome = Outcome.FAILED
            change["due_at"] = now + timedelta(seconds=RETRY_SECONDS[attempts - 1])
        else:
            outcome = Outcome.PARKED
            change["status"] = waiting.PARKED
        is_noted = self._database.write_sync(
            lambda tx: waiting.note_failure(tx, handler, sequence, claimed, change)
        )
        if not is_noted:
            return Outcome.WAITING
        EVENT_DELIVERIES.labels(handler, claimed.topic, outcome).inc()
        with correlated(claimed.correlation_id or claimed.event_id):
            log.warning(
                "event_delivery_failed",
                handler=handler,
                topic=claimed.topic,
                event_id=claimed.event_id,
                attempts=attempts,
                outcome=outcome.value,
                error=type(failure.cause).__name__,
                where=_place_of(failure.cause),
            )
        return outcome


def _reason(error: Exception) -> str:
    """The error's class and our own sentence about it, with none of the values in it."""
    sentence = error.template if isinstance(error, TrexError) else OUR_MISTAKE
    return f"{type(error).__name__}: {sentence}"[:REASON_LENGTH]


def _place_of(error: Exception) -> str:
    """The line that raised it: a traceback's messages could hold what nobody may log."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
