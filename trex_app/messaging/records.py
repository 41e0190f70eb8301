"""What operators see of events, and how they let a parked one try again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, exists, select, update

from trex_app.core.clock import Clock
from trex_app.core.errors import NotFound
from trex_app.db.transaction import Database, Transaction
from trex_app.messaging.events import PENDING, TOPICS, Event, decode
from trex_app.messaging.waiting import DONE, PARKED, delivery, event

KEPT: Final = timedelta(days=30)
"""How long a handled event is kept: longer than any journey lives whose events are counted."""
FORGOTTEN_AT_A_TIME: Final = 500


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """How an event stands with one handler. `reason` says why it was last refused."""

    handler: str
    status: str
    attempts: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event without its fields, and how it stands with each handler of its topic."""

    event_id: str
    topic: str
    subject: str
    recorded_at: datetime
    correlation_id: str | None
    deliveries: tuple[DeliveryRecord, ...]

    def as_json(self) -> dict[str, Any]:
        """The shape that `events list --json` prints."""
        return {**asdict(self), "recorded_at": self.recorded_at.isoformat()}


@dataclass(frozen=True, slots=True)
class ParkedRecord:
    """One event that a handler gave up, and why."""

    event_id: str
    topic: str
    subject: str
    handler: str
    attempts: int
    reason: str | None
    recorded_at: datetime

    def as_json(self) -> dict[str, Any]:
        """The shape that `events parked --json` prints."""
        return {**asdict(self), "recorded_at": self.recorded_at.isoformat()}


class EventRecords:
    """Lists events, and sends parked ones on their way again."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def list_events(self, limit: int, topic: str | None = None) -> list[EventRecord]:
        """The newest events, at most `limit`."""
        newest = select(event).order_by(event.c.sequence.desc()).limit(limit)
        if topic is not None:
            newest = newest.where(event.c.topic == topic)
        return await self._database.read(lambda tx: _events(tx, newest))

    async def parked(self) -> list[ParkedRecord]:
        """Every event that a handler gave up, the oldest first."""
        query = (
            select(
                *(event.c.event_id, event.c.topic, event.c.subject, delivery.c.handler),
                *(delivery.c.attempts, delivery.c.error, event.c.recorded_at),
            )
            .join_from(delivery, event, event.c.sequence == delivery.c.sequence)
            .where(delivery.c.status == PARKED)
            .order_by(delivery.c.sequence, delivery.c.handler)
        )
        rows = await self._database.read(lambda tx: tx.connection.execute(query).all())
        return [ParkedRecord(*row) for row in rows]

    async def replay(self, event_id: str | None = None, handler: str | None = None) -> int:
        """Let parked events try again: one, those of a handler, or all. How many there were.

        Raises NotFound where the one event is not parked.
        """
        chosen = [delivery.c.status == PARKED]
        if event_id is not None:
            this = select(event.c.sequence).where(event.c.event_id == event_id)
            chosen.append(delivery.c.sequence.in_(this))
        if handler is not None:
            chosen.append(delivery.c.handler == handler)
        count = await self._database.write(lambda tx: self._replay(tx, and_(*chosen)))
        if event_id is not None and count == 0:
            raise NotFound("There is no parked event with this id. `events parked` lists them.")
        return count

    def _replay(self, tx: Transaction, chosen: ColumnElement[bool]) -> int:
        fresh = {"status": PENDING, "attempts": 0, "due_at": self._clock(), "error": None}
        tx.has_news = True
        return tx.connection.execute(update(delivery).where(chosen).values(fresh)).rowcount


def heard_before(tx: Transaction, handler: str, subject: str) -> Sequence[Event]:
    """The events about a subject that the handler is done with, in order."""
    query = (
        select(event.c.topic, event.c.data)
        .join_from(delivery, event, event.c.sequence == delivery.c.sequence)
        .where(delivery.c.handler == handler, delivery.c.subject == subject)
        .where(delivery.c.status == DONE, event.c.topic.in_(TOPICS))
        .order_by(delivery.c.sequence)
    )
    return [decode(topic, data) for topic, data in tx.connection.execute(query)]


def forget_handled(database: Database, before: datetime) -> int:
    """Delete events from before this time that every handler is done with; how many.

    Raises Unavailable.
    """
    count = 0
    while found := database.write_sync(lambda tx: _forget_some(tx, before)):
        count += found
    return count


def _forget_some(tx: Transaction, before: datetime) -> int:
    is_open = exists().where(delivery.c.sequence == event.c.sequence, delivery.c.status != DONE)
    old = select(event.c.sequence).where(event.c.recorded_at < before, ~is_open)
    sequences = tx.connection.execute(old.limit(FORGOTTEN_AT_A_TIME)).scalars().all()
    tx.connection.execute(delete(delivery).where(delivery.c.sequence.in_(sequences)))
    tx.connection.execute(delete(event).where(event.c.sequence.in_(sequences)))
    return len(sequences)


def _events(tx: Transaction, query: Select[Any]) -> list[EventRecord]:
    """The events of a query, with how each stands with its handlers."""
    rows = tx.connection.execute(query).all()
    of_these = delivery.c.sequence.in_([row.sequence for row in rows])
    ways: dict[int, list[DeliveryRecord]] = {}
    ordered = select(delivery).where(of_these).order_by(delivery.c.handler)
    for way in tx.connection.execute(ordered):
        shown = DeliveryRecord(way.handler, way.status, way.attempts, way.error)
        ways.setdefault(way.sequence, []).append(shown)
    return [
        EventRecord(
            row.event_id,
            row.topic,
            row.subject,
            row.recorded_at,
            row.correlation_id,
            tuple(ways.get(row.sequence, ())),
        )
        for row in rows
    ]
