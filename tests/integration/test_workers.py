"""Worker processes: each lead moved by one of them, and by another when that one is killed."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.integration.test_kill import free_port
from tests.unit.sagas.conftest import a_request, a_session
from tests.unit.sagas.partners import Crm, Dealers
from trex_app.core.clock import utc_now
from trex_app.core.crypto import Keyring
from trex_app.db.transaction import Database
from trex_app.ports import LeadDocument
from trex_app.sagas import jobs
from trex_app.sagas.dealer_delivery import DealerDelivery
from trex_app.sagas.jobs import Jobs
from trex_app.sagas.lead_travels import Companions, LeadTravels
from trex_app.sagas.record_in_crm import CrmRecording, record_in_crm
from trex_app.sagas.submit_lead import submit_lead
from trex_app.sagas.workers import BEAT_SECONDS, DEAD_AFTER, Workers
from trex_app.services.crm_progress import JOB as RECORDING
from trex_app.services.crm_progress import CrmProgress
from trex_app.services.lead_documents import LeadDocuments
from trex_app.services.lead_orders import LeadOrders
from trex_app.services.lead_progress import JOB, LeadProgress
from trex_app.services.lead_views import Lead
from trex_app.services.leads import Leads, reference_of
from trex_app.services.routing import Routing

ROOT = Path(__file__).parents[2]
SECRET = "a secret for tests that is long enough"
KEYRING = Keyring(SECRET.encode())
START_SECONDS = 90
PATIENCE_SECONDS = 90
DEALERS = ["lakeshore-motors", "harbor-view-motors"]


def eventually(is_true: Any, seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert is_true()


@pytest.fixture
def queue(database: Database) -> Iterator[Jobs]:
    queue = Jobs(database, executor_id="the-living")
    yield queue
    if queue.is_running:
        queue.shutdown()
    queue.close()


def a_job_of(database: Database, executor_id: str, key: str, queue: Jobs) -> None:
    """Leave a job behind as a process of this name does that dies while it runs it."""
    database.write_sync(lambda tx: queue.enqueue(tx, "note", key))
    table = "workflow_status" if database.dialect == "sqlite" else "dbos.workflow_status"
    claim = text(
        f"UPDATE {table} SET status = 'PENDING', executor_id = :name, updated_at = :at"
        " WHERE workflow_uuid = :id"
    )
    long_ago = int((time.time() - 60) * 1000)
    values = {"name": executor_id, "at": long_ago, "id": f"note:{key}"}
    database.write_sync(lambda tx: tx.connection.execute(claim, values))


def worker(database: Database, queue: Jobs, name: str, age: timedelta = timedelta()) -> Workers:
    return Workers(database, lambda: utc_now() - age, queue, name)


class TestTakingOver:
    """Whose jobs are taken over, and whose are left alone."""

    def run(self, database: Database, queue: Jobs, runs: list[str]) -> None:
        queue.launch({"note": lambda key, _round: runs.append(key)})
        worker(database, queue, "the-living").beat()

    def test_a_dead_process_leaves_its_jobs_to_the_living(
        self, database: Database, queue: Jobs
    ) -> None:
        runs: list[str] = []
        dying = worker(database, queue, "the-dead", DEAD_AFTER + timedelta(seconds=1))
        database.write_sync(dying.be_seen)
        a_job_of(database, "the-dead", "k1", queue)
        self.run(database, queue, runs)
        eventually(lambda: runs == ["k1"])

    def test_a_process_nobody_ever_saw_counts_as_dead(
        self, database: Database, queue: Jobs
    ) -> None:
        runs: list[str] = []
        a_job_of(database, "local", "k1", queue)
        self.run(database, queue, runs)
        eventually(lambda: runs == ["k1"])

    def test_the_jobs_of_the_living_are_theirs(self, database: Database, queue: Jobs) -> None:
        runs: list[str] = []
        database.write_sync(worker(database, queue, "another").be_seen)
        a_job_of(database, "another", "k1", queue)
        a_job_of(database, "the-dead", "k2", queue)
        self.run(database, queue, runs)
        eventually(lambda: queue.unfinished(["note:k1", "note:k2"]) == {"note:k1"})
        assert runs == ["k2"]

    def test_two_that_take_over_at_once_run_a_job_once(
        self, database: Database, queue: Jobs
    ) -> None:
        runs: list[str] = []
        database.write_sync(worker(database, queue, "the-living").be_seen)
        a_job_of(database, "the-dead", "k1", queue)
        queue.launch({"note": lambda key, _round: runs.append(key)})
        with ThreadPoolExecutor(4) as pool:
            beats = [pool.submit(worker(database, queue, "the-living").beat) for _ in range(4)]
        for beat in beats:
            beat.result()
        eventually(lambda: not queue.unfinished(["note:k1"]))
        assert runs == ["k1"]


def test_a_dead_worker_is_followed_within_half_a_minute() -> None:
    until_a_beat_sees_it = DEAD_AFTER.total_seconds() + BEAT_SECONDS
    assert until_a_beat_sees_it + jobs.POLLING_INTERVAL_SECONDS < 30


def test_leads_called_back_at_any_moment_are_undone_at_every_partner(
    database: Database, queue: Jobs
) -> None:
    dealers, crm = Dealers("d-1", "d-2"), Crm()
    dealers.on_delivery = lambda: time.sleep(0.01)
    progress, records = LeadProgress(utc_now, queue.enqueue), CrmProgress(utc_now, queue.enqueue)
    recording = CrmRecording(database, records, LeadDocuments(KEYRING), crm)
    travels = LeadTravels(
        database,
        progress,
        LeadDocuments(KEYRING),
        Companions(
            route=Routing(KEYRING).route,
            check_credit=lambda _tx, _lead: False,
            records=records,
            delivery=DealerDelivery(database, utc_now, progress, dealers, dealers),
        ),
    )
    queue.launch({JOB: submit_lead(travels), RECORDING: record_in_crm(recording)})
    leads = Leads(database, KEYRING, utc_now, queue.enqueue)
    orders = LeadOrders(database, utc_now, queue.enqueue, records)
    keys = [uuid.uuid4().hex for _ in range(12)]
    for number, key in enumerate(keys):
        submit(database, leads, key)
        time.sleep(0.02 * (number % 4))
        asyncio.run(orders.cancel(reference_of(key)))

    def ended() -> bool:
        found = asyncio.run(leads.list_leads(100))
        steps = {step.status for lead in found for step in lead.steps if step.name == RECORDING}
        is_settled = steps <= {"skipped", "compensated"}
        return is_settled and {lead.status for lead in found} == {"cancelled"}

    eventually(ended)
    taken = sorted(dealers.taken.values())
    assert sorted(dealers.notices.values()) == taken
    assert sorted(crm.withdrawn.values()) == sorted(each.reference for each in crm.records.values())


class SilentCrm(Crm):
    """A CRM that answers nobody until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = threading.Event()

    async def record(self, lead: LeadDocument, idempotency_key: str) -> str:
        await asyncio.to_thread(self.may_answer.wait)
        return await super().record(lead, idempotency_key)


def test_a_crm_that_keeps_silent_takes_no_place_from_leads(database: Database, queue: Jobs) -> None:
    dealers, crm = Dealers("d-1", "d-2"), SilentCrm()
    progress, records = LeadProgress(utc_now, queue.enqueue), CrmProgress(utc_now, queue.enqueue)
    documents = LeadDocuments(KEYRING)
    companions = Companions(
        route=Routing(KEYRING).route,
        check_credit=lambda _tx, _lead: False,
        records=records,
        delivery=DealerDelivery(database, utc_now, progress, dealers, dealers),
    )
    travels = LeadTravels(database, progress, documents, companions)
    recording = CrmRecording(database, records, documents, crm)
    queue.launch({JOB: submit_lead(travels), RECORDING: record_in_crm(recording)})
    leads = Leads(database, KEYRING, utc_now, queue.enqueue)

    def standing() -> Counter[str]:
        return Counter(lead.status for lead in asyncio.run(leads.list_leads(100)))

    # As many records wait after the first leads as there are places for jobs.
    for sent in (jobs.CONCURRENT_JOBS, jobs.CONCURRENT_JOBS + 1):
        while standing().total() < sent:
            submit(database, leads, uuid.uuid4().hex)
        eventually(lambda sent=sent: standing() == {"delivered": sent})
    assert crm.records == {}
    crm.may_answer.set()
    eventually(lambda: len(crm.records) == jobs.CONCURRENT_JOBS + 1)


def submit(database: Database, leads: Leads, key: str, **given: Any) -> None:
    request = a_request(key, **given)
    session = a_session(f"session-of-{key}")
    database.write_sync(lambda tx: leads.record(tx, session, request, None))


class Cluster:
    """A sandbox and workers, each a process, over one database."""

    def __init__(self, url: str, database: Database, queue: Jobs, data_dir: Path) -> None:
        self.database = database
        self.leads = Leads(database, KEYRING, utc_now, queue.enqueue)
        records = CrmProgress(utc_now, queue.enqueue)
        self.orders = LeadOrders(database, utc_now, queue.enqueue, records)
        self.port, self.smtp_port = free_port(), free_port()
        self.processes = ExitStack()
        self._environment = {
            **os.environ,
            "TREX_DATABASE_URL": url,
            "TREX_DATA_DIR": str(data_dir),
            "TREX_SECRET_KEY": SECRET,
            "TREX_SANDBOX_URL": f"http://127.0.0.1:{self.port}",
            "TREX_SMTP_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "TREX_LOAD_DEMO_DATA": "false",
        }

    def start_sandbox(self) -> None:
        self._start("sandbox", "--port", str(self.port), "--smtp-port", str(self.smtp_port))
        eventually(self._is_sandbox_there, START_SECONDS)

    def start_worker(self) -> subprocess.Popen[bytes]:
        process = self._start("worker")
        eventually(lambda: process.pid in self.living(), START_SECONDS)
        return process

    def living(self) -> set[int]:
        """The workers that have been seen, by process id."""
        names = self._column("SELECT executor_id FROM worker")
        return {pid_of(name) for name in names}

    def mover(self, key: str) -> int | None:
        """The process that runs the lead's job."""
        table = "workflow_status" if self.database.dialect == "sqlite" else "dbos.workflow_status"
        names = self._column(
            f"SELECT executor_id FROM {table}"
            f" WHERE workflow_uuid = 'submit_lead:{key}' AND status = 'PENDING'"
        )
        return pid_of(names[0]) if names and names[0] else None

    def lead(self, key: str) -> Lead:
        return asyncio.run(self.leads.show_lead(reference_of(key)))

    def step(self, key: str, name: str) -> str:
        steps = self.lead(key).summary.steps
        return next((step.status for step in steps if step.name == name), "")

    def set_fault(self, partner: str, **fault: Any) -> None:
        self._ask("PUT", f"/_sandbox/faults/{partner}", json=fault).raise_for_status()

    def end_faults(self) -> None:
        self._ask("DELETE", "/_sandbox/faults").raise_for_status()

    def received(self, partner: str) -> list[dict[str, Any]]:
        """What a partner took, without repeats."""
        entries = self._ask("GET", f"/_sandbox/received/{partner}").json()
        return [entry for entry in entries if not entry["repeat"]]

    def _ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        return httpx.request(method, f"http://127.0.0.1:{self.port}{path}", timeout=30, **given)

    def _is_sandbox_there(self) -> bool:
        try:
            return self._ask("GET", "/healthz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def _column(self, query: str) -> list[Any]:
        return self.database.read_sync(
            lambda tx: list(tx.connection.execute(text(query)).scalars())
        )

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        return self.processes.enter_context(running(command, self._environment))


@contextmanager
def running(command: Any, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "trex_app", *command], env=environment, cwd=ROOT
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def pid_of(executor_id: str) -> int:
    return int(executor_id.split("-")[-2])


@pytest.fixture
def cluster(url: str, database: Database, queue: Jobs, tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(url, database, queue, tmp_path)
    with cluster.processes:
        cluster.start_sandbox()
        yield cluster


def test_a_worker_killed_while_a_dealer_gets_a_lead_is_followed_by_another(
    cluster: Cluster,
) -> None:
    workers = [cluster.start_worker(), cluster.start_worker()]
    cluster.set_fault("dealers", kind="latency", latency_ms=1500)
    key = uuid.uuid4().hex
    submit(cluster.database, cluster.leads, key, dealer_ids=DEALERS)
    eventually(lambda: "sending" in {each["status"] for each in cluster.lead(key).dealers})
    killed = cluster.mover(key)
    (victim,) = [process for process in workers if process.pid == killed]
    os.kill(victim.pid, signal.SIGKILL)
    cluster.end_faults()
    eventually(lambda: cluster.lead(key).summary.status == "delivered")
    taken = [entry["path"] for entry in cluster.received("dealers")]
    assert sorted(taken) == sorted(f"/v1/dealers/{dealer}/leads" for dealer in DEALERS)
    eventually(lambda: len(cluster.received("crm")) == 1)


def test_a_partner_that_comes_back_gets_what_was_parked_and_a_worker_ends_when_told(
    cluster: Cluster,
) -> None:
    worker = cluster.start_worker()
    cluster.set_fault("dealers", kind="drop")
    cluster.set_fault("crm", kind="drop")
    key = uuid.uuid4().hex
    submit(cluster.database, cluster.leads, key, dealer_ids=DEALERS)
    eventually(lambda: cluster.lead(key).summary.status == "parked")
    eventually(lambda: cluster.step(key, RECORDING) == "parked")
    cluster.end_faults()
    eventually(lambda: cluster.lead(key).summary.status == "delivered")
    eventually(lambda: cluster.step(key, RECORDING) == "done")
    asyncio.run(cluster.orders.cancel(reference_of(key)))
    eventually(lambda: cluster.lead(key).summary.status == "cancelled")
    eventually(lambda: cluster.step(key, RECORDING) == "compensated")
    assert len(cluster.received("dealers")) == 2 * len(DEALERS)
    assert [entry["method"] for entry in cluster.received("crm")] == ["POST", "PATCH"]
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=PATIENCE_SECONDS) == 0
    assert cluster.living() == set()
