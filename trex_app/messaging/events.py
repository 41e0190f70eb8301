"""Domain events: past-tense facts without personal data, recorded with what made them true.

An event's topic is the name of its class; its subject is what it is about, and events of one
subject reach each handler in the order in which they were recorded.
"""

import dataclasses
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

import orjson
from sqlalchemy import func, insert, select

from trex_app.core.clock import utc_now
from trex_app.core.telemetry import EVENTS_RECORDED, correlation_id
from trex_app.core.tracing import current_trace
from trex_app.db.statements import POSTGRESQL
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.messaging.subscriptions import SUBSCRIPTIONS, Subscriptions

PENDING = "pending"

_event = METADATA.tables["domain_event"]
_delivery = METADATA.tables["event_delivery"]


class Event:
    """A fact. Its fields are text, numbers, None and tuples of them, and never personal."""

    __slots__ = ()
    subject_field: ClassVar[str] = "lead_key"

    @property
    def topic(self) -> str:
        """What kind of fact this is."""
        return type(self).__name__

    @property
    def subject(self) -> str:
        """The id of what this is about."""
        return str(getattr(self, self.subject_field))


@dataclass(frozen=True, slots=True)
class LeadCaptured(Event):
    """A person sent a lead off. `kind` is the kind of lead its journey names."""

    lead_key: str
    reference: str
    kind: str
    journey: str
    tenant: str | None
    session_id: str


@dataclass(frozen=True, slots=True)
class LeadScored(Event):
    """A lead was given its score from 0 to 100, for reasons that are codes."""

    lead_key: str
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeadRouted(Event):
    """A lead was given its dealers, the first choice first."""

    lead_key: str
    dealer_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeadDelivered(Event):
    """A lead's travels are at their end: its dealers had it to take; the CRM may get it later."""

    lead_key: str


@dataclass(frozen=True, slots=True)
class LeadParked(Event):
    """A partner is away; the lead waits before a step and goes on by itself."""

    lead_key: str
    step: str


@dataclass(frozen=True, slots=True)
class LeadCompensated(Event):
    """A step failed for good, and what was done before it was undone."""

    lead_key: str
    step: str


@dataclass(frozen=True, slots=True)
class LeadCancelled(Event):
    """A lead was called back."""

    lead_key: str


@dataclass(frozen=True, slots=True)
class CreditDecided(Event):
    """The bureau answered, or nobody waits for it any longer; what it said stays with the check."""

    subject_field: ClassVar[str] = "session_id"

    check_key: str
    session_id: str


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """A message left for a person, by a channel."""

    subject_field: ClassVar[str] = "session_id"

    message_id: str
    purpose: str
    channel: str
    lead_key: str | None
    session_id: str


@dataclass(frozen=True, slots=True)
class JourneyCompleted(Event):
    """A journey came to its end. `steps` are the screens passed, in order, each once."""

    subject_field: ClassVar[str] = "session_id"

    session_id: str
    workflow_id: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JourneyAbandoned(Event):
    """A journey was left alone at `step`; the person may yet come back to it."""

    subject_field: ClassVar[str] = "session_id"

    session_id: str
    workflow_id: str
    step: str
    steps: tuple[str, ...]


TOPICS: Mapping[str, type[Event]] = {
    fact.__name__: fact
    for fact in (
        *(LeadCaptured, LeadScored, LeadRouted, LeadDelivered, LeadParked, LeadCompensated),
        *(LeadCancelled, CreditDecided, MessageSent, JourneyCompleted, JourneyAbandoned),
    )
}
"""Every kind of fact that this build knows, by topic."""


def record(
    tx: Transaction,
    *facts: Event,
    now: datetime | None = None,
    subscriptions: Subscriptions = SUBSCRIPTIONS,
) -> None:
    """Record facts with the caller's commit, each with a delivery for every handler of its topic.

    `now` defaults to the current time.
    """
    recorded_at = now or utc_now()
    for subject in sorted({fact.subject for fact in facts}):
        lock_subject(tx, subject)
    for fact in facts:
        _insert(tx, fact, recorded_at, subscriptions)
    tx.has_news = True


def encode(fact: Event) -> str:
    """The fields of a fact as JSON."""
    return orjson.dumps(fact).decode()


def decode(topic: str, data: str) -> Event:
    """The fact behind its JSON. Fields that only a newer build knows are left out.

    Raises KeyError for a topic that this build does not know, TypeError for a missing field.
    """
    fact = TOPICS[topic]
    given: dict[str, Any] = orjson.loads(data)
    known = {field.name for field in dataclasses.fields(cast("Any", fact))}
    return fact(**{name: _value(given[name]) for name in given if name in known})


def _value(given: Any) -> Any:
    return tuple(cast("list[Any]", given)) if isinstance(given, list) else given


def lock_subject(tx: Transaction, subject: str) -> None:
    """Let nobody else record about the subject before this transaction ends.

    PostgreSQL numbers rows when they are inserted and shows them when they are committed: without
    the lock a later number could be delivered first. SQLite has one writer at a time.
    """
    if tx.dialect == POSTGRESQL:
        key = func.hashtextextended(subject, 0)
        tx.connection.execute(select(func.pg_advisory_xact_lock(key)))


def _insert(
    tx: Transaction, fact: Event, recorded_at: datetime, subscriptions: Subscriptions
) -> None:
    row = {
        "event_id": str(uuid.uuid4()),
        "topic": fact.topic,
        "subject": fact.subject,
        "data": encode(fact),
        "correlation_id": correlation_id(),
        "traceparent": current_trace(),
        "recorded_at": recorded_at,
    }
    sequence = tx.connection.execute(
        insert(_event).values(row).returning(_event.c.sequence)
    ).scalar_one()
    deliveries = [
        {
            "sequence": sequence,
            "handler": handler,
            "subject": fact.subject,
            "status": PENDING,
            "attempts": 0,
            "due_at": recorded_at,
        }
        for handler, topics in subscriptions.items()
        if fact.topic in topics
    ]
    if deliveries:
        tx.connection.execute(insert(_delivery), deliveries)
    EVENTS_RECORDED.labels(fact.topic).inc()


def was_recorded(tx: Transaction, fact: type[Event], subject: str) -> bool:
    """Whether a fact of this kind about this subject was ever recorded."""
    query = (
        select(_event.c.sequence)
        .where(_event.c.subject == subject, _event.c.topic == fact.__name__)
        .limit(1)
    )
    return tx.connection.execute(query).first() is not None
