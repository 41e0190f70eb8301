"""What a stored history promises: order, secrecy, and that nobody can change it unseen."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.contract.sessions import (
    FIRST,
    NOW,
    SECOND,
    Started,
    a_session,
    an_event,
    answered,
    begun_effect,
    fill,
    loaded,
    update,
)
from trex_app.core.crypto import Keyring
from trex_app.core.errors import DataUnreadable
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database
from trex_app.engine.history import EventKind


def test_events_come_back_whole_and_in_order(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = started(a_session())
    stored = loaded(database, store, session.session_id)
    events = [
        an_event(personal={"email": "ada@example.com"}, idempotency_key="k", request_hash="c" * 64),
        an_event(EventKind.MOVED, at=NOW + timedelta(microseconds=7), position=SECOND),
    ]
    update(database, store, stored, answered(session), *events)
    history = database.read_sync(lambda tx: store.events(tx, session.session_id))
    assert history == [an_event(EventKind.STARTED, revision=0, to=FIRST), *events]
    assert database.read_sync(lambda tx: store.verify(tx, session.session_id))


def test_erasing_a_person_leaves_nothing_readable_and_a_chain_that_verifies(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = begun_effect(started)
    fill(database, store, session, {"decision": "approved"})
    database.write_sync(lambda tx: store.erase(tx, session.session_id))
    assert database.read_sync(lambda tx: store.load(tx, session.session_id)) is None
    events = database.read_sync(lambda tx: store.events(tx, session.session_id))
    assert [event.kind for event in events] == [EventKind.STARTED, EventKind.EFFECT_DONE]
    assert all(not event.personal for event in events)
    assert database.read_sync(lambda tx: store.verify(tx, session.session_id))
    assert not fill(database, store, session, {"decision": "late"}, key="job-2")


def test_no_personal_value_stands_in_clear_anywhere(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = started(a_session())
    stored = loaded(database, store, session.session_id)
    after = answered(session, email="ada@example.com")
    event = an_event(personal={"email": "ada@example.com"})
    update(database, store, stored, after, event)

    def every_row(tx: Any) -> str:
        rows = [tx.connection.execute(text(f"SELECT * FROM {t}")).all() for t in METADATA.tables]
        return repr(
            [[bytes(v) if isinstance(v, memoryview) else v for v in r] for t in rows for r in t]
        )

    assert "ada@example.com" not in database.read_sync(every_row)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE session_event SET data = '{}' WHERE session_id = :id AND number = 1",
        "UPDATE session_event SET revision = 9 WHERE session_id = :id AND number = 1",
        "UPDATE session_event SET personal = NULL WHERE session_id = :id AND number = 1",
        "DELETE FROM session_event WHERE session_id = :id AND number = 1",
        "DELETE FROM session_event WHERE session_id = :id AND number = 2",
        "UPDATE session SET event_count = 2 WHERE session_id = :id",
    ],
)
def test_a_changed_history_does_not_verify(
    database: Database, store: SessionStore, started: Started, tampering: str
) -> None:
    session = started(a_session())
    stored = loaded(database, store, session.session_id)
    events = [an_event(personal={"email": "ada@example.com"}), an_event(EventKind.MOVED)]
    update(database, store, stored, answered(session), *events)
    assert database.read_sync(lambda tx: store.verify(tx, session.session_id))
    database.write_sync(
        lambda tx: tx.connection.execute(text(tampering), {"id": session.session_id})
    )
    assert not database.read_sync(lambda tx: store.verify(tx, session.session_id))


def test_a_changed_state_does_not_load(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = started(a_session())
    other = started(a_session())
    swap = text(
        "UPDATE session SET state = (SELECT state FROM session WHERE session_id = :other)"
        " WHERE session_id = :id"
    )
    values = {"id": session.session_id, "other": other.session_id}
    database.write_sync(lambda tx: tx.connection.execute(swap, values))
    with pytest.raises(DataUnreadable):
        database.read_sync(lambda tx: store.load(tx, session.session_id))


def test_after_a_rotation_old_sessions_load_and_verify(
    database: Database, started: Started, store: SessionStore
) -> None:
    session = started(a_session())
    rotated = SessionStore(Keyring(b"the new secret" * 3, [b"a secret for tests" * 3]))
    stored = loaded(database, rotated, session.session_id)
    update(database, rotated, stored, answered(session))
    assert database.read_sync(lambda tx: rotated.verify(tx, session.session_id))
    assert loaded(database, rotated, session.session_id).session.revision == 1
    another = SessionStore(Keyring(b"another secret" * 3))
    with pytest.raises(DataUnreadable):
        database.read_sync(lambda tx: another.load(tx, session.session_id))
