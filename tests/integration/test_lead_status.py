"""Where a lead stands: told to its person, by cookie or link, and to nobody else."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from tests.integration.post import Post
from tests.integration.world import ADA, BOB
from trex_app.api.application import create_api
from trex_app.core.errors import Unauthenticated
from trex_app.db.sealed import seal
from trex_app.db.tables import METADATA
from trex_app.services.lead_status import StatusHidden
from trex_app.services.views import Caller, StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def api(post: Post) -> FastAPI:
    return create_api(post.container)


def client_of(api: FastAPI, **headers: str) -> httpx.AsyncClient:
    origin = "http://localhost:3000"
    return httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url=origin, headers=headers)


def reference_of(view: StepView) -> str:
    return view.data["references"][0]["reference"]


async def set_status(post: Post, view: StepView, status: str, *dealers: tuple[str, str]) -> None:
    key = await post.lead_of(view)
    now = post.clock.now.isoformat(timespec="microseconds")

    def work(tx: Any) -> None:
        tx.connection.execute(
            text("UPDATE lead SET status = :s WHERE key = :k"), {"s": status, "k": key}
        )
        tx.connection.execute(text("DELETE FROM lead_dealer WHERE lead_key = :k"), {"k": key})
        for rank, (dealer_id, standing) in enumerate(dealers):
            row = {"k": key, "d": dealer_id, "r": rank, "s": standing}
            row["at"] = now if standing == "delivered" else None
            tx.connection.execute(
                text(
                    "INSERT INTO lead_dealer (lead_key, dealer_id, rank, status, delivered_at)"
                    " VALUES (:k, :d, :r, :s, :at)"
                ),
                row,
            )

    await post.container.database.write(work)


async def test_the_person_sees_where_it_stands_with_every_dealer(post: Post) -> None:
    view = await post.sell()
    ids = [row["dealer_id"] for row in await post.rows("SELECT dealer_id FROM dealer LIMIT 3")]
    await set_status(
        post, view, "parked", (ids[0], "delivered"), (ids[1], "sending"), (ids[2], "refused")
    )
    await post.confirmed(view)
    status = await post.container.lead_statuses.for_caller(ADA, reference_of(view), "en")
    assert status.headline == "We are still trying"
    assert [(each.name, each.state) for each in status.timeline] == [
        ("received", "done"),
        ("dealer", "done"),
        ("dealer", "waiting"),
        ("dealer", "stopped"),
        ("confirmation", "waiting"),
    ]
    assert status.timeline[1].title.startswith("Passed on to ")


@pytest.mark.parametrize(
    ("standing", "headline", "title"),
    [
        ("delivered", "Your request has been passed on", "Passed on to "),
        ("assigned", "Your request is recorded", "Noted for "),
        ("sending", "Your request is recorded", " could not be reached"),
    ],
)
async def test_nobody_is_said_to_have_it_who_has_not(
    post: Post, standing: str, headline: str, title: str
) -> None:
    view = await post.sell()
    (dealer,) = await post.rows("SELECT dealer_id FROM dealer LIMIT 1")
    await set_status(post, view, "delivered", (dealer["dealer_id"], standing))
    shown = await post.container.lead_statuses.for_caller(ADA, reference_of(view), "en")
    assert shown.headline == headline
    assert title in shown.timeline[1].title
    assert shown.timeline[1].state != "current"


@pytest.mark.parametrize(
    ("status", "headline"),
    [
        ("received", "Your request is under way"),
        ("processing", "Your request is under way"),
        ("delivered", "Your request is recorded"),
        ("parked", "We are still trying"),
        ("cancelled", "Your request is cancelled"),
        ("compensated", "We could not complete your request"),
    ],
)
async def test_every_status_is_said_in_words(post: Post, status: str, headline: str) -> None:
    view = await post.sell()
    await set_status(post, view, status)
    shown = await post.container.lead_statuses.for_caller(ADA, reference_of(view), "en")
    assert shown.headline == headline
    german = await post.container.lead_statuses.for_caller(ADA, reference_of(view), "de")
    assert german.headline != headline


async def test_a_stranger_learns_nothing_not_even_whether_it_is(post: Post) -> None:
    view = await post.sell()
    statuses = post.container.lead_statuses
    told: list[str] = []
    for reference in (reference_of(view), "TRX-0000-0000"):
        with pytest.raises(StatusHidden) as refused:
            await statuses.for_caller(BOB, reference, "en")
        told.append(str(refused.value))
    assert told[0] == told[1]
    with pytest.raises(Unauthenticated):
        await statuses.for_caller(Caller(), reference_of(view), "en")


async def test_the_link_of_the_message_opens_this_one_lead(post: Post) -> None:
    view, other = await post.sell(), await post.sell()
    await post.deliver(await post.confirmed(view))
    found = re.search(r"/status/(\S+)#(\S+)", post.mailbox.mails[-1].text)
    assert found is not None
    reference, token = found.groups()
    statuses = post.container.lead_statuses
    assert (await statuses.by_link(reference, token, "en")).reference == reference_of(view)
    for wrong, secret in ((reference_of(other), token), (reference, token[:-2]), (reference, "")):
        with pytest.raises(StatusHidden):
            await statuses.by_link(wrong, secret, "en")


async def test_a_confirmation_names_nobody_who_refused(post: Post) -> None:
    view = await post.sell()
    has_it, refused = await post.rows("SELECT dealer_id, name FROM dealer LIMIT 2")
    standing = ((has_it["dealer_id"], "delivered"), (refused["dealer_id"], "refused"))
    await set_status(post, view, "processing", *standing)
    await post.deliver(await post.confirmed(view))
    said = post.mailbox.mails[-1].text
    assert (has_it["name"] in said, refused["name"] in said) == (True, False)


async def test_an_erased_lead_is_shown_to_nobody(post: Post) -> None:
    view = await post.sell()
    erasure = post.container.erasure
    await post.container.database.write(lambda tx: erasure.erase_person(tx, view.session_id))
    with pytest.raises(StatusHidden):
        await post.container.lead_statuses.for_caller(ADA, reference_of(view), "en")


async def test_who_sent_it_takes_a_link_along_and_nobody_else(post: Post) -> None:
    view = await post.sell()
    statuses, reference = post.container.lead_statuses, reference_of(view)
    links = await statuses.links_for(replace(ADA, locale="de"), [reference, "TRX-0000-0000"])
    assert list(links) == [reference]
    address, _, token = links[reference].partition("#")
    assert address.endswith(f"/de/status/{reference}")
    assert (await statuses.by_link(reference, token, "de")).reference == reference
    assert await statuses.links_for(BOB, [reference]) == {}


async def test_a_program_asks_with_the_sessions_token(post: Post, api: FastAPI) -> None:
    view = await post.sell()
    token = post.container.sessions.token_for(view.session_id)
    address = f"/api/leads/{reference_of(view)}"
    async with client_of(api, authorization=f"Bearer {token}") as mine:
        answer = await mine.get(address)
        assert answer.status_code == 200
        assert answer.json()["timeline"][0]["name"] == "received"
        assert answer.headers["cache-control"] == "no-store"
        unknown = await mine.get("/api/leads/TRX-0000-0000")
    async with client_of(api) as nobody:
        assert (await nobody.get(address)).status_code == 401
    stranger = await post.sell(BOB)
    foreign = post.container.sessions.token_for(stranger.session_id)
    async with client_of(api, authorization=f"Bearer {foreign}") as other:
        hidden = await other.get(address)
    assert hidden.status_code == unknown.status_code == 403
    assert hidden.json()["code"] == unknown.json()["code"] == "status_hidden"


async def test_a_program_has_its_resume_link_mailed(post: Post, api: FastAPI) -> None:
    view = await post.start("selling")
    token = post.container.sessions.token_for(view.session_id)
    address = f"/api/workflow/{view.session_id}/resume-link"
    answers: list[int] = []
    async with client_of(api, authorization=f"Bearer {token}") as mine:
        for _ in range(7):
            answer = await mine.post(address, json={"email": "program@example.org"})
            answers.append(answer.status_code)
    assert answers[:5] == [200] * 5
    assert answers[-1] == 429
    rows = await post.rows("SELECT * FROM message WHERE purpose = 'save_link'")
    mine_rows = [row for row in rows if row["session_id"] == view.session_id]
    assert len(mine_rows) == answers.count(200)
    await post.deliver(mine_rows[0]["message_id"])
    assert post.mailbox.to("program@example.org")


async def test_a_credit_decision_is_told_to_the_holder_and_not_by_the_link(post: Post) -> None:
    view = await post.sell()
    sealed = seal(post.container.keyring, "check-7", decision={"decision": "approved"})
    check = {
        "key": "check-7",
        "session_id": view.session_id,
        "frame": "",
        "step": "credit_check",
        "created_at": post.clock.now,
        "decided_at": post.clock.now,
        **sealed,
    }
    table = METADATA.tables["credit_check"]
    await post.container.database.write(
        lambda tx: tx.connection.execute(table.insert().values(check))
    )
    statuses, reference = post.container.lead_statuses, reference_of(view)
    mine = await statuses.for_caller(ADA, reference, "en")
    assert "The credit bureau approved your request" in {each.title for each in mine.timeline}
    key = await post.lead_of(view)
    token = post.container.links.to_status(reference, key, "en", post.clock.now).split("#")[1]
    mailed = await statuses.by_link(reference, token, "en")
    assert "credit" not in {each.name for each in mailed.timeline}
