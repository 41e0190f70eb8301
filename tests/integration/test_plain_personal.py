"""Without scripts, too: where a request stands, and one's data to see, take along and erase."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fastapi import FastAPI

from tests.integration.conftest import client_of
from tests.integration.plain_browser import VEHICLE, PlainBrowser, entries
from tests.integration.post import Post
from tests.integration.walker import CONTACT
from tests.integration.world import ADA
from trex_app.api.application import create_api
from trex_app.services.views import StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")

HIDDEN = "We cannot show this here"


@pytest_asyncio.fixture(loop_scope="module")
async def api(post: Post) -> FastAPI:
    return create_api(post.container)


@pytest_asyncio.fixture(loop_scope="module")
async def guest(api: FastAPI) -> AsyncIterator[PlainBrowser]:
    async with client_of(api) as client:
        yield PlainBrowser(client)


async def letter_of(post: Post, view: StepView) -> str:
    await post.deliver(await post.confirmed(view))
    return post.mailbox.mails[-1].text


async def links_of(post: Post, view: StepView) -> tuple[str, str]:
    """The links to the status and to the data, as the letter of the request holds them."""
    said = await letter_of(post, view)
    status, data = re.search(r"\S+/status/\S+", said), re.search(r"\S+/your-data#\S+", said)
    assert status is not None
    assert data is not None
    return status[0], data[0]


async def paste(guest: PlainBrowser, text: str, page: str = "/h/-/link") -> PlainBrowser:
    await guest.open(page)
    form = guest.form("link")
    own = [pair for pair in entries(form) if pair[0] != "link"]
    return await guest.post(form.get("action"), [*own, ("link", text)])


async def press(guest: PlainBrowser, form_id: str, **headers: str) -> PlainBrowser:
    form = guest.form(form_id)
    return await guest.post(form.get("action"), entries(form), **headers)


class TestStatus:
    async def test_the_end_of_a_journey_leads_to_where_it_stands(self, guest: PlainBrowser) -> None:
        dealer = {"dealer_name": "Bay", "dealer_email": "bay@example.com", "offer": "11,000"}
        answers = ({"has_buyer": True}, VEHICLE, {"buyer_type": "dealer"}, CONTACT | dealer)
        await guest.walk("selling", *answers, {"wants_replacement": False})
        reference = guest.page.one("strong").get("data-reference")
        await guest.follow(guest.page.one("a", href=f"/h/-/status/{reference}"))
        assert guest.answer.status_code == 200
        assert guest.page.one("article").get("data-standing")
        assert guest.page.one("h1").text == "Your request is under way"
        assert guest.page.one("ol").one("li").text.startswith("Your request has arrived")
        await guest.follow(guest.page.one("a", hreflang="de"))
        assert guest.page.one("h1").text == "Ihre Anfrage ist unterwegs"

    async def test_a_stranger_learns_nothing_not_even_whether_it_is(
        self, post: Post, guest: PlainBrowser
    ) -> None:
        view = await post.sell()
        mine = view.data["references"][0]["reference"]
        said: list[tuple[int, str]] = []
        for reference in (mine, "TRX-0000-0000"):
            await guest.open(f"/h/-/status/{reference}")
            said.append((guest.answer.status_code, guest.page.one("main").text))
        assert said[0] == said[1]
        assert said[0][0] == 403
        assert said[0][1].startswith(HIDDEN)

    async def test_the_link_of_the_message_opens_it_and_leaves_no_secret_in_an_address(
        self, post: Post, guest: PlainBrowser
    ) -> None:
        view = await post.sell()
        link, _ = await links_of(post, view)
        secret = link.partition("#")[2]
        await paste(guest, link, f"/h/-/status/{view.data['references'][0]['reference']}")
        assert guest.page.one("article").get("data-standing")
        passed = [*guest.answer.history, guest.answer]
        assert all(secret not in str(step.url) for step in passed)
        assert [step.status_code for step in passed] == [303, 200]
        cookie = guest.answer.history[0].headers["set-cookie"]
        assert "HttpOnly; SameSite=Lax; Max-Age=900" in cookie
        await guest.open(guest.answer.url.path)  # a reload sends nothing again
        assert guest.page.one("article").get("data-standing")

    async def test_a_link_opens_its_own_request_only(self, post: Post, guest: PlainBrowser) -> None:
        (link, _), other = await links_of(post, await post.sell()), await post.sell()
        await paste(guest, link)
        await guest.open(f"/h/-/status/{other.data['references'][0]['reference']}")
        assert guest.page.one("h1").text == HIDDEN

    async def test_what_is_no_link_is_said_and_stays(self, guest: PlainBrowser) -> None:
        await paste(guest, "my mail")
        assert guest.answer.status_code == 400
        assert guest.title.startswith("Error: ")
        assert set(guest.errors) == {"link"}
        assert dict(entries(guest.form("link")))["link"] == "my mail"

    async def test_a_saved_link_leads_to_its_journey(self, post: Post, guest: PlainBrowser) -> None:
        view = await post.start("selling")
        made = await post.journeys.create_resume_link(ADA, view.session_id)
        await paste(guest, f"http://localhost:3000/resume/{made.token}")
        assert guest.page.one("h1").text == "Welcome"
        await guest.press_only()
        assert guest.step == "has_buyer"


class TestYourData:
    async def test_it_is_shown_taken_along_and_erased(
        self, post: Post, guest: PlainBrowser
    ) -> None:
        view = await post.sell()
        _, link = await links_of(post, view)
        reference = view.data["references"][0]["reference"]
        await paste(guest, link)
        assert guest.answer.url.path == "/h/-/your-data"
        held = guest.page.one("article").text
        assert reference in held
        assert "ada@example.org" in held

        file = await guest.client.get(guest.page.one("a", class_="button").get("href"))
        assert "attachment" in file.headers["content-disposition"]
        assert file.headers["cache-control"] == "no-store"
        leads = [lead for one in file.json()["sessions"] for lead in one["leads"]]
        assert reference in {lead["reference"] for lead in leads}

        await guest.follow(guest.page.one("a", href="/h/-/your-data/erase"))
        await guest.follow(guest.page.one("form").one("a"))
        assert reference in guest.page.text  # asking back has erased nothing
        await guest.open("/h/-/your-data/erase")
        await press(guest, "erase")
        assert [step.status_code for step in guest.answer.history] == [303]
        assert guest.page.one("h1").text == "Your data is erased"
        await guest.open("/h/-/your-data")
        assert guest.page.one("h1").text == "Your data is erased"
        await paste(guest, link)
        assert guest.answer.status_code == 403
        assert guest.page.one("h1").text == "This link does not open anything"

    async def test_without_a_link_nothing_is_shown_taken_or_erased(
        self, post: Post, guest: PlainBrowser
    ) -> None:
        await post.sell()
        await guest.open("/h/-/your-data")
        assert guest.answer.status_code == 200
        assert guest.page.all("article") == []
        for path in ("file", "erase"):
            await guest.open(f"/h/-/your-data/{path}")
            assert guest.answer.url.path == "/h/-/your-data"

    async def test_only_a_form_of_our_own_page_erases(
        self, post: Post, guest: PlainBrowser, api: FastAPI
    ) -> None:
        _, link = await links_of(post, await post.sell())
        await paste(guest, link)
        await guest.open("/h/-/your-data/erase")
        form = guest.form("erase")
        await guest.post(form.get("action"), entries(form), origin="https://evil.example")
        assert guest.answer.status_code == 403
        await guest.post(form.get("action"), [("trex.token", "0" * 64)])
        assert guest.answer.status_code == 403
        await guest.follow(guest.page.one("main").one("a"))
        assert guest.page.one("article").has("data-held")

    async def test_no_site_may_frame_it_a_tenants_neither(
        self, api: FastAPI, guest: PlainBrowser
    ) -> None:
        before = api.state.frame_ancestors
        api.state.frame_ancestors = lambda _: ["https://acme.example"]
        for path in ("/h/-/your-data", "/de/h/-/your-data"):
            answer = await guest.client.get(path)
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["x-frame-options"] == "DENY"
        api.state.frame_ancestors = before

    async def test_it_speaks_german(self, post: Post, guest: PlainBrowser) -> None:
        _, link = await links_of(post, await post.sell())
        await paste(guest, link, "/de/h/-/link")
        assert guest.answer.url.path == "/de/h/-/your-data"
        assert guest.page.one("h1").text == "Ihre Daten"
        assert guest.page.one("html").get("lang") == "de"


async def test_a_browser_that_keeps_no_cookie_is_told(api: FastAPI, guest: PlainBrowser) -> None:
    await guest.open("/h/-/link")
    own = entries(guest.form("link"))
    async with client_of(api) as bare:
        stranger = PlainBrowser(bare)
        await stranger.post("/h/-/link", own)
    assert stranger.answer.status_code == 403
    assert stranger.page.one("h1").text == "This page needs a cookie"
    assert stranger.page.one("main").one("a").get("href") == "/h/-/link"


async def test_the_start_page_knows_the_way(guest: PlainBrowser) -> None:
    await guest.open("/h")
    assert guest.page.all("a", href="/h/-/link")
