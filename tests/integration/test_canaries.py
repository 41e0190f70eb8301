"""What people type in stands nowhere in clear: canaries in every field, looked for everywhere."""

import asyncio
import io
import logging
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import MetaData, select

from tests.integration.post import Post
from tests.integration.world import ADA, CONTACT
from trex_app.core.telemetry import configure_logging, metrics_text
from trex_app.db.sealed import SEALED_COLUMNS
from trex_app.db.transaction import Transaction
from trex_app.services.privacy import Who
from trex_app.services.views import StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERSON = {
    "first_name": "Kanarienvogel",
    "last_name": "Zwitscherbach",
    "email": "canary.bird@cage.example",
    "phone": "+1 312 555 0188",
    "postal_code": "60618",
    "contact_channels": ["email", "sms"],
}
CREDIT = {
    "birth_date": "1971-03-17",
    "street": "Vogelweide 17",
    "city": "Canaryville",
}
BUYER = {"buyer_name": "Papagena Gefieder", "buyer_email": "papagena@aviary.example"}
CANARIES = (
    *("Kanarienvogel", "Zwitscherbach", "canary.bird", "5550188", "555 0188"),
    *CREDIT.values(),
    *BUYER.values(),
    "reminded@cage.example",
    "mailed@cage.example",
)
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


async def sell(post: Post) -> StepView:
    """A sale with a credit check, saved for later and reminded of on the way, to its end."""
    view = await post.start("selling")
    link = await post.journeys.create_resume_link(
        ADA, view.session_id, "reminded@cage.example", has_consented=True
    )
    await post.container.mailed_links.send(ADA, link.token, "mailed@cage.example", "en")
    for answer in (
        {"has_buyer": True},
        {
            "vin": "1HGCM82633A004352",
            "mileage_km": 42000,
            "condition": "good",
            "asking_price": 9000,
            "postal_code": "60618",
        },
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
    ):
        view = await post.journeys.submit(ADA, view.session_id, view.step_id, answer)
    return view


async def settled(post: Post) -> None:
    """Wait until nothing is under way any more: messages sent, events handled."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        messages = await post.rows("SELECT status FROM message")
        deliveries = await post.rows("SELECT status FROM event_delivery")
        done = {"sent", "suppressed"}
        are_sent = len(messages) > 1 and {row["status"] for row in messages} <= done
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


async def test_what_a_person_types_stands_nowhere_in_clear(office: Post, log: io.StringIO) -> None:
    view = await sell(office)
    await settled(office)
    places: dict[str, str] = await in_clear(office)
    places["the log"] = log.getvalue()
    places["the metrics"] = metrics_text().decode()
    assert "message.message_id" in places
    assert any(place.startswith("workflow_status.") for place in places)
    assert "session_started" in places["the log"]
    assert [
        (place, canary) for place, held in places.items() for canary in CANARIES if canary in held
    ] == []
    # And it was there to be found: the person themselves gets all of it.
    held = str(await office.container.privacy.export(Who(email=PERSON["email"])))
    missing = {"555 0188", "5550188", "mailed@cage.example"}
    assert [canary for canary in CANARIES if canary not in held and canary not in missing] == []
    assert view.session_id in held


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
