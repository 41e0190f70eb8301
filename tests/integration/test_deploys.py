"""Leads that the version before had under way get to their end with this one."""

import asyncio
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.integration.former_worker import ENDS, EXECUTOR
from tests.integration.lead_process import KEYRING
from tests.unit.sagas.partners import Crm, Dealers
from trex_app.core.clock import utc_now
from trex_app.db import migrate
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.sagas import jobs
from trex_app.sagas.dealer_delivery import DealerDelivery
from trex_app.sagas.jobs import Jobs
from trex_app.sagas.lead_travels import Companions, LeadTravels
from trex_app.sagas.record_in_crm import CrmRecording, record_in_crm
from trex_app.sagas.submit_lead import submit_lead
from trex_app.services import crm_progress
from trex_app.services.crm_progress import CrmProgress
from trex_app.services.lead_documents import LeadDocuments
from trex_app.services.lead_orders import LeadOrders
from trex_app.services.lead_progress import JOB, LeadProgress
from trex_app.services.leads import Leads, reference_of
from trex_app.services.routing import Routing

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/trex.db"
    return request.getfixturevalue("own_postgres_url")


@dataclass
class Site:
    """This version, over the database that the former one left."""

    database: Database
    queue: Jobs
    dealers: Dealers
    crm: Crm

    def __post_init__(self) -> None:
        enqueue = self.queue.enqueue
        self.leads = Leads(self.database, KEYRING, utc_now, enqueue)
        self.records = CrmProgress(utc_now, enqueue)
        self.orders = LeadOrders(self.database, utc_now, enqueue, self.records)

    def launch(self) -> None:
        progress = LeadProgress(utc_now, self.queue.enqueue)
        documents = LeadDocuments(KEYRING)
        companions = Companions(
            route=Routing(KEYRING).route,
            check_credit=lambda _tx, _lead: False,
            records=self.records,
            delivery=DealerDelivery(self.database, utc_now, progress, self.dealers, self.dealers),
        )
        travels = LeadTravels(self.database, progress, documents, companions)
        recording = CrmRecording(self.database, self.records, documents, self.crm)
        self.queue.launch({JOB: submit_lead(travels), crm_progress.JOB: record_in_crm(recording)})

    def have_in_crm(self, key: str) -> None:
        """Let the CRM have what the version before recorded there."""
        document = self.database.read_sync(lambda tx: LeadDocuments(KEYRING).document(tx, key))
        assert document is not None
        self.crm.records[f"{key}:crm"] = document

    def stands(self, key: str) -> tuple[str, str]:
        """The lead, and its record in the CRM."""
        lead = asyncio.run(self.leads.show_lead(reference_of(key))).summary
        steps = {step.name: step.status for step in lead.steps}
        return lead.status, steps.get(crm_progress.JOB, "")


@pytest.fixture
def open_site(url: str) -> Iterator[Callable[[], Site]]:
    sites: list[Site] = []

    def open_now() -> Site:
        migrate.upgrade(url)
        database = Database(url)
        jobs.prepare(database.url)
        site = Site(database, Jobs(database, EXECUTOR), Dealers("d-1"), Crm())
        sites.append(site)
        return site

    yield open_now
    for site in sites:
        if site.queue.is_running:
            site.queue.shutdown()
        site.queue.close()
        site.database.close()


def leave_under_way(url: str, key: str, end: str) -> None:
    """Let the version before die on the lead's way."""
    command = [sys.executable, "-m", "tests.integration.former_worker", url, key, end]
    process = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert process.returncode == -signal.SIGKILL, process.stderr


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert is_so()


OUTCOMES: Mapping[str, tuple[str, str]] = {
    "asking": ("delivered", "done"),
    "asked": ("delivered", "done"),
    "waiting": ("delivered", "done"),
    "withdrawing": ("compensated", "compensated"),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_lead_gets_to_its_end_and_into_the_crm_once(
    url: str, open_site: Callable[[], Site], end: str
) -> None:
    key = uuid.uuid4().hex
    leave_under_way(url, key, end)
    site = open_site()
    if end != "waiting":
        site.have_in_crm(key)
    site.launch()
    eventually(lambda: site.stands(key) == OUTCOMES[end])
    assert list(site.crm.records) == [f"{key}:crm"]
    is_undone = end == "withdrawing"
    assert site.crm.open == ([] if is_undone else [f"{key}:crm"])
    assert list(site.dealers.taken) == ([] if is_undone else [f"{key}:d-1"])


@pytest.mark.parametrize("end", ["asking", "asked", "waiting"])
def test_a_lead_that_is_called_back_is_withdrawn_from_the_crm(
    url: str, open_site: Callable[[], Site], end: str
) -> None:
    key = uuid.uuid4().hex
    leave_under_way(url, key, end)
    site = open_site()
    site.have_in_crm(key)
    asyncio.run(site.orders.cancel(reference_of(key)))
    site.launch()
    eventually(lambda: site.stands(key) == ("cancelled", "compensated"))
    assert site.crm.open == []
    assert site.dealers.taken == {}


def test_what_the_version_before_could_not_withdraw_stays_the_only_record(
    url: str, open_site: Callable[[], Site]
) -> None:
    key = uuid.uuid4().hex
    leave_under_way(url, key, "asked")
    database = Database(url)
    database.write_sync(lambda tx: fail_to_withdraw(tx, key))
    database.close()
    site = open_site()
    site.have_in_crm(key)
    assert asyncio.run(site.orders.retry(reference_of(key))) == "processing"
    site.launch()
    eventually(lambda: site.stands(key) == ("delivered", "done"))
    assert list(site.crm.records) == site.crm.open == [f"{key}:crm"]
    assert list(site.dealers.taken) == [f"{key}:d-1:1"]


def fail_to_withdraw(tx: Transaction, key: str) -> None:
    """Leave a lead as one that was undone, except in the CRM."""
    lead, step = METADATA.tables["lead"], METADATA.tables["lead_step"]
    undone = update(lead).where(lead.c.key == key).values(status="compensated", round=1)
    refused = {"status": "failed", "error": "not undone: crm refused with status 403"}
    in_crm = update(step).where(step.c.lead_key == key, step.c.name == crm_progress.JOB)
    tx.connection.execute(undone)
    tx.connection.execute(in_crm.values(refused))
