"""A person who is erased is erased everywhere: nothing that they gave can be read any more."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import MetaData, select

from tests.integration.world import ADA, CONTACT, World
from trex_app.core.errors import Forbidden, NotFound
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.services.outcomes import Outcomes
from trex_app.services.privacy import Who
from trex_app.services.session_records import SessionRecords
from trex_app.services.views import StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")

VEHICLE = {
    "vin": "1HGCM82633A004352",
    "mileage_km": 42000,
    "condition": "good",
    "asking_price": 9000,
    "postal_code": "60618",
}
BUYER = {"buyer_name": "Mary Shelley", "buyer_email": "mary@example.org", "agreed_price": 8800}
CREDIT = {
    "birth_date": "1980-05-05",
    "street": "Elm Street 5",
    "city": "Evanston",
    "income_band": "50k_75k",
}
FINANCING = {"needs_financing": True, "applicant": "me", "amount": 5000, "credit_consent": True}
GIVEN_TO_US = (CONTACT["email"], CONTACT["last_name"], VEHICLE["vin"], BUYER["buyer_name"])
SEALED_COLUMNS = ("details", "request", "decision")


@pytest.fixture
def records(world: World) -> SessionRecords:
    container = world.container
    return SessionRecords(container.database, container.store, container.clock)


async def sell(world: World) -> StepView:
    """A sale with a credit check and a lead, with a way back for later."""
    view = await world.walk(
        await world.start("selling"),
        {"has_buyer": True},
        VEHICLE,
        {"buyer_type": "private"},
        BUYER,
        {**FINANCING, **CREDIT},
        CONTACT,
    )
    await world.journeys.create_resume_link(
        ADA, view.session_id, "reminded@example.org", has_consented=True
    )
    return view


async def erase(world: World, view: StepView) -> None:
    await world.container.privacy.erase(Who(session_id=view.session_id))


async def salt_of(world: World, view: StepView) -> str:
    store = world.container.store
    stored = await world.container.database.read(lambda tx: store.load(tx, view.session_id))
    assert stored is not None
    assert len(stored.session.salt) == 32
    return stored.session.salt


async def readable(world: World, session_id: str) -> str:
    """All that the database tells somebody who has every secret of the installation."""

    def read(tx: Transaction) -> str:
        tables = MetaData()
        tables.reflect(tx.connection)
        found: list[Any] = [world.container.store.load(tx, session_id)]
        found += world.container.store.events(tx, session_id)
        # Definitions hold the options people chose from, which says nothing of anybody.
        about_people = [t for t in tables.sorted_tables if t.name != "workflow_version"]
        for table in about_people:
            for row in tx.connection.execute(select(table)).mappings():
                found += [*row.values(), *unsealed(world, dict(row))]
        return str(found)

    return await world.container.database.read(read)


def unsealed(world: World, row: dict[str, Any]) -> list[Any]:
    """What the encrypted columns of a row say, where its key is still there."""
    if "key" not in row or not row.get("wrapped_key"):
        return []
    place = row["key"].encode()
    key = world.container.keyring.unwrap(bytes(row["wrapped_key"]), place)
    sealed = [bytes(row[name]) for name in SEALED_COLUMNS if row.get(name)]
    return [orjson.loads(key.decrypt(value, place)) for value in sealed]


async def test_an_erased_person_cannot_be_read_in_any_table(
    world: World, records: SessionRecords
) -> None:
    view = await sell(world)
    # With the salt, the keys of jobs and leads could be tried against guessed answers.
    given = (*GIVEN_TO_US, *CREDIT.values(), "reminded@example.org", await salt_of(world, view))
    before = await readable(world, view.session_id)
    assert [value for value in given if value not in before] == []

    await erase(world, view)

    after = await readable(world, view.session_id)
    assert [value for value in given if value in after] == []
    assert (await records.show(view.session_id))["status"] == "erased"
    assert await records.verify(view.session_id)
    await erase(world, view)  # asked for twice, which changes nothing


async def test_a_purge_erases_credit_data_and_leaves_the_lead(world: World) -> None:
    view = await sell(world)
    world.clock.now += timedelta(days=100)

    await world.container.retention.purge(30)

    after = await readable(world, view.session_id)
    assert [value for value in CREDIT.values() if value in after] == []
    assert "reminded@example.org" not in after
    assert CONTACT["email"] in after

    await erase(world, view)
    assert CONTACT["email"] not in await readable(world, view.session_id)


async def test_what_a_person_sends_while_they_are_erased_is_erased_as_well(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    effects: Any = world.container.capabilities.effects
    sending, is_written, may_commit = effects["leads.submit"], threading.Event(), threading.Event()

    def record(*given: Any) -> None:
        sending.record(*given)
        is_written.set()
        may_commit.wait(30)

    monkeypatch.setitem(effects, "leads.submit", replace(sending, record=record))
    view = await world.walk_to_confirmation()
    async with asyncio.timeout(30):
        submitting = asyncio.create_task(world.walk(view, CONTACT))
        await asyncio.to_thread(is_written.wait, 30)
        erasing = asyncio.create_task(erase(world, view))
        await world.until_it_waits(erasing)
        may_commit.set()
        await asyncio.gather(submitting, erasing)
    assert CONTACT["email"] not in await readable(world, view.session_id)


async def letters_kept(world: World, session_id: str) -> list[str]:
    """The ids of the messages that still say something."""
    message = METADATA.tables["message"]
    kept = select(message.c.message_id).where(
        message.c.session_id == session_id, message.c.details.is_not(None)
    )
    return await world.container.database.read(
        lambda tx: list(tx.connection.execute(kept).scalars())
    )


async def lead_of(world: World, session_id: str) -> str:
    lead = METADATA.tables["lead"]
    query = select(lead.c.key).where(lead.c.session_id == session_id)
    return await world.container.database.read(lambda tx: tx.connection.execute(query).scalar_one())


@pytest.mark.parametrize("is_about", ["a lead", "a decision", "a journey left alone", "a link"])
async def test_what_is_written_to_a_person_while_they_are_erased_is_not_kept(
    world: World, is_about: str
) -> None:
    has_lead = is_about in {"a lead", "a decision"}
    view = await sell(world) if has_lead else await world.start()
    session_id, told = view.session_id, world.container.communications
    link = await world.journeys.create_resume_link(
        ADA, session_id, "reminded@example.org", has_consented=True
    )
    is_written, may_commit = threading.Event(), threading.Event()
    key = await lead_of(world, session_id) if has_lead else ""

    def write(tx: Transaction) -> None:
        match is_about:
            case "a lead":
                told.tell_cancelled(tx, key)
            case "a decision":
                told.tell_credit_decided(tx, session_id, "check")
            case "a link":
                told.send_link(tx, session_id, link.token, "me@example.org", "en")
            case _:
                told.remind(tx, session_id)
        is_written.set()
        may_commit.wait(30)

    async with asyncio.timeout(30):
        writing = asyncio.create_task(world.container.database.write(write))
        await asyncio.to_thread(is_written.wait, 30)
        erasing = asyncio.create_task(erase(world, view))
        await world.until_it_waits(erasing)
        may_commit.set()
        await asyncio.gather(writing, erasing)
    assert await letters_kept(world, session_id) == []
    if is_about == "a link":
        with pytest.raises(Forbidden):
            await world.container.database.write(write)


async def left_too_long(world: World) -> StepView:
    """A sale that can only be begun anew, with its answers."""
    view = await sell(world)
    world.clock.now += timedelta(hours=169)
    return view


async def test_answers_of_who_is_erased_while_they_begin_anew_do_not_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers were read by then."""
    view, insert = await left_too_long(world), Outcomes.insert

    async def be_erased_first(self: Outcomes, *given: Any) -> None:
        await erase(world, view)
        await insert(self, *given)

    monkeypatch.setattr(Outcomes, "insert", be_erased_first)
    before = await world.count("session")
    with pytest.raises(Forbidden):
        await world.journeys.restart(ADA, view.session_id)
    assert await world.count("session") == before


async def test_what_a_person_takes_along_while_they_are_erased_is_erased_as_well(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = await left_too_long(world)
    insert, is_written, may_commit = SessionStore.insert, threading.Event(), threading.Event()

    def insert_slowly(*given: Any, **named: Any) -> None:
        insert(*given, **named)
        is_written.set()
        may_commit.wait(30)

    monkeypatch.setattr(SessionStore, "insert", insert_slowly)
    async with asyncio.timeout(30):
        restarting = asyncio.create_task(world.journeys.restart(ADA, view.session_id))
        await asyncio.to_thread(is_written.wait, 30)
        erasing = asyncio.create_task(world.container.privacy.erase(Who(email=CONTACT["email"])))
        await world.until_it_waits(erasing)
        may_commit.set()
        await asyncio.gather(restarting, erasing, return_exceptions=True)
    with pytest.raises(NotFound):
        await world.container.privacy.export(Who(email=CONTACT["email"]))
