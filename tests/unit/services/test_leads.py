"""Leads: saved once with their reference, shown and erased."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from trex_app.core.crypto import Keyring
from trex_app.core.errors import NotFound
from trex_app.db import migrate
from trex_app.db.transaction import Database
from trex_app.engine.session import Position, Session, Status
from trex_app.engine.walk import Request, RequestKind
from trex_app.services.leads import JOB, Leads, reference_of

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CONTACT = {"first_name": "Ada", "email": "ada@example.com"}


@dataclass
class Office:
    """Leads over a real database, with a clock to set and the jobs that were asked for."""

    database: Database
    leads: Leads
    jobs: list[tuple[str, str]]
    now: datetime = NOW

    def submit(self, key: str, session_id: str = "s-1", **given: Any) -> str:
        request = Request(
            RequestKind.EFFECT,
            workflow_id="buying",
            position=Position("", "lead_submission"),
            name="leads.submit",
            input={"contact": CONTACT, **given},
            input_hash="hash",
            key=key,
        )
        value = self.leads.begin(request.input, key)
        session = a_session(session_id)
        self.database.write_sync(lambda tx: self.leads.record(tx, session, request, value))
        return value["reference"]


def a_session(session_id: str, context: Mapping[str, Any] | None = None) -> Session:
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
        context=context or {"tenant": "dealer-group"},
    )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    url = f"sqlite:///{tmp_path}/trex.db"
    migrate.upgrade(url)
    database = Database(url)
    jobs: list[tuple[str, str]] = []
    keyring = Keyring(b"a secret for tests" * 3)
    leads = Leads(
        database, keyring, lambda: office.now, lambda tx, name, key, **_: jobs.append((name, key))
    )
    office = Office(database, leads, jobs)
    yield office
    database.close()


@given(st.text(max_size=64))
def test_a_reference_can_be_read_out_and_follows_from_the_key(key: str) -> None:
    reference = reference_of(key)
    assert re.fullmatch(r"TRX(-[0-9A-HJKMNP-TV-Z]{4}){2}", reference)
    assert reference == reference_of(key)


def test_different_keys_have_different_references() -> None:
    assert len({reference_of(str(number)) for number in range(10_000)}) == 10_000


async def test_a_lead_is_received_with_its_job(office: Office) -> None:
    reference = office.submit("key-1", dealer_ids=["d-1"])
    assert office.jobs == [(JOB, "key-1")]
    (lead,) = await office.leads.list_leads(limit=10)
    assert lead.as_json() == {
        "reference": reference,
        "status": "received",
        "journey": "buying",
        "tenant": "dealer-group",
        "created_at": "2026-05-04T12:00:00+00:00",
        "steps": [],
    }


async def test_a_lead_that_was_not_committed_leaves_neither_row_nor_job(office: Office) -> None:
    office.submit("key-1")
    with pytest.raises(Exception, match="UNIQUE"):
        office.submit("key-1")
    assert len(await office.leads.list_leads(limit=10)) == 1
    assert len(office.jobs) == 1


async def test_a_lead_that_is_saved_is_told_to_whoever_must_know(office: Office) -> None:
    reference = office.submit("key-1", kind="buying")
    query = text("SELECT topic, subject, data FROM domain_event")
    event = office.database.read_sync(lambda tx: tx.connection.execute(query).one())
    assert (event.topic, event.subject) == ("LeadCaptured", "key-1")
    assert json.loads(event.data) == {
        "lead_key": "key-1",
        "reference": reference,
        "kind": "buying",
        "journey": "buying",
        "tenant": "dealer-group",
        "session_id": "s-1",
    }


async def test_leads_are_listed_newest_first(office: Office) -> None:
    first = office.submit("key-1", dealer_ids=["d-1"])
    office.now += timedelta(seconds=1)
    second = office.submit("key-2", dealer_ids=["d-2"])
    listed = await office.leads.list_leads(limit=10)
    assert [lead.reference for lead in listed] == [second, first]


async def test_the_list_holds_the_newest_only_and_none_from_before(office: Office) -> None:
    references = []
    for number in range(3):
        office.now += timedelta(hours=1)
        references.append(office.submit(f"key-{number}"))
    oldest, middle, newest = references
    assert [lead.reference for lead in await office.leads.list_leads(limit=1)] == [newest]
    since_the_middle = await office.leads.list_leads(10, office.now - timedelta(hours=1))
    assert [lead.reference for lead in since_the_middle] == [newest, middle]
    assert oldest not in {lead.reference for lead in since_the_middle}


async def test_a_lead_is_shown_in_full_by_its_reference_however_it_is_typed(
    office: Office,
) -> None:
    reference = office.submit("key-1")
    lead = await office.leads.show_lead(f" {reference.lower()} ")
    assert lead.details == {"contact": CONTACT}
    assert json.dumps(lead.as_json())


async def test_the_list_can_be_of_one_status(office: Office) -> None:
    reference = office.submit("key-1")
    assert [lead.reference for lead in await office.leads.list_leads(10, status="received")] == [
        reference
    ]
    assert await office.leads.list_leads(10, status="parked") == []


async def test_a_lead_tells_personal_data_only_where_that_is_asked_for(office: Office) -> None:
    lead = await office.leads.show_lead(office.submit("key-1"))
    assert "ada@example.com" not in json.dumps(lead.as_json())
    assert lead.as_json(with_details=True)["details"] == {"contact": CONTACT}


async def test_an_unknown_reference_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound, match="no lead with this reference"):
        await office.leads.show_lead("TRX-0000-0000")


async def test_erasing_a_person_leaves_the_bare_facts_of_their_leads(office: Office) -> None:
    mine, other = office.submit("key-1"), office.submit("key-2", session_id="s-2")
    office.database.write_sync(lambda tx: office.leads.erase(tx, "s-1"))
    assert (await office.leads.show_lead(mine)).details is None
    assert (await office.leads.show_lead(other)).details is not None


def test_no_personal_value_stands_in_clear(office: Office) -> None:
    office.submit("key-1")
    query = text("SELECT * FROM lead")
    row = office.database.read_sync(lambda tx: tx.connection.execute(query).one())
    assert "ada@example.com" not in repr(row)
