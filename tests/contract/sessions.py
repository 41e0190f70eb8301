"""Sessions and events to store, and the short ways that the contract's tests share."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from trex_app.db.session_store import SessionStore, StoredSession
from trex_app.db.transaction import Database
from trex_app.engine.history import Event, EventKind
from trex_app.engine.session import Answer, Position, Session, Status, StepResult

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FIRST = Position("", "vehicle_knowledge")
SECOND = Position("", "vehicle_search")
CREDIT = Position("", "credit_check")
Started = Callable[[Session], Session]
"""Inserts a session with its first event."""


def a_session(**changes: Any) -> Session:
    session = Session(
        session_id=str(uuid.uuid4()),
        workflow_id="vehicle_discovery",
        workflow_hash="a" * 64,
        status=Status.ACTIVE,
        cursor=FIRST,
        path=(FIRST,),
        revision=0,
        created_at=NOW,
        updated_at=NOW,
        expires_at=NOW + timedelta(hours=72),
    )
    return replace(session, **changes)


def an_event(kind: EventKind = EventKind.SUBMITTED, **changes: Any) -> Event:
    return replace(Event(kind, NOW, 1, FIRST, SECOND, data={"step": "x"}), **changes)


def answered(session: Session, **values: Any) -> Session:
    return replace(
        session,
        revision=session.revision + 1,
        cursor=SECOND,
        path=(FIRST, SECOND),
        answers={"": {"vehicle_knowledge": Answer(values)}},
        updated_at=NOW + timedelta(minutes=1),
    )


def loaded(database: Database, store: SessionStore, session_id: str) -> StoredSession:
    stored = database.read_sync(lambda tx: store.load(tx, session_id))
    assert stored is not None
    return stored


def update(
    database: Database, store: SessionStore, stored: StoredSession, session: Session, *events: Event
) -> None:
    changes = events or (an_event(),)
    database.write_sync(lambda tx: store.update(tx, stored, session, changes))


def begun_effect(started: Started) -> Session:
    pending = StepResult({"decision": "pending"}, "hash", NOW, key="job-1")
    return started(
        a_session(cursor=SECOND, path=(CREDIT, SECOND), results={"": {"credit_check": pending}})
    )


def fill(
    database: Database, store: SessionStore, session: Session, value: Any, key: str = "job-1"
) -> bool:
    event = an_event(EventKind.EFFECT_DONE, position=CREDIT, personal={"value": value})
    return database.write_sync(
        lambda tx: store.record_effect(tx, session.session_id, CREDIT, key, value, event)
    )


def decision(database: Database, store: SessionStore, session: Session) -> Any:
    result = loaded(database, store, session.session_id).session.result_at(CREDIT)
    assert result is not None
    return result.value["decision"]
