"""What people type in stands nowhere in clear: canaries in every field, looked for everywhere."""

import asyncio
import io
import logging
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import MetaData, select

from tests.integration.post import Post
from tests.integration.world import ADA, BOB, CONTACT
from tests.unit.workflows.shipped import workflows
from trex_app.core.telemetry import configure_logging, metrics_text
from trex_app.db.sealed import SEALED_COLUMNS
from trex_app.db.transaction import Transaction
from trex_app.engine.definition import Pii, Screen
from trex_app.services.privacy import Who
from trex_app.services.views import StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERSON = {
    "first_name": "Kanarienvogel",
    "last_name": "Zwitscherbach",
    "email": "canary.bird@cage.example",
    "phone": "+1 312 555 0188",
    "postal_code": "00611",  # no number begins like this
    "contact_channels": ["email", "sms"],
}
CREDIT = {
    "birth_date": "1971-03-17",
    "street": "Vogelweide 17",
    "city": "Canaryville",
}
BUYER = {"buyer_name": "Papagena Gefieder", "buyer_email": "papagena@aviary.example"}
DEALER = {"dealer_name": "Autohaus Nachtigall", "dealer_email": "nightingale@perch.example"}
SALE = {
    "vin": "1FAFP40481F192837",
    "mileage_km": 42000,
    "condition": "good",
    "asking_price": 9000,
    "postal_code": "60618",
    "description": "Until last spring it belonged to Aunt Amsel.",
}
QUESTION = "May I call on Sunday? I am in hospital until then, says Dr. Spatz."
TYPED = (
    *(PERSON[name] for name in ("first_name", "last_name", "email", "postal_code")),
    *CREDIT.values(),
    *BUYER.values(),
    *DEALER.values(),
    *(SALE["vin"], SALE["description"], QUESTION),
    "reminded@cage.example",
)
CANARIES = (*TYPED, "canary.bird", "Amsel", "Spatz", "5550188", "555 0188", "mailed@cage.example")
NIGHT_AND_DAY = {"quiet_hours": "00:00-00:00"}
PATIENCE_SECONDS = 60


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, as the product formats it."""
    kept = logging.root.handlers[:], logging.root.level
    stream = io.StringIO()
    configure_logging("json", "DEBUG", stream)
    yield stream
    logging.root.handlers[:], logging.root.level = kept


@pytest_asyncio.fixture(params=["sqlite", "postgresql"], loop_scope="module")
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Post]:
    is_sqlite = request.param == "sqlite"
    own = "" if is_sqlite else request.getfixturevalue("own_postgres_url")
    office = Post(own or f"sqlite:///{tmp_path}/trex.db", tmp_path, **NIGHT_AND_DAY)
    await office.container.open()
    yield office
    await office.container.close()


Given = Mapping[str, Any] | Callable[[StepView], Mapping[str, Any]]
"""An answer, or what makes one of what the step offers."""


async def walk(post: Post, view: StepView, *answers: Given) -> StepView:
    for answer in answers:
        given = answer(view) if callable(answer) else answer
        view = await post.journeys.submit(ADA, view.session_id, view.step_id, given)
    return view


async def sell(post: Post) -> StepView:
    """A sale with a credit check, saved for later and reminded of on the way, to its end."""
    view = await post.start("selling")
    link = await post.journeys.create_resume_link(
        ADA, view.session_id, "reminded@cage.example", has_consented=True
    )
    await post.container.mailed_links.send(ADA, link.token, "mailed@cage.example", "en")
    return await walk(
        post,
        view,
        {"has_buyer": True},
        SALE,
        {"buyer_type": "private"},
        {**BUYER, "agreed_price": 8800},
        {
            "needs_financing": True,
            "applicant": "me",
            "amount": 5000,
            "credit_consent": True,
            "income_band": "50k_75k",
            **CREDIT,
        },
        {**CONTACT, **PERSON},
        {"wants_replacement": False},
    )


async def sell_to_who_applies(post: Post) -> StepView:
    """A sale to a private buyer, who is asked about financing by a link of their own."""
    return await walk(
        post,
        await post.start("selling"),
        {"has_buyer": True},
        SALE,
        {"buyer_type": "private"},
        {**BUYER, "agreed_price": 8800},
        {"needs_financing": True, "applicant": "buyer", "amount": 5000},
        {**CONTACT, **PERSON},
        {"wants_replacement": False},
    )


async def apply(post: Post) -> None:
    """What the buyer does who was asked."""
    (mail,) = post.mailbox.to(BUYER["buyer_email"])
    found = re.search(r"/resume/(\S+)", mail.text)
    assert found is not None
    view = await post.journeys.resume(BOB, found[1])
    own = {"postal_code": PERSON["postal_code"], "income_band": "50k_75k", **CREDIT}
    answer = {"amount": 5000, "credit_consent": True, **own}
    await post.journeys.submit(BOB, view.session_id, view.step_id, answer)


async def sell_to_a_dealer(post: Post) -> StepView:
    """A sale to a dealer whom the person names."""
    return await walk(
        post,
        await post.start("selling"),
        {"has_buyer": True},
        SALE,
        {"buyer_type": "dealer"},
        {**CONTACT, **PERSON, **DEALER, "offer": 8700},
        {"wants_replacement": False},
    )


async def ask_for_offers(post: Post) -> StepView:
    """A request to dealers nearby, with a soft check."""
    return await walk(
        post,
        await post.start("selling"),
        {"has_buyer": False},
        SALE,
        lambda view: {"dealer_ids": [view.data["dealers"][0]["dealer_id"]]},
        {"consent": True, **CREDIT},
        {**CONTACT, **PERSON},
        {"wants_replacement": False},
    )


async def buy(post: Post) -> StepView:
    """A vehicle that is searched for, with a question to its dealer."""
    return await walk(
        post,
        await post.start("buying"),
        {"knows_vehicle": True},
        {"make": "Toyota", "postal_code": PERSON["postal_code"]},
        lambda view: {"vehicle_id": view.data["vehicles"][0]["vehicle_id"]},
        {"confirmed": True, "message": QUESTION},
        {**CONTACT, **PERSON},
    )


WALKS = (sell, sell_to_who_applies, sell_to_a_dealer, ask_for_offers, buy)


async def settled(post: Post) -> None:
    """Wait until nothing is under way any more: messages sent, events handled."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        messages = await post.rows("SELECT status FROM message")
        deliveries = await post.rows("SELECT status FROM event_delivery")
        done = {"sent", "suppressed"}
        are_sent = len(messages) > len(WALKS) and {row["status"] for row in messages} <= done
        if are_sent and {row["status"] for row in deliveries} <= {"done"}:
            return
        await asyncio.sleep(0.05)
    pytest.fail("messages and events are still under way")


async def in_clear(post: Post) -> dict[str, str]:
    """Everything the database holds in clear, by table and column, DBOS's own tables included."""

    def read(tx: Transaction) -> dict[str, str]:
        found: dict[str, str] = {}
        schemas = [None] if post.container.database.dialect == "sqlite" else [None, "dbos"]
        for schema in schemas:
            reflected = MetaData()
            reflected.reflect(tx.connection, schema=schema)
            for table in reflected.sorted_tables:
                sealed = SEALED_COLUMNS.get(table.name, ())
                for row in tx.connection.execute(select(table)).mappings():
                    for column, value in row.items():
                        if column not in sealed:
                            found[f"{table.name}.{column}"] = found.get(
                                f"{table.name}.{column}", ""
                            ) + repr(value)
        return found

    return await post.container.database.read(read)


def stands_in(canary: str, text: str) -> bool:
    """Whether a text holds a canary; a number only where it stands for itself."""
    own = rf"(?<![\w.]){canary}(?!\w)" if canary.isdecimal() else re.escape(canary)
    return re.search(own, text) is not None


def answered(sessions: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """The step and name of every field that was filled in and sealed in a history."""
    return {
        (fact["step"], name)
        for session in sessions
        for fact in session["history"]
        for name, value in fact["personal"].get("values", {}).items()
        if value is not None
    }


def personal_fields() -> set[tuple[str, str]]:
    """Every field of the shipped journeys that tells of a person."""
    screens = (
        step
        for workflow in workflows().values()
        for step in workflow.steps.values()
        if isinstance(step, Screen)
    )
    return {
        (screen.id, field.name)
        for screen in screens
        for field in screen.fields.values()
        if field.pii is not Pii.NONE
    }


async def test_what_a_person_types_stands_nowhere_in_clear(office: Post, log: io.StringIO) -> None:
    views = [await walk_to_the_end(office) for walk_to_the_end in WALKS]
    await settled(office)
    await apply(office)
    await settled(office)
    places: dict[str, str] = await in_clear(office)
    places["the log"] = log.getvalue()
    places["the metrics"] = metrics_text().decode()
    assert "message.message_id" in places
    assert any(place.startswith("workflow_status.") for place in places)
    assert "session_started" in places["the log"]
    assert [
        (place, canary)
        for place, text in places.items()
        for canary in CANARIES
        if stands_in(canary, text)
    ] == []
    # And it was there to be found: the person themselves gets all of it.
    held = await office.container.privacy.export(Who(email=PERSON["email"]))
    assert [canary for canary in TYPED if not stands_in(canary, str(held))] == []
    assert {view.session_id for view in views} <= {one["session_id"] for one in held["sessions"]}
    of_buyer = await office.container.privacy.export(Who(email=BUYER["buyer_email"]))
    assert personal_fields() - answered([*held["sessions"], *of_buyer["sessions"]]) == set()


async def test_every_table_opens_after_the_secret_was_changed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/trex.db"
    old, new = "the old secret of this installation", "the new secret of this installation"
    before = Post(url, tmp_path, secret_key=SecretStr(old))
    await before.container.open(with_jobs=False)
    view = await sell(before)
    await before.confirmed(view)
    rows = {table: await before.rows(f"SELECT * FROM {table}") for table in SEALED_COLUMNS}
    for table, columns in SEALED_COLUMNS.items():
        if table != "effect_result":  # a job fills it, and none runs here
            assert any(row[column] for row in rows[table] for column in columns), table
    await before.container.close()

    after = Post(url, tmp_path, secret_key=SecretStr(new), secret_key_previous=[SecretStr(old)])
    await after.container.open(with_jobs=False)
    held = await after.container.privacy.export(Who(email=PERSON["email"]))
    (session,) = held["sessions"]
    assert session["journey"]["answers"]
    assert any(fact["personal"] for fact in session["history"])
    assert session["leads"][0]["sent"]["contact"]["email"] == PERSON["email"]
    assert session["credit_checks"][0]["request"]["birth_date"] == CREDIT["birth_date"]
    assert any((message["details"] or {}).get("addresses") for message in session["messages"])
    assert await after.container.database.read(
        lambda tx: after.container.store.verify(tx, view.session_id)
    )
    # What is written from now on is found together with what was before.
    second = await sell(after)
    found = await after.container.privacy.sessions_of(Who(email=PERSON["email"]))
    assert set(found) == {view.session_id, second.session_id}
    await after.container.close()
