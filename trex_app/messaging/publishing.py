"""What the broker has to be told: new events in order, and deliveries that are due again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Select, select, update

from trex_app.core.tracing import TRACEPARENT
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction

_event = METADATA.tables["domain_event"]
_COLUMNS: Final = (
    *(_event.c.sequence, _event.c.event_id, _event.c.topic, _event.c.subject),
    *(_event.c.data, _event.c.correlation_id, _event.c.traceparent, _event.c.recorded_at),
)


class Notice(NamedTuple):
    """An event on its way through the broker. Consumers go by `sequence` and `subject`."""

    sequence: int
    event_id: str
    topic: str
    subject: str
    data: str
    correlation_id: str | None
    traceparent: str | None
    recorded_at: datetime

    def body(self) -> bytes:
        """The message: JSON without personal data."""
        row = self._asdict()
        row["data"] = orjson.Fragment(self.data)
        del row["traceparent"]
        return orjson.dumps(row)

    def headers(self) -> dict[str, Any]:
        """The message's trace context, where there is one, for whoever reads messages by it."""
        return {} if self.traceparent is None else {TRACEPARENT: self.traceparent}


class Address(NamedTuple):
    """What a consumer needs of a message."""

    sequence: int
    subject: str


def address_of(body: bytes) -> Address | None:
    """The event that a message is about, or None where it is none of ours."""
    try:
        given = orjson.loads(body)
        sequence, subject = given["sequence"], given["subject"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    is_ours = isinstance(sequence, int) and isinstance(subject, str)
    return Address(sequence, subject) if is_ours else None


def unpublished(tx: Transaction, limit: int) -> list[Notice]:
    """The next events that the broker has not confirmed, in the order of recording."""
    return _notices(tx, select(*_COLUMNS).where(_event.c.published_at.is_(None)).limit(limit))


def notices(tx: Transaction, sequences: Sequence[int]) -> list[Notice]:
    """These events, in the order of recording."""
    return _notices(tx, select(*_COLUMNS).where(_event.c.sequence.in_(sequences)))


def mark_published(tx: Transaction, sequences: Sequence[int], now: datetime) -> None:
    """The broker has confirmed these events."""
    change = update(_event).where(_event.c.sequence.in_(sequences)).values(published_at=now)
    tx.connection.execute(change)


def _notices(tx: Transaction, query: Select[*tuple[object, ...]]) -> list[Notice]:
    rows = tx.connection.execute(query.order_by(_event.c.sequence))
    return [Notice(*row) for row in rows]
