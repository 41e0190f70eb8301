"""Whether somebody borrows, how much, and what the bureau said of it stands nowhere in clear."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.integration.post import SALE, Post
from tests.integration.test_canaries import in_clear
from tests.integration.world import CONTACT
from trex_app.engine.history import Event
from trex_app.services.views import StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")

AMOUNT = 7654321
PERSON = {"birth_date": "1980-05-05", "street": "Elm Street 5", "city": "Evanston"}
BORROWING = (
    *SALE[:3],
    {"buyer_name": "Mary Shelley", "buyer_email": "mary@example.org", "agreed_price": AMOUNT + 1},
    {
        "needs_financing": True,
        "applicant": "me",
        "amount": AMOUNT,
        "credit_consent": True,
        "income_band": "50k_75k",
        **PERSON,
    },
    CONTACT,
)
TOLD = ("needs_financing", "applicant", "credit_consent", "amount", str(AMOUNT))
DECIDED = ("declined", "far_above_limit")
PATIENCE_SECONDS = 60


@pytest_asyncio.fixture(loop_scope="module")
async def office(url: str, tmp_path: Path) -> AsyncIterator[Post]:
    office = Post(url, tmp_path)
    await office.container.open()
    yield office
    await office.container.close()


async def settled(post: Post) -> None:
    """Wait until the bureau has decided, and all who hear of that or of the lead are done."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            checks = await post.rows("SELECT decision FROM credit_check")
            leads = await post.rows("SELECT status FROM lead")
            deliveries = await post.rows("SELECT status FROM event_delivery")
            are_heard = {row["status"] for row in deliveries} == {"done"}
            is_decided = all(row["decision"] is not None for row in checks)
            if checks and is_decided and are_heard and leads[0]["status"] == "delivered":
                return
            await asyncio.sleep(0.05)


async def said_of(post: Post, *words: str) -> list[tuple[str, str]]:
    """Where one of the words stands in clear; definitions name every field, and nobody."""
    places = await in_clear(post)
    return [
        (place, word)
        for place, held in places.items()
        if not place.startswith("workflow_version.")
        for word in words
        if re.search(rf"\b{word}\b", held)
    ]


async def history_of(post: Post, view: StepView) -> list[Event]:
    store = post.container.store
    return await post.container.database.read(lambda tx: store.events(tx, view.session_id))


async def test_a_wish_to_borrow_and_what_became_of_it_stand_nowhere_in_clear(office: Post) -> None:
    view = await office.walk(await office.start("selling"), *BORROWING)
    await settled(office)
    events = {row["topic"] for row in await office.rows("SELECT topic FROM domain_event")}
    assert {"CreditDecided", "LeadScored"} <= events
    assert await said_of(office, *TOLD, *DECIDED) == []
    # And it was there to be found.
    known = str([fact.personal for fact in await history_of(office, view)])
    assert [word for word in (*TOLD, *DECIDED) if word not in known] == []


async def test_consent_to_a_soft_check_stands_nowhere_in_clear(office: Post) -> None:
    view = await office.walk(await office.start("selling"), {"has_buyer": False}, SALE[1])
    dealers = [dealer["dealer_id"] for dealer in view.data["dealers"][:1]]
    answers = ({"dealer_ids": dealers}, {"consent": True, **PERSON}, CONTACT)
    view = await office.walk(view, *answers)
    await settled(office)
    (fact,) = [f for f in await history_of(office, view) if f.position.step == "credit_consent"]
    assert fact.data == {"values": {}}
    assert fact.personal["values"]["consent"] is True
    assert await said_of(office, "consent", "income_unknown", "referred") == []
