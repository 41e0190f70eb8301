"""Statements about deliveries: which wait, which may go, and what became of them.

A delivery may go once it is due, this build knows its topic, and the handler is done with every
earlier event of its subject; a parked one holds those behind it back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.messaging.events import PENDING, TOPICS

DONE: Final = "done"
PARKED: Final = "parked"

event = METADATA.tables["domain_event"]
delivery = METADATA.tables["event_delivery"]
_both = delivery.join(event, event.c.sequence == delivery.c.sequence)
_earlier = delivery.alias("earlier")
_IS_HELD_BACK: Final = exists().where(
    _earlier.c.handler == delivery.c.handler,
    _earlier.c.subject == delivery.c.subject,
    _earlier.c.sequence < delivery.c.sequence,
    _earlier.c.status != DONE,
)


class Claim(NamedTuple):
    """A delivery that this transaction holds, with its event as it is stored."""

    status: str
    attempts: int
    due_at: datetime
    event_id: str
    topic: str
    data: str
    correlation_id: str | None
    traceparent: str | None
    recorded_at: datetime
    is_held_back: bool

    def may_go(self, now: datetime) -> bool:
        """Whether it can be handled now, by this build."""
        is_due = self.attempts == 0 or self.due_at <= now
        return self.status == PENDING and is_due and self.topic in TOPICS and not self.is_held_back


def claim(tx: Transaction, handler: str, sequence: int) -> Claim | None:
    """Take hold of a delivery; None where it is gone or in another worker's hands."""
    columns = (
        *(delivery.c.status, delivery.c.attempts, delivery.c.due_at),
        *(event.c.event_id, event.c.topic, event.c.data),
        *(event.c.correlation_id, event.c.traceparent, event.c.recorded_at),
        _IS_HELD_BACK,
    )
    query = (
        select(*columns)
        .select_from(_both)
        .where(_is(handler, sequence))
        .with_for_update(of=delivery, skip_locked=True)
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else Claim(*row)


def mark_done(tx: Transaction, handler: str, sequence: int, now: datetime) -> None:
    """The handler has done what it had to."""
    change = {"status": DONE, "attempts": delivery.c.attempts + 1, "done_at": now, "error": None}
    tx.connection.execute(update(delivery).where(_is(handler, sequence)).values(change))


def note_failure(
    tx: Transaction, handler: str, sequence: int, claimed: Claim, change: dict[str, Any]
) -> bool:
    """Change a delivery that failed; False where somebody else got on with it meanwhile."""
    unchanged = and_(
        _is(handler, sequence),
        delivery.c.status == PENDING,
        delivery.c.attempts == claimed.attempts,
    )
    return tx.connection.execute(update(delivery).where(unchanged).values(change)).rowcount == 1


def park(tx: Transaction, handler: str, sequence: int, reason: str) -> str | None:
    """Set a pending delivery aside; the topic of its event, or None where it did not wait."""
    pending = and_(_is(handler, sequence), delivery.c.status == PENDING)
    change = update(delivery).where(pending).values(status=PARKED, error=reason)
    if tx.connection.execute(change).rowcount == 0:
        return None
    return tx.connection.execute(
        select(event.c.topic).where(event.c.sequence == sequence)
    ).scalar_one()


def due(tx: Transaction, handler: str, now: datetime, limit: int) -> Sequence[int]:
    """The deliveries of a handler that may go now, by sequence."""
    query = (
        select(delivery.c.sequence)
        .select_from(_both)
        .where(_may_go(handler), or_(delivery.c.attempts == 0, delivery.c.due_at <= now))
        .order_by(delivery.c.sequence)
        .limit(limit)
    )
    return tx.connection.execute(query).scalars().all()


def due_again(
    tx: Transaction, handler: str, now: datetime, patience: timedelta, limit: int
) -> Sequence[tuple[int, datetime]]:
    """Published deliveries for which no message is on its way any more: sequence, and since when.

    They failed and are due again, were replayed, or their message is overdue by `patience`.
    """
    is_lost = or_(delivery.c.attempts > 0, event.c.published_at <= now - patience)
    query = (
        select(delivery.c.sequence, delivery.c.due_at)
        .select_from(_both)
        .where(_may_go(handler), event.c.published_at.is_not(None), delivery.c.due_at <= now)
        .where(is_lost)
        .order_by(delivery.c.sequence)
        .limit(limit)
    )
    return tx.connection.execute(query).all()


def first_undone(tx: Transaction, handler: str, subject: str) -> int | None:
    """The delivery that all later ones of its subject wait for."""
    query = (
        select(delivery.c.sequence)
        .where(delivery.c.handler == handler, delivery.c.subject == subject)
        .where(delivery.c.status != DONE)
        .order_by(delivery.c.sequence)
        .limit(1)
    )
    return tx.connection.execute(query).scalar_one_or_none()


def oldest_pending(tx: Transaction, handler: str) -> datetime | None:
    """When the event was recorded that has waited longest for the handler."""
    query = (
        select(event.c.recorded_at)
        .select_from(_both)
        .where(delivery.c.handler == handler, delivery.c.status == PENDING)
        .order_by(delivery.c.sequence)
        .limit(1)
    )
    return tx.connection.execute(query).scalar_one_or_none()


def _is(handler: str, sequence: int) -> ColumnElement[bool]:
    return and_(delivery.c.sequence == sequence, delivery.c.handler == handler)


def _may_go(handler: str) -> ColumnElement[bool]:
    return and_(
        delivery.c.handler == handler,
        delivery.c.status == PENDING,
        event.c.topic.in_(TOPICS),
        ~_IS_HELD_BACK,
    )
