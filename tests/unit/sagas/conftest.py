"""A lead's whole way over a real database, with partners in memory and a clock to set."""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOS
from sqlalchemy import select

from tests.unit.sagas.partners import Crm, Dealers, Letters
from trex_app.core.crypto import Keyring
from trex_app.db import migrate
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.session import Position, Session, Status
from trex_app.engine.walk import Request, RequestKind
from trex_app.sagas.dealer_delivery import DealerDelivery
from trex_app.sagas.lead_travels import Companions, LeadTravels
from trex_app.sagas.record_in_crm import CrmRecording, record_in_crm
from trex_app.sagas.submit_lead import submit_lead
from trex_app.services import crm_progress
from trex_app.services.crm_progress import CrmProgress
from trex_app.services.lead_documents import LeadDocuments
from trex_app.services.lead_orders import LeadOrders
from trex_app.services.lead_progress import JOB, LeadProgress
from trex_app.services.lead_views import Lead
from trex_app.services.leads import Leads, reference_of
from trex_app.services.routing import Routing

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KEYRING = Keyring(b"a secret for tests" * 3)
CONTACT = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"}
KEY = "lead-0001"


@dataclass
class Timer:
    """A job that was enqueued, and when it is due."""

    name: str
    key: str
    round: int
    delay_seconds: float
    enqueued_at: datetime

    @property
    def due(self) -> datetime:
        return self.enqueued_at + timedelta(seconds=self.delay_seconds)


@dataclass
class Road:
    """Leads on their way: send one, let its jobs run, order about it."""

    database: Database
    dealers: Dealers = field(default_factory=lambda: Dealers("d-1", "d-2", "d-3"))
    crm: Crm = field(default_factory=Crm)
    letters: Letters = field(default_factory=Letters)
    timers: list[Timer] = field(default_factory=list)
    checks_credit: bool = False
    has_partners: bool = True
    now: datetime = NOW

    def clock(self) -> datetime:
        return self.now

    def enqueue(
        self, tx: Transaction, name: str, key: str, *, round: int = 0, delay_seconds: float = 0
    ) -> None:
        self.timers.append(Timer(name, key, round, delay_seconds, self.now))

    @property
    def leads(self) -> Leads:
        return Leads(self.database, KEYRING, self.clock, self.enqueue)

    @property
    def orders(self) -> LeadOrders:
        return LeadOrders(self.database, self.clock, self.enqueue, self.records)

    @property
    def records(self) -> CrmProgress:
        return CrmProgress(self.clock, self.enqueue)

    @property
    def recording(self) -> CrmRecording:
        crm = self.crm if self.has_partners else None
        return CrmRecording(self.database, self.records, LeadDocuments(KEYRING), crm)

    @property
    def travels(self) -> LeadTravels:
        progress = LeadProgress(self.clock, self.enqueue)
        delivery = DealerDelivery(self.database, self.clock, progress, self.dealers, self.dealers)
        companions = Companions(
            route=Routing(KEYRING).route,
            check_credit=lambda _tx, _lead: self.checks_credit,
            records=self.records if self.has_partners else None,
            delivery=delivery if self.has_partners else None,
            messages=self.letters if self.has_partners else None,
        )
        return LeadTravels(self.database, progress, LeadDocuments(KEYRING), companions)

    def send(self, key: str = KEY, **given: Any) -> str:
        request = a_request(key, **given)
        session = a_session(f"session-of-{key}")
        self.database.write_sync(lambda tx: self.leads.record(tx, session, request, None))
        return reference_of(key)

    def run_next(self, name: str = JOB) -> Timer:
        """Let the job of this name that was enqueued first run, at the time it is due."""
        timer = next(timer for timer in self.timers if timer.name == name)
        self.timers.remove(timer)
        self.now = max(self.now, timer.due)
        self._run(timer)
        return timer

    def _run(self, timer: Timer) -> None:
        if timer.name == JOB:
            submit_lead(self.travels)(timer.key, timer.round)
        else:
            assert timer.name == crm_progress.JOB
            record_in_crm(self.recording)(timer.key, timer.round)

    def run_all(self, limit: int = 2000) -> None:
        """Let every job run when it is due, until none is left."""
        for _ in range(limit):
            if not self.timers:
                return
            self.run_next(min(self.timers, key=lambda timer: timer.due).name)
        raise AssertionError("the lead never came to an end")

    async def lead(self, key: str = KEY) -> Lead:
        return await self.leads.show_lead(reference_of(key))

    def row(self, key: str = KEY) -> Any:
        table = METADATA.tables["lead"]
        query = select(table).where(table.c.key == key)
        return self.database.read_sync(lambda tx: tx.connection.execute(query).one())

    def topics(self) -> list[str]:
        table = METADATA.tables["domain_event"]
        query = select(table.c.topic).order_by(table.c.sequence)
        return self.database.read_sync(lambda tx: list(tx.connection.execute(query).scalars()))


def statuses(lead: Lead) -> dict[str, str]:
    return {step.name: step.status for step in lead.summary.steps}


def lead_of(road: Road, key: str = KEY) -> Lead:
    return asyncio.run(road.lead(key))


def dealers_of(road: Road) -> dict[str, str]:
    return {each["dealer_id"]: each["status"] for each in lead_of(road).dealers}


def a_request(key: str, kind: str = "dealer_network", **given: Any) -> Request:
    return Request(
        RequestKind.EFFECT,
        workflow_id="selling",
        position=Position("", "lead_submission"),
        name="leads.submit",
        input={"kind": kind, "contact": CONTACT, "dealer_ids": ["d-1", "d-2"], **given},
        input_hash="hash",
        key=key,
    )


def a_session(session_id: str) -> Session:
    position = Position("", "buying_confirmation")
    return Session(
        session_id=session_id,
        workflow_id="entry",
        workflow_hash="a" * 32,
        status=Status.ACTIVE,
        cursor=position,
        path=(position,),
        revision=3,
        created_at=NOW,
        updated_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        context={"tenant": "dealer-group", "locale": "de"},
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/trex.db"
    migrate.upgrade(url)
    database = Database(url)
    yield database
    database.close()


def a_road(database: Database, monkeypatch: pytest.MonkeyPatch) -> Road:
    """Jobs run here and now: how DBOS runs them is the matter of tests/integration."""

    def run_step(_options: Any, step: Callable[..., Any], *args: Any) -> Any:
        outcome = step(*args)
        return asyncio.run(outcome) if inspect.iscoroutine(outcome) else outcome

    monkeypatch.setattr(DBOS, "run_step", run_step)
    return Road(database)


@pytest.fixture
def road(database: Database, monkeypatch: pytest.MonkeyPatch) -> Road:
    return a_road(database, monkeypatch)
