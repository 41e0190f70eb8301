"""What a session store promises, on SQLite and on PostgreSQL alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from tests.contract.sessions import (
    FIRST,
    NOW,
    SECOND,
    Started,
    a_session,
    an_event,
    answered,
    begun_effect,
    decision,
    fill,
    loaded,
    update,
)
from trex_app.db.session_store import DuplicateRequest, RevisionConflict, SessionStore
from trex_app.db.transaction import Database
from trex_app.engine.history import EventKind
from trex_app.engine.session import StepResult

PARALLEL = 50


def test_what_was_inserted_is_loaded_with_its_owner(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = started(a_session(context={"tenant": "dealer-7"}, results={"": {"x": StepResult(1)}}))
    stored = loaded(database, store, session.session_id)
    assert stored.session == session
    assert stored.owner == "visitor"


def test_an_unknown_session_loads_as_none(database: Database, store: SessionStore) -> None:
    assert database.read_sync(lambda tx: store.load(tx, "nobody")) is None
    assert database.read_sync(lambda tx: store.events(tx, "nobody")) == []
    assert not database.read_sync(lambda tx: store.verify(tx, "nobody"))


def test_a_session_id_cannot_be_taken_twice(started: Started) -> None:
    session = started(a_session())
    with pytest.raises(RevisionConflict):
        started(session)


def test_an_update_is_what_the_next_load_sees(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = started(a_session())
    stored = loaded(database, store, session.session_id)
    after = answered(session, knows_vehicle=True, name="Zoë 🚗")
    update(database, store, stored, after)
    assert loaded(database, store, session.session_id).session == after


def test_an_update_from_an_old_revision_is_refused_and_changes_nothing(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = started(a_session())
    stored = loaded(database, store, session.session_id)
    first = answered(session, knows_vehicle=True)
    update(database, store, stored, first)
    second = answered(session, knows_vehicle=False)
    with pytest.raises(RevisionConflict):
        update(database, store, stored, second)
    assert loaded(database, store, session.session_id).session == first
    assert len(database.read_sync(lambda tx: store.events(tx, session.session_id))) == 2


def test_of_fifty_parallel_updates_one_wins(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = started(a_session())
    stored = loaded(database, store, session.session_id)
    barrier = Barrier(PARALLEL)

    def submit(number: int) -> bool:
        after = answered(session, number=number)
        barrier.wait()
        try:
            update(database, store, stored, after)
        except RevisionConflict:
            return False
        return True

    with ThreadPoolExecutor(PARALLEL) as pool:
        wins = list(pool.map(submit, range(PARALLEL)))
    assert wins.count(True) == 1
    answer = loaded(database, store, session.session_id).session.answer_at(FIRST)
    assert answer is not None
    assert answer.values == {"number": wins.index(True)}
    assert database.read_sync(lambda tx: store.verify(tx, session.session_id))
    assert len(database.read_sync(lambda tx: store.events(tx, session.session_id))) == 2


def test_an_idempotency_key_is_recorded_once_for_a_session(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = started(a_session())
    event = an_event(idempotency_key="key-1", request_hash="b" * 64)
    first = answered(session, knows_vehicle=True)
    stored = loaded(database, store, session.session_id)
    update(database, store, stored, first, event)
    stored = loaded(database, store, session.session_id)
    second = replace(first, revision=2)
    with pytest.raises(DuplicateRequest):
        update(database, store, stored, second, event)
    assert loaded(database, store, session.session_id).session == first
    request = database.read_sync(lambda tx: store.find_request(tx, session.session_id, "key-1"))
    assert request == (EventKind.SUBMITTED, "b" * 64, FIRST, SECOND, 1)


def test_another_session_may_use_the_same_idempotency_key(
    database: Database, store: SessionStore, started: Started
) -> None:
    for session in (started(a_session()), started(a_session())):
        stored = loaded(database, store, session.session_id)
        after = answered(session)
        event = an_event(idempotency_key="key-1")
        update(database, store, stored, after, event)
    assert database.read_sync(lambda tx: store.find_request(tx, "nobody", "key-1")) is None


def test_an_effects_result_arrives_without_a_new_revision(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = begun_effect(started)
    assert decision(database, store, session) == "pending"
    assert fill(database, store, session, {"decision": "approved"})
    stored = loaded(database, store, session.session_id)
    assert decision(database, store, session) == "approved"
    assert stored.session.revision == session.revision
    assert database.read_sync(lambda tx: store.verify(tx, session.session_id))


def test_an_effects_result_is_filled_once(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = begun_effect(started)
    assert fill(database, store, session, {"decision": "approved"})
    assert not fill(database, store, session, {"decision": "declined"})
    assert decision(database, store, session) == "approved"
    assert len(database.read_sync(lambda tx: store.events(tx, session.session_id))) == 2


def test_a_result_of_another_key_does_not_touch_the_one_on_the_path(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = begun_effect(started)
    assert fill(database, store, session, {"decision": "declined"}, key="job-of-an-earlier-path")
    assert decision(database, store, session) == "pending"


def test_a_result_that_comes_between_load_and_update_is_not_lost(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = begun_effect(started)
    stored = loaded(database, store, session.session_id)
    assert fill(database, store, session, {"decision": "approved"})
    after = replace(session, revision=1, updated_at=NOW + timedelta(minutes=1))
    update(database, store, stored, after)
    kinds = [
        event.kind for event in database.read_sync(lambda tx: store.events(tx, session.session_id))
    ]
    assert kinds == [EventKind.STARTED, EventKind.EFFECT_DONE, EventKind.SUBMITTED]
    assert decision(database, store, session) == "approved"
    assert loaded(database, store, session.session_id).session.revision == 1
    assert database.read_sync(lambda tx: store.verify(tx, session.session_id))


def test_parallel_updates_and_results_lose_nothing(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = begun_effect(started)
    filled = 20

    def submit(number: int) -> None:
        for _ in range(PARALLEL):
            stored = loaded(database, store, session.session_id)
            after = replace(stored.session, revision=stored.session.revision + 1)
            try:
                update(database, store, stored, after)
            except RevisionConflict:
                continue
            return

    with ThreadPoolExecutor(8) as pool:
        submits = [pool.submit(submit, number) for number in range(filled)]
        fills = [
            pool.submit(fill, database, store, session, {"decision": "approved"}, f"job-{number}")
            for number in range(filled)
        ]
        assert all(future.result() for future in fills)
        for future in submits:
            future.result()
    events = database.read_sync(lambda tx: store.events(tx, session.session_id))
    kinds = [event.kind for event in events]
    assert kinds.count(EventKind.EFFECT_DONE) == filled
    assert (
        kinds.count(EventKind.SUBMITTED)
        == loaded(database, store, session.session_id).session.revision
    )
    assert decision(database, store, session) == "approved"
    assert database.read_sync(lambda tx: store.verify(tx, session.session_id))


def test_what_was_erased_meanwhile_is_not_written_again(
    database: Database, store: SessionStore, started: Started
) -> None:
    session = started(a_session())
    stored = loaded(database, store, session.session_id)
    database.write_sync(lambda tx: store.erase(tx, session.session_id))
    with pytest.raises(RevisionConflict):
        update(database, store, stored, answered(session, name="Robin"))
    assert database.read_sync(lambda tx: store.load(tx, session.session_id)) is None
    assert database.read_sync(lambda tx: store.verify(tx, session.session_id))
    assert len(database.read_sync(lambda tx: store.events(tx, session.session_id))) == 1
