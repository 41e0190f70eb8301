"""Finds journeys that were left alone, and records it once for each time that happens.

A journey counts as abandoned when nothing was done in it for as long as its definition says
(`remind_after_hours`); what is done later begins a new period. The submit path knows nothing of
this: it is found by looking.
"""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, exists, literal_column, select

from trex_app.core.clock import Clock
from trex_app.db import leases, version_store
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.history import EventKind
from trex_app.engine.session import Status
from trex_app.messaging.events import JourneyAbandoned, lock_subject, record

REMIND_AFTER_HOURS: Final = 24
"""What a definition means that says nothing."""
FOUND_WITHIN: Final = timedelta(days=14)
"""What was left alone for longer than so was told of at the time; that event may be gone by now."""
AT_A_TIME: Final = 500
SWEEP_SECONDS: Final = 60.0
"""How often workers look."""
DUTY: Final = "abandonment"
LEASE: Final = timedelta(minutes=3)
"""After so long without a look of the process that has the duty, another one takes it."""

_session = METADATA.tables["session"]
_history = METADATA.tables["session_event"]
_event = METADATA.tables["domain_event"]
# Written out and not as parameters, so that every plan can use the index of just these sessions.
# Where the person was erased, there is nobody to come back.
_IS_ALIVE: Final = and_(
    _session.c.status == literal_column(f"'{Status.ACTIVE.value}'"),
    _session.c.wrapped_key.is_not(None),
)
_IS_NOTED: Final = exists().where(
    _event.c.subject == _session.c.session_id,
    _event.c.topic == JourneyAbandoned.__name__,
    _event.c.recorded_at > _session.c.updated_at,
)


class Idle(NamedTuple):
    """A journey that was left alone, and where."""

    session_id: str
    workflow_id: str
    step: str


def sweep_on_duty(database: Database, clock: Clock, holder: str) -> int:
    """`sweep`, by one process at a time: where another one has the duty, nothing is to be done."""
    has_duty = database.write_sync(lambda tx: leases.hold(tx, DUTY, holder, clock(), LEASE))
    return sweep(database, clock) if has_duty else 0


def sweep(database: Database, clock: Clock) -> int:
    """Record JourneyAbandoned for every journey that was left alone; how many there were.

    It may run in several processes at once, and be stopped at any point. Raises Unavailable.
    """
    count = 0
    for workflow_hash, limit in database.read_sync(_patience_by_version).items():
        after = ""
        while found := _some_idle(database, workflow_hash, clock() - limit, after):
            count += sum(_note(database, idle, clock, limit) for idle in found)
            after = found[-1].session_id
    return count


def _patience_by_version(tx: Transaction) -> dict[str, timedelta]:
    """How long a journey may rest, for each version that active sessions run."""
    patience: dict[str, timedelta] = {}
    while (workflow_hash := _next_in_use(tx, max(patience, default=""))) is not None:
        patience[workflow_hash] = _patience(tx, workflow_hash)
    return patience


def _next_in_use(tx: Transaction, after: str) -> str | None:
    """Step by step through the index: asking for all that differ would read every session."""
    column = _session.c.workflow_hash
    query = select(column).where(_IS_ALIVE, column > after).order_by(column).limit(1)
    return tx.connection.execute(query).scalar_one_or_none()


def _patience(tx: Transaction, workflow_hash: str) -> timedelta:
    version = version_store.load_version(tx, workflow_hash)
    source: dict[str, Any] = {} if version is None else version.sources[version.workflow_id]
    return timedelta(hours=source.get("remind_after_hours", REMIND_AFTER_HOURS))


def _some_idle(database: Database, workflow_hash: str, before: datetime, after: str) -> list[Idle]:
    query = (
        select(_session.c.session_id, _session.c.workflow_id, _session.c.step)
        .where(_session.c.workflow_hash == workflow_hash, _session.c.session_id > after)
        .where(_is_idle(before))
        .order_by(_session.c.session_id)
        .limit(AT_A_TIME)
    )
    rows = database.read_sync(lambda tx: tx.connection.execute(query).all())
    return [Idle(*row) for row in rows]


def _is_idle(before: datetime) -> Any:
    return and_(
        _IS_ALIVE,
        _session.c.updated_at <= before,
        _session.c.updated_at > before - FOUND_WITHIN,
        ~_IS_NOTED,
    )


def _note(database: Database, idle: Idle, clock: Clock, limit: timedelta) -> bool:
    return database.write_sync(lambda tx: _note_once(tx, idle, clock(), limit))


def _note_once(tx: Transaction, idle: Idle, now: datetime, limit: timedelta) -> bool:
    """Look again with the subject locked: another process may have been first, or the person."""
    lock_subject(tx, idle.session_id)
    still = select(_session.c.session_id).where(
        _session.c.session_id == idle.session_id, _is_idle(now - limit)
    )
    if tx.connection.execute(still).first() is None:
        return False
    steps = _steps_answered(tx, idle.session_id)
    fact = JourneyAbandoned(idle.session_id, idle.workflow_id, idle.step, steps)
    record(tx, fact, now=now)
    return True


def _steps_answered(tx: Transaction, session_id: str) -> tuple[str, ...]:
    query = (
        select(_history.c.step)
        .where(
            _history.c.session_id == session_id,
            _history.c.kind == EventKind.SUBMITTED.value,
        )
        .order_by(_history.c.number)
    )
    return tuple(dict.fromkeys(tx.connection.execute(query).scalars()))
