"""Durable jobs: exactly one for a commit, run to the end whatever dies in between."""

import asyncio
import json
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOS, EnqueueOptions
from prometheus_client import Counter
from sqlalchemy import text

from tests.integration.lead_process import KEYRING, PATIENCE_SECONDS, a_request, travelled, travels
from tests.unit.services.test_leads import NOW, a_session
from trex_app.core.clock import utc_now
from trex_app.core.errors import PartnerRefused, Unavailable
from trex_app.core.telemetry import JOBS
from trex_app.db.session_store import SessionStore, StoredSession
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.history import EventKind
from trex_app.engine.session import Position, StepResult
from trex_app.sagas import credit_checks, jobs
from trex_app.sagas.credit_checks import CreditChecks
from trex_app.sagas.jobs import Jobs, job_id
from trex_app.sagas.request_credit import request_credit
from trex_app.sagas.submit_lead import submit_lead
from trex_app.services import leads as leads_service
from trex_app.services.lead_progress import STEPS
from trex_app.services.leads import Leads

ROOT = Path(__file__).parents[2]
PARALLEL = 50
CREDIT = Position("", "credit_check")


@pytest.fixture
def queue(database: Database) -> Iterator[Jobs]:
    queue = Jobs(database, executor_id=f"test-{uuid.uuid4().hex}")
    yield queue
    if queue.is_running:
        queue.shutdown()
    queue.close()


@pytest.fixture
def leads(database: Database, queue: Jobs) -> Leads:
    return Leads(database, KEYRING, utc_now, queue.enqueue)


class Bureau:
    """A bureau that is away for its first `absences` requests."""

    def __init__(self, absences: int = 0, decision: str = "approved") -> None:
        self.absences = absences
        self.decision = decision
        self.requests: list[tuple[Mapping[str, Any], str]] = []

    async def request(self, check: Mapping[str, Any], idempotency_key: str) -> Mapping[str, Any]:
        self.requests.append((check, idempotency_key))
        if len(self.requests) <= self.absences:
            raise Unavailable
        return {"decision": self.decision, "reasons": ["within_limit"]}

    async def decision_of(self, idempotency_key: str) -> Mapping[str, Any]:
        raise PartnerRefused("credit", 404)


def a_key() -> str:
    return uuid.uuid4().hex


def rows(database: Database, table: str) -> list[Any]:
    name = table if database.dialect == "sqlite" else f"dbos.{table}"
    query = text(f"SELECT * FROM {name}")
    return database.read_sync(lambda tx: list(tx.connection.execute(query)))


def jobs_of(database: Database, key: str) -> list[Any]:
    return [row for row in rows(database, "workflow_status") if row.workflow_uuid.endswith(key)]


def statuses(database: Database) -> dict[str, str]:
    """How each job stands, by its id."""
    return {row.workflow_uuid: row.status for row in rows(database, "workflow_status")}


def eventually(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert is_true()


def test_a_committed_lead_travels_to_the_end(database: Database, queue: Jobs, leads: Leads) -> None:
    key = a_key()
    queue.launch({leads_service.JOB: submit_lead(travels(database, queue))})
    database.write_sync(lambda tx: leads.record(tx, a_session("s"), a_request(key), None))
    lead = travelled(leads, key)
    assert [step.name for step in lead.summary.steps] == list(STEPS)
    assert lead.summary.dealer_ids == ("d-1",)


def test_a_job_is_counted_by_how_it_ended(database: Database, queue: Jobs, leads: Leads) -> None:
    def fail(_key: str) -> None:
        raise ValueError("on purpose")

    done, failed = (JOBS.labels(leads_service.JOB, outcome) for outcome in ("done", "failed"))
    done_before, failed_before = count_of(done), count_of(failed)
    queue.launch({leads_service.JOB: lambda key, _: fail(key) if key.startswith("bad") else None})
    for key in ("bad-" + a_key(), a_key()):
        database.write_sync(lambda tx, key=key: queue.enqueue(tx, leads_service.JOB, key))
    eventually(lambda: count_of(done) == done_before + 1)
    eventually(lambda: count_of(failed) == failed_before + 1)


def count_of(counter: Counter) -> float:
    """What a counter stands at."""
    (metric,) = counter.collect()
    return next(s.value for s in metric.samples if s.name.endswith("_total"))


def test_a_job_that_ended_leaves_no_record_for_ever(database: Database, queue: Jobs) -> None:
    def note(key: str, _round: int) -> None:
        DBOS.run_step({"name": "note"}, str, key)

    key = a_key()
    queue.launch({"note": note})
    database.write_sync(lambda tx: queue.enqueue(tx, "note", key))
    eventually(lambda: statuses(database).get(job_id("note", key)) == "SUCCESS")
    assert queue.forget_ended(utc_now() - jobs.KEPT) == 0
    assert queue.forget_ended(utc_now() + timedelta(minutes=1)) == 1
    assert (jobs_of(database, key), rows(database, "operation_outputs")) == ([], [])


def test_a_lead_that_was_rolled_back_leaves_no_job(
    database: Database, queue: Jobs, leads: Leads
) -> None:
    key = a_key()

    def fail(tx: Transaction) -> None:
        leads.record(tx, a_session("s"), a_request(key), None)
        raise LookupError

    with pytest.raises(LookupError):
        database.write_sync(fail)
    assert jobs_of(database, key) == []


def test_fifty_equal_requests_for_a_job_make_one(database: Database, queue: Jobs) -> None:
    key, runs = a_key(), []

    def enqueue(_: int) -> None:
        database.write_sync(lambda tx: queue.enqueue(tx, "note", key))

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(enqueue, range(PARALLEL)))
    assert [row.workflow_uuid for row in jobs_of(database, key)] == [job_id("note", key)]
    queue.launch({"note": lambda key, _: runs.append(key)})
    eventually(lambda: jobs_of(database, key)[0].status == "SUCCESS")
    enqueue(0)
    assert [row.status for row in jobs_of(database, key)] == ["SUCCESS"]
    assert runs == [key]


def test_no_personal_value_enters_the_tables_of_jobs(
    database: Database, queue: Jobs, leads: Leads
) -> None:
    key = a_key()
    queue.launch({leads_service.JOB: submit_lead(travels(database, queue))})
    database.write_sync(lambda tx: leads.record(tx, a_session("s"), a_request(key), None))
    travelled(leads, key)
    for table in ("workflow_status", "workflow_input", "workflow_output", "operation_outputs"):
        assert "ada@example.com" not in repr(rows(database, table))


def test_a_further_round_is_a_job_of_its_own_that_waits_in_the_database(
    database: Database, queue: Jobs
) -> None:
    key, runs = a_key(), []
    database.write_sync(lambda tx: queue.enqueue(tx, "note", key))
    for round, delay in ((1, 0.5), (1, 0.5), (2, 600)):
        database.write_sync(
            lambda tx, r=round, d=delay: queue.enqueue(tx, "note", key, round=r, delay_seconds=d)
        )
    queue.launch({"note": lambda key, round: runs.append((key, round))})
    eventually(lambda: len(runs) == 2)
    assert runs == [(key, 0), (key, 1)]
    assert statuses(database)[job_id("note", key, 2)] == "DELAYED"
    assert database.read_sync(jobs.count_unfinished)["DELAYED"] == 1


def test_a_job_of_the_build_before_is_run_by_this_one(database: Database, queue: Jobs) -> None:
    """The build before passed the key alone; the version it noted is the one that is pinned."""
    key, runs = a_key(), []

    def enqueue(tx: Transaction) -> None:
        options: EnqueueOptions = {
            "workflow_name": "note",
            "workflow_id": f"note:{key}",
            "queue_name": "jobs",
            "app_version": "1",
        }
        queue._client.enqueue_in_transaction(tx.connection, options, key)

    database.write_sync(enqueue)
    queue.launch({"note": lambda key, round: runs.append((key, round))})
    eventually(lambda: runs == [(key, 0)])


def run_process(url: str, key: str, mode: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.integration.lead_process", url, key, mode]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_a_process_killed_after_its_commit_leaves_a_job_that_the_next_one_runs(url: str) -> None:
    key = a_key()
    assert run_process(url, key, "submit").returncode == -signal.SIGKILL
    lead = json.loads(run_process(url, key, "work").stdout)
    assert [step["attempts"] for step in lead["steps"]] == [1] * len(STEPS)
    assert [dealer["dealer_id"] for dealer in lead["dealers"]] == ["d-1"]


def test_a_process_killed_after_a_step_does_not_take_it_again(url: str, database: Database) -> None:
    key = a_key()
    assert run_process(url, key, "submit").returncode == -signal.SIGKILL
    assert run_process(url, key, "die").returncode == -signal.SIGKILL
    queue = Jobs(database, executor_id="the-one-machine")
    leads = Leads(database, KEYRING, utc_now, queue.enqueue)
    queue.launch({leads_service.JOB: submit_lead(travels(database, queue))})
    eventually(lambda: jobs_of(database, key)[0].status == "SUCCESS")
    queue.shutdown()
    queue.close()
    lead = asyncio.run(leads.show_lead(leads_service.reference_of(key)))
    assert lead.summary.status == "delivered"
    assert [step.attempts for step in lead.summary.steps] == [1] * len(STEPS)
    assert lead.summary.dealer_ids == ("d-1",)


def ask_for_credit(
    database: Database, queue: Jobs, bureau: Bureau
) -> tuple[SessionStore, CreditChecks, str, str]:
    """A session that waits for the bureau: its store, the checks, its id and the effect's key."""
    store = SessionStore(KEYRING)
    checks = CreditChecks(database, store, KEYRING, utc_now, queue.enqueue, bureau)
    key, session_id = a_key(), a_key()
    request = replace(
        a_request(key), position=CREDIT, input={"birth_date": "1815-12-10", "amount": 9000}
    )
    pending = StepResult(checks.begin(request.input, key), "hash", NOW, key=key)
    session = replace(
        a_session(session_id),
        path=(CREDIT, Position("", "buying_confirmation")),
        results={"": {"credit_check": pending}},
    )

    def submit(tx: Transaction) -> None:
        store.insert(tx, session, [])
        checks.record(tx, session, request, pending.value)

    database.write_sync(submit)
    return store, checks, session_id, key


def loaded(database: Database, store: SessionStore, session_id: str) -> StoredSession:
    stored = database.read_sync(lambda tx: store.load(tx, session_id))
    assert stored is not None
    return stored


def decision(database: Database, store: SessionStore, session_id: str) -> str:
    result = loaded(database, store, session_id).session.result_at(CREDIT)
    assert result is not None
    return result.value["decision"]


def test_the_bureaus_decision_reaches_the_session_without_a_new_revision(
    database: Database, queue: Jobs
) -> None:
    bureau = Bureau()
    store, checks, session_id, key = ask_for_credit(database, queue, bureau)
    assert decision(database, store, session_id) == "pending"
    queue.launch({credit_checks.JOB: request_credit(checks)})
    eventually(lambda: decision(database, store, session_id) == "approved")
    assert loaded(database, store, session_id).session.revision == 3
    assert bureau.requests == [({"birth_date": "1815-12-10", "amount": 9000}, key)]
    (event,) = database.read_sync(lambda tx: store.events(tx, session_id))
    assert (event.kind, event.position, event.revision) == (EventKind.EFFECT_DONE, CREDIT, 3)
    assert event.personal["value"]["decision"] == "approved"
    eventually(lambda: jobs_of(database, key)[0].status == "SUCCESS")
    for table in ("workflow_input", "operation_outputs", "workflow_output"):
        assert "approved" not in repr(rows(database, table))


def test_a_bureau_that_is_away_is_asked_again(database: Database, queue: Jobs) -> None:
    bureau = Bureau(absences=1)
    store, checks, session_id, key = ask_for_credit(database, queue, bureau)
    queue.launch({credit_checks.JOB: request_credit(checks)})
    eventually(lambda: decision(database, store, session_id) == "approved")
    assert [asked for _, asked in bureau.requests] == [key, key]


def test_a_bureau_that_answers_later_leaves_the_decision_pending(
    database: Database, queue: Jobs
) -> None:
    store, checks, session_id, key = ask_for_credit(database, queue, Bureau(decision="pending"))
    queue.launch({credit_checks.JOB: request_credit(checks)})
    eventually(lambda: [job.status for job in jobs_of(database, key)] == ["SUCCESS"])
    assert decision(database, store, session_id) == "pending"
    later = job_id(credit_checks.JOB, key, 1)
    assert later in statuses(database)


def test_an_erased_person_is_not_asked_about(database: Database, queue: Jobs) -> None:
    bureau = Bureau()
    _, checks, session_id, key = ask_for_credit(database, queue, bureau)
    database.write_sync(lambda tx: checks.erase(tx, session_id))
    queue.launch({credit_checks.JOB: request_credit(checks)})
    eventually(lambda: jobs_of(database, key)[0].status == "SUCCESS")
    assert bureau.requests == []
