"""What is looked for again and again is found by an index, however much there is of the rest."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text, update

from tests.query_plans import fill, plans_of
from tests.unit.sagas.conftest import Road
from tests.unit.sagas.test_rescue import Watch
from trex_app.core.crypto import Keyring
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.messaging.records import KEPT, forget_handled
from trex_app.sagas.jobs import Jobs, prepare
from trex_app.sagas.rescue import SILENCE
from trex_app.sagas.workers import Workers
from trex_app.services.abandonment import sweep
from trex_app.services.erasure import Erasure
from trex_app.services.retention import Kept, Retention

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SESSION = METADATA.tables["session"]
EVENT = METADATA.tables["domain_event"]
CHECK = METADATA.tables["credit_check"]
LEAD = METADATA.tables["lead"]
RECORD = METADATA.tables["crm_record"]
MESSAGE = METADATA.tables["message"]
MANY, FEW = 3000, 10


def a_session(number: int, *, is_alive: bool) -> dict[str, Any]:
    return {
        "session_id": f"session-{number}",
        "workflow_id": "buying",
        "workflow_hash": "an-old-version",
        "frame": "",
        "step": "x",
        "status": "active" if is_alive or number % 2 else "completed",
        "revision": 1,
        "event_count": 1,
        "filled_count": 0,
        "head": b"",
        **dict.fromkeys(("created_at", "updated_at"), NOW - timedelta(hours=1)),
        "expires_at": NOW + timedelta(days=1),
        "wrapped_key": b"key" if is_alive or not number % 2 else None,
    }


def a_check(number: int, *, is_open: bool) -> dict[str, Any]:
    return {
        "key": f"check-{number}",
        "session_id": f"session-{number}",
        "frame": "",
        "step": "x",
        "attempts": 0,
        "wrapped_key": b"key",
        "created_at": NOW - 2 * SILENCE,
        "decision": None if is_open else b"decision",
    }


def a_session_since(number: int, began_at: datetime) -> dict[str, Any]:
    times = dict.fromkeys(("created_at", "updated_at", "expires_at"), began_at)
    return {
        **a_session(number, is_alive=True),
        **times,
        "status": ("active", "completed")[number % 2],
    }


def a_lead(number: int, *, is_erased: bool) -> dict[str, Any]:
    return {
        "key": f"lead-{number}",
        "reference": f"TRX-{number}",
        "session_id": f"session-{number}",
        "journey": "buying",
        "status": "delivered",
        **dict.fromkeys(("created_at", "updated_at"), NOW - timedelta(days=400)),
        "details": None if is_erased else b"details",
    }


def a_message(number: int, *, is_sent: bool) -> dict[str, Any]:
    return {
        "message_id": f"message-{number}",
        "purpose": "confirmation",
        "session_id": f"session-{number}",
        "channel": "email",
        "locale": "en",
        "status": "sent" if is_sent else "parked",
        "attempts": 1,
        "round": 0,
        **dict.fromkeys(("created_at", "due_at"), NOW - timedelta(days=400)),
        "details": None if is_sent else b"details",
    }


def an_event(number: int, recorded_at: datetime) -> dict[str, Any]:
    return {
        "event_id": f"event-{number}",
        "topic": "LeadScored",
        "subject": f"lead-{number}",
        "data": "{}",
        "recorded_at": recorded_at,
    }


def test_journeys_left_alone_are_looked_for_among_those_under_way(database: Database) -> None:
    fill(database, SESSION, [a_session(n, is_alive=n < FEW) for n in range(MANY)])
    plans = plans_of(database, lambda: sweep(database, lambda: NOW))
    of_sessions = [plan for plan in plans if "session" in plan and "workflow_version" not in plan]
    assert len(of_sessions) == 3
    assert ["ix_session_alive" in plan for plan in of_sessions] == [True] * 3, of_sessions


def test_events_to_forget_are_found_by_their_time(database: Database) -> None:
    old = NOW - KEPT - timedelta(days=1)
    events = [an_event(n, old if n < FEW else NOW) for n in range(MANY)]
    fill(database, EVENT, events)
    plans = plans_of(database, lambda: forget_handled(database, NOW - KEPT))
    assert len(plans) == 2
    assert ["ix_domain_event_recorded_at" in plan for plan in plans] == [True] * 2, plans


def test_open_credit_checks_are_looked_for_among_themselves(database: Database) -> None:
    fill(database, CHECK, [a_check(n, is_open=n < FEW) for n in range(MANY)])
    queue = Jobs(database, executor_id="test")

    def have_jobs(tx: Transaction) -> None:
        for number in range(FEW):
            queue.enqueue(tx, "request_credit", f"check-{number}")

    database.write_sync(have_jobs)
    rescue = Watch(Road(database, now=NOW), queue).rescue
    plans = plans_of(database, rescue.rescue)
    queue.close()
    of_checks = [plan for plan in plans if "credit_check" in plan]
    assert len(of_checks) == 2
    assert ["ix_credit_check_open" in plan for plan in of_checks] == [True] * 2, of_checks


def a_record(number: int, *, is_open: bool) -> dict[str, Any]:
    return {
        "lead_key": f"lead-{number}",
        "is_wanted": True,
        **dict.fromkeys(("trip", "record_trip", "round", "attempts"), 0),
        "status": ("parked", "failed")[number % 2] if is_open else "done",
        **dict.fromkeys(("waits_since", "updated_at"), NOW),
    }


def end_jobs(tx: Transaction) -> None:
    """All but those of the first few."""
    name = "workflow_status" if tx.dialect == "sqlite" else "dbos.workflow_status"
    ended = f"UPDATE {name} SET status = 'SUCCESS' WHERE workflow_uuid NOT LIKE 'note:k1_'"
    tx.connection.execute(text(ended))
    tx.connection.execute(text("ANALYZE"))


def test_the_gauges_count_what_is_open_and_read_nothing_of_the_rest(database: Database) -> None:
    parked = {"status": "parked"}
    leads = [a_lead(n, is_erased=False) | (parked if n < FEW else {}) for n in range(MANY)]
    fill(database, LEAD, leads)
    fill(database, RECORD, [a_record(n, is_open=n < FEW) for n in range(MANY)])
    prepare(database.url)
    queue = Jobs(database, executor_id="test")

    def have_jobs(tx: Transaction) -> None:
        for number in range(MANY):
            queue.enqueue(tx, "note", f"k{number}")
        end_jobs(tx)

    database.write_sync(have_jobs)
    plans = plans_of(database, Workers(database, lambda: NOW, queue, "test").measure)
    queue.close()
    of_jobs, of_leads, of_records = plans
    assert "idx_workflow_status_in_flight" in of_jobs
    assert "idx_workflow_status_delayed" in of_jobs
    for name, plan in {"lead": of_leads, "crm_record": of_records}.items():
        assert f"ix_{name}_status" in plan
        assert is_looked_up(plan), plan


def is_looked_up(plan: str) -> bool:
    """Whether an index led to the rows, so that the others were not read."""
    return "SEARCH" in plan or "Index Cond" in plan


def test_what_is_over_its_time_is_found_beside_what_is_kept_and_what_was_erased(
    database: Database,
) -> None:
    old = NOW - timedelta(days=400)
    fill(database, SESSION, [a_session_since(n, old if n < FEW else NOW) for n in range(MANY)])
    fill(database, LEAD, [a_lead(n, is_erased=n >= FEW) for n in range(MANY)])
    fill(database, MESSAGE, [a_message(n, is_sent=n >= FEW) for n in range(MANY)])

    def forget_lead(tx: Transaction, session_id: str) -> None:
        of_session = update(LEAD).where(LEAD.c.session_id == session_id)
        tx.connection.execute(of_session.values(details=None))

    def nothing(_tx: Transaction, _session_id: str) -> None:
        """There is nothing else."""

    erasure = Erasure(SessionStore(Keyring(b"secret" * 8)), nothing, forget_lead, nothing)
    retention = Retention(database, erasure, lambda: NOW, idle_days=30, finished_days=365)

    def look_after() -> None:
        counted = asyncio.run(retention.apply(is_dry_run=True))
        assert counted == asyncio.run(retention.apply())
        assert counted == Kept(FEW // 2, FEW // 2, FEW, FEW, 0)

    plans = [plan for plan in plans_of(database, look_after) if "resume_link" not in plan]
    for table, queries in {"session": 6, "lead": 3, "message": 1}.items():
        found = [plan for plan in plans if f"ix_{table}_kept" in plan]
        assert len(found) == queries, plans
