"""Those who got a lead hear that its person asked to be forgotten: each once, nobody by name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import insert, select, update

from trex_app.core.errors import PartnerRefused, Unavailable
from trex_app.db import migrate
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.ports import Data, LeadDocument
from trex_app.sagas.tell_of_erasure import JOB, ErasureNotices

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KEY = "lead-1"


class Receivers:
    """Dealers and a CRM that keep what they were told, or fail as they are told to."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, LeadDocument | None]] = []
        self.faults: dict[str, Exception] = {}

    async def near(self, postal_code: str, *, limit: int = 10, makes: Sequence[str] = ()) -> Data:
        raise AssertionError("the saga has no reason to ask for this")

    async def get_many(self, dealer_ids: Sequence[str]) -> Mapping[str, Data]:
        return {each: {"dealer_id": each} for each in dealer_ids if each != "gone"}

    async def deliver(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        raise AssertionError("the saga has no reason to ask for this")

    async def cancel(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        raise AssertionError("the saga has no reason to ask for this")

    async def forget(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        self._note(dealer["dealer_id"], idempotency_key, lead)

    async def record(self, lead: LeadDocument, idempotency_key: str) -> str:
        raise AssertionError("the saga has no reason to ask for this")

    async def withdraw(
        self,
        reference: str,
        idempotency_key: str,
        reopenings: int = 0,
        record_id: str | None = None,
    ) -> None:
        raise AssertionError("the saga has no reason to ask for this")

    async def reopen(
        self, reference: str, idempotency_key: str, reopenings: int, record_id: str | None = None
    ) -> None:
        raise AssertionError("the saga has no reason to ask for this")

    async def erase(
        self, reference: str, idempotency_key: str, record_id: str | None = None
    ) -> None:
        self._note("crm", record_id or idempotency_key, None)

    def _note(self, who: str, key: str, lead: LeadDocument | None) -> None:
        if who in self.faults:
            raise self.faults[who]
        self.told.append((who, key, lead))

    @property
    def names(self) -> list[str]:
        return [who for who, _, _ in self.told]


class Office:
    """Notices over a real database, with the further rounds that were asked for."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.receivers = Receivers()
        self.jobs: list[tuple[str, str, int]] = []
        self.notices = ErasureNotices(
            database, self.enqueue, self.receivers, self.receivers, self.receivers
        )

    def enqueue(
        self, tx: Transaction, name: str, key: str, *, round: int = 0, delay_seconds: float = 0
    ) -> None:
        assert delay_seconds > 0
        self.jobs.append((name, key, round))

    def statuses(self) -> dict[str, str]:
        dealer = METADATA.tables["lead_dealer"]
        query = select(dealer.c.dealer_id, dealer.c.status)
        rows = self.database.read_sync(lambda tx: tx.connection.execute(query).all())
        return {row.dealer_id: row.status for row in rows}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    url = f"sqlite:///{tmp_path}/trex.db"
    migrate.upgrade(url)
    database = Database(url)
    lead: dict[str, Any] = {
        "key": KEY,
        "reference": "TRX-7K3M-9QWX",
        "session_id": "session-1",
        "journey": "buying",
        "status": "delivered",
        "created_at": NOW,
        "updated_at": NOW,
    }
    standing = {"has-it": "delivered", "may-have-it": "sending", "called-off": "cancelled",
                "gone": "delivered", "never": "assigned", "no": "refused"}  # fmt: skip
    dealers = [
        {"lead_key": KEY, "dealer_id": name, "rank": rank, "status": status}
        for rank, (name, status) in enumerate(standing.items())
    ]

    def work(tx: Transaction) -> None:
        tx.connection.execute(insert(METADATA.tables["lead"]).values(lead))
        tx.connection.execute(insert(METADATA.tables["lead_dealer"]), dealers)

    database.write_sync(work)
    yield Office(database)
    database.close()


async def test_all_who_have_it_or_may_have_it_are_told_and_nobody_else(office: Office) -> None:
    await office.notices.tell(KEY, 0)
    assert office.receivers.names == ["crm", "has-it", "may-have-it", "called-off"]
    assert office.statuses() == {
        "has-it": "forgotten",
        "may-have-it": "forgotten",
        "called-off": "forgotten",
        "gone": "delivered",
        "never": "assigned",
        "no": "refused",
    }
    assert office.jobs == []


async def test_a_notice_names_the_reference_and_no_person(office: Office) -> None:
    await office.notices.tell(KEY, 0)
    document = office.receivers.told[1][2]
    assert document is not None
    assert document.reference == "TRX-7K3M-9QWX"
    assert document.contact["email"].endswith(".invalid")
    assert (document.vehicle, document.details) == ({}, {})


async def test_who_is_away_is_told_in_a_further_round_and_the_others_once(office: Office) -> None:
    office.receivers.faults["may-have-it"] = Unavailable()
    await office.notices.tell(KEY, 0)
    assert office.jobs == [(JOB, KEY, 1)]
    office.receivers.faults.clear()
    await office.notices.tell(KEY, 1)
    assert office.receivers.names.count("has-it") == 1
    assert office.receivers.names.count("may-have-it") == 1
    assert len(office.jobs) == 1


async def test_a_crm_that_is_away_keeps_no_dealer_from_hearing(office: Office) -> None:
    office.receivers.faults["crm"] = Unavailable()
    await office.notices.tell(KEY, 0)
    assert office.receivers.names == ["has-it", "may-have-it", "called-off"]
    assert office.jobs == [(JOB, KEY, 1)]
    office.receivers.faults.clear()
    await office.notices.tell(KEY, 1)
    assert office.receivers.names == ["has-it", "may-have-it", "called-off", "crm"]
    assert len(office.jobs) == 1


async def test_every_record_of_a_lead_that_was_sent_anew_is_erased(office: Office) -> None:
    lead = METADATA.tables["lead"]
    office.database.write_sync(lambda tx: tx.connection.execute(update(lead).values(trip=2)))
    await office.notices.tell(KEY, 0)
    keys = [key for who, key, _ in office.receivers.told if who == "crm"]
    assert keys == [f"{KEY}:crm", f"{KEY}:crm:1", f"{KEY}:crm:2"]


async def test_a_record_whose_id_is_known_is_erased_by_it(office: Office) -> None:
    """The CRM may have forgotten by then under which key it was made."""
    lead, record = METADATA.tables["lead"], METADATA.tables["crm_record"]
    row: dict[str, Any] = {
        "lead_key": KEY,
        "is_wanted": True,
        "trip": 2,
        "record_trip": 1,
        "record_ids": {"0": "crm_a", "1": "crm_b"},
        "round": 3,
        "status": "done",
        "attempts": 1,
        "waits_since": NOW,
        "updated_at": NOW,
    }

    def work(tx: Transaction) -> None:
        tx.connection.execute(update(lead).values(trip=2))
        tx.connection.execute(insert(record).values(row))

    office.database.write_sync(work)
    await office.notices.tell(KEY, 0)
    told = [name for who, name, _ in office.receivers.told if who == "crm"]
    assert told == ["crm_a", "crm_b", f"{KEY}:crm:2"]


async def test_who_refuses_to_hear_of_it_keeps_nobody_else_from_hearing(office: Office) -> None:
    office.receivers.faults = {
        "crm": PartnerRefused("crm", 404),
        "has-it": PartnerRefused("d", 410),
    }
    with structlog.testing.capture_logs() as lines:
        await office.notices.tell(KEY, 0)
    assert office.receivers.names == ["may-have-it", "called-off"]
    assert office.jobs == []
    assert {line.get("dealer_id"): line["fault"] for line in lines} == {
        None: "crm refused with status 404",
        "has-it": "d refused with status 410",
        "gone": "the dealer is not known",
    }


async def test_who_has_not_heard_still_stands_as_one_who_has_the_lead(office: Office) -> None:
    office.receivers.faults = {"has-it": PartnerRefused("d", 422)}
    await office.notices.tell(KEY, 0)
    statuses = office.statuses()
    assert (statuses["has-it"], statuses["gone"]) == ("delivered", "delivered")
    assert statuses["called-off"] == "forgotten"


async def test_the_notice_is_announced_with_the_callers_commit(office: Office) -> None:
    office.database.write_sync(lambda tx: office.notices.announce(tx, KEY))
    assert office.jobs == [(JOB, KEY, 0)]
