"""Whom a seller names is written to: a buyer who is to apply for financing, a dealer who buys."""

import asyncio
import contextlib
import json
import re
from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.conftest import client_of
from tests.integration.plain_browser import PlainBrowser
from tests.integration.post import SALE, Post
from tests.integration.world import ADA, BOB, CONTACT
from trex_app.api.application import create_api
from trex_app.core.errors import Forbidden, NotFound, SessionCompleted
from trex_app.services.lead_progress import STEPS
from trex_app.services.messages import Purpose, message_id_of
from trex_app.services.privacy import LinkRefused, Who
from trex_app.services.tenants import Tenant, TenantExists
from trex_app.services.views import Caller, StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARY = Caller(visitor="visitor-mary")
FINANCED = {"needs_financing": True, "applicant": "buyer", "amount": 5000}
NAMED = {"make": "Honda", "model": "Accord", "year": 2003}
PERSON = {
    "birth_date": "1980-05-05",
    "street": "Elm Street 5",
    "city": "Evanston",
    "postal_code": "60201",
    "income_band": "25k_50k",
    "credit_consent": True,
}


@pytest.fixture(autouse=True)
def an_empty_mailbox(post: Post) -> None:
    post.mailbox.fault = None
    post.mailbox.mails.clear()


async def walk(post: Post, *answers: dict[str, Any], caller: Caller = ADA) -> StepView:
    view = await post.start("selling", caller)
    for answer in answers:
        view = await post.journeys.submit(caller, view.session_id, view.step_id, answer)
    assert view.status == "completed"
    return view


async def sell_privately(
    post: Post, buyer_email: str, financing: dict[str, Any] = FINANCED, caller: Caller = ADA
) -> StepView:
    """A private sale to its end."""
    has_buyer, vehicle, private, buyer, _ = SALE
    buyer = {**buyer, "buyer_email": buyer_email}
    answers = (has_buyer, {**vehicle, **NAMED}, private, buyer, financing)
    return await walk(post, *answers, CONTACT, {"wants_replacement": False}, caller=caller)


async def sell_to_a_dealer(post: Post, dealer_email: str, **contact: Any) -> StepView:
    """A sale to a dealer of one's own, to its end."""
    dealer = {"dealer_name": "Bay Motors", "dealer_email": dealer_email, "offer": 8000}
    answers = ({"has_buyer": True}, {**SALE[1], **NAMED}, {"buyer_type": "dealer"})
    last = ({**CONTACT, **contact, **dealer}, {"wants_replacement": False})
    return await walk(post, *answers, *last)


async def travel(post: Post, key: str) -> None:
    """The lead's way, as its job takes it."""
    for name in STEPS:
        await post.container.travels.take(key, 0, name)
    await post.container.travels.arrive(key, 0)


async def call_back(post: Post, view: StepView) -> None:
    """Cancel the lead of a journey, with all that follows."""
    reference, key = view.data["references"][0]["reference"], await post.lead_of(view)
    await post.container.lead_orders.cancel(reference)
    communications = post.container.communications
    for name in ("send_confirmations", "deliver_to_dealers"):
        await post.container.travels.undo(key, 1, name)
    await post.container.travels.end_undone(key, 1)
    await post.container.database.write(lambda tx: communications.tell_cancelled(tx, key))


async def invited(post: Post, buyer_email: str, caller: Caller = ADA) -> tuple[StepView, str]:
    """A private sale whose buyer has their mail; the sale, and the token of the link."""
    view = await sell_privately(post, buyer_email, caller=caller)
    key = await post.lead_of(view)
    await travel(post, key)
    await post.deliver(message_id_of(Purpose.BUYER_INVITATION, key))
    (mail,) = post.mailbox.to(buyer_email)
    found = re.search(r"/resume/(\S+)", mail.text)
    assert found is not None
    return view, found[1]


async def sessions_of_buyers(post: Post) -> list[dict[str, Any]]:
    return await post.rows("SELECT * FROM session WHERE workflow_id = 'buyer_financing'")


class TestABuyerWhoIsToApply:
    async def test_is_asked_by_a_link_of_their_own_and_decides_alone(self, post: Post) -> None:
        sale, token = await invited(post, "own@example.org")
        asked = await post.journeys.resume(MARY, token)
        assert (asked.workflow_type, asked.step_id) == ("buyer_financing", "financing_request")
        assert asked.answers["amount"] == 5000
        assert asked.answers["credit_consent"] is None
        done = await post.journeys.submit(
            MARY, asked.session_id, asked.step_id, {"amount": 5000, **PERSON}
        )
        assert (done.status, done.data["credit"]) == ("completed", {"decision": "pending"})
        (check,) = [
            row
            for row in await post.rows("SELECT * FROM credit_check")
            if row["session_id"] == asked.session_id
        ]
        await post.container.credit.checks.ask_bureau(check["key"], 0)
        done = await post.journeys.show(MARY, asked.session_id)
        assert done.data["credit"]["decision"] == "approved"
        with pytest.raises(Forbidden):
            await post.journeys.show(ADA, asked.session_id)
        seller = await post.journeys.show(ADA, sale.session_id)
        assert "credit" not in seller.data
        assert "approved" not in json.dumps(
            await post.container.privacy.export(Who(session_id=sale.session_id)), default=str
        )

    async def test_is_told_who_sells_what_and_that_nothing_happens_by_itself(
        self, post: Post
    ) -> None:
        await invited(post, "told@example.org")
        (mail,) = post.mailbox.to("told@example.org")
        assert "Ada Byron sells you a vehicle" in mail.text
        for said in ("2003 Honda Accord", "$8,800", "$5,000", "Nothing happens unless you agree"):
            assert said in " ".join(mail.text.split())
        assert "/status/" not in mail.text
        assert "TRX-" not in mail.text

    async def test_is_asked_once_however_often_the_step_runs(self, post: Post) -> None:
        before = len(await sessions_of_buyers(post))
        key = await post.lead_of(await sell_privately(post, "once@example.org"))
        travels = post.container.travels
        for name in STEPS[:-1]:
            await travels.take(key, 0, name)
        confirming = [travels.take(key, 0, "send_confirmations") for _ in range(3)]
        assert set(await asyncio.gather(*confirming)) == {"go_on"}
        # As if its outcome were never recorded: the step begins anew.
        begin_anew = text("UPDATE lead_step SET status = 'pending' WHERE lead_key = :key")
        await post.container.database.write(
            lambda tx: tx.connection.execute(begin_anew, {"key": key})
        )
        await travels.take(key, 0, "send_confirmations")
        assert len(await sessions_of_buyers(post)) == before + 1
        message_id = message_id_of(Purpose.BUYER_INVITATION, key)
        for _ in range(2):
            await post.deliver(message_id)
        assert len(post.mailbox.to("once@example.org")) == 1

    async def test_opens_it_once(self, post: Post) -> None:
        _, token = await invited(post, "single@example.org")
        await post.journeys.resume(MARY, token)
        with pytest.raises(NotFound):
            await post.journeys.resume(BOB, token)

    async def test_asks_the_bureau_once(self, post: Post) -> None:
        _, token = await invited(post, "bureau@example.org")
        asked = await post.journeys.resume(MARY, token)
        given = {"amount": 5000, **PERSON}
        for _ in range(2):
            await post.journeys.submit(MARY, asked.session_id, asked.step_id, given)
        checks = await post.rows("SELECT session_id FROM credit_check")
        assert [c["session_id"] for c in checks].count(asked.session_id) == 1

    async def test_is_not_written_to_where_the_seller_pays_or_applies(self, post: Post) -> None:
        for financing in ({"needs_financing": False}, {**FINANCED, "applicant": "me", **PERSON}):
            given = {name: financing[name] for name in financing if name != "postal_code"}
            view = await sell_privately(post, "silent@example.org", given)
            key = await post.lead_of(view)
            await travel(post, key)
            messages = await post.rows("SELECT * FROM message")
            assert [m["purpose"] for m in messages if m["lead_key"] == key] == ["confirmation"]

    async def test_is_asked_in_the_language_and_for_the_site_of_the_sale(self, post: Post) -> None:
        german = Caller(visitor="visitor-ada", locale="de")
        _, token = await invited(post, "deutsch@example.org", german)
        (mail,) = post.mailbox.to("deutsch@example.org")
        assert "/de/resume/" in mail.text
        assert "verkauft Ihnen ein Fahrzeug" in mail.text
        asked = await post.journeys.resume(MARY, token)
        assert asked.ui_config["title"] == "Möchten Sie den Preis finanzieren lassen?"

    async def test_is_asked_on_our_own_pages_whatever_a_tenant_allows(self, post: Post) -> None:
        origins = ("https://seller-site.example",)
        site = Tenant("seller-site", "Seller Site", origins, workflows=("selling",))
        with contextlib.suppress(TenantExists):
            await post.container.tenants.add(site)
        on_site = Caller(visitor="visitor-ada", tenant="seller-site", session_key="page-1")
        _, token = await invited(post, "tenant@example.org", on_site)
        asked = await post.journeys.resume(MARY, token)
        assert asked.step_id == "financing_request"
        (row,) = [s for s in await sessions_of_buyers(post) if s["session_id"] == asked.session_id]
        assert row["tenant"] == "seller-site"

    async def test_is_asked_without_scripts_as_well(self, post: Post) -> None:
        _, token = await invited(post, "plain@example.org")
        async with client_of(create_api(post.container)) as client:
            browser = PlainBrowser(client)
            await browser.open(f"/h/-/resume/{token}")
            await browser.press_only()
            assert browser.step == "financing_request"
            assert browser.values()["amount"] == "5000"
            await browser.press("submit", {"amount": "5,000", **PERSON})
            assert (browser.answer.status_code, browser.step) == (200, "financing_requested")


class TestWhatIsHeldOfABuyer:
    async def test_is_found_by_the_address_the_seller_gave(self, post: Post) -> None:
        sale, token = await invited(post, "found-buyer@example.org")
        (own,) = await post.container.privacy.sessions_of(Who(email="found-buyer@example.org"))
        assert own != sale.session_id
        await post.container.privacy.erase(Who(email="found-buyer@example.org"))
        assert not await post.journeys.can_resume(token)
        with pytest.raises(NotFound):
            await post.container.privacy.sessions_of(Who(email="found-buyer@example.org"))

    async def test_is_shown_and_erased_by_the_link_in_the_mail(self, post: Post) -> None:
        await invited(post, "linked@example.org")
        (mail,) = post.mailbox.to("linked@example.org")
        found = re.search(r"/your-data#(\S+)", mail.text)
        assert found is not None
        titles = [
            section.title
            for section in await post.container.personal_overview.behind_link(found[1], "en")
        ]
        assert titles == ["Finance the vehicle you are buying", "Messages to you"]
        await post.container.privacy.erase(Who(link=found[1]))
        with pytest.raises(LinkRefused):
            await post.container.privacy.export(Who(link=found[1]))

    async def test_an_unsent_question_goes_with_the_seller_who_is_erased(self, post: Post) -> None:
        view = await sell_privately(post, "unsent@example.org")
        key = await post.lead_of(view)
        await travel(post, key)
        await post.container.privacy.erase(Who(session_id=view.session_id))
        row = await post.deliver(message_id_of(Purpose.BUYER_INVITATION, key))
        assert (row["status"], row["error"], row["details"]) == ("suppressed", "erased", None)
        assert post.mailbox.to("unsent@example.org") == []

    async def test_a_seller_does_not_get_the_link_by_their_own_export(self, post: Post) -> None:
        view = await sell_privately(post, "secret@example.org")
        await travel(post, await post.lead_of(view))
        held = await post.container.privacy.export(Who(session_id=view.session_id))
        assert "/resume/" not in json.dumps(held, default=str)


class TestASaleThatIsCalledOff:
    async def test_ends_the_buyer_s_link_and_says_so(self, post: Post) -> None:
        view, token = await invited(post, "off@example.org")
        await call_back(post, view)
        assert not await post.journeys.can_resume(token)
        await post.deliver(message_id_of(Purpose.SALE_CALLED_OFF, await post.lead_of(view)))
        mails = post.mailbox.to("off@example.org")
        assert [mail.subject for mail in mails][1:] == ["The sale is called off"]
        assert "no longer works" in mails[1].text

    async def test_takes_back_what_the_buyer_did_not_get_yet(self, post: Post) -> None:
        view = await sell_privately(post, "never@example.org")
        key = await post.lead_of(view)
        await travel(post, key)
        await call_back(post, view)
        row = await post.deliver(message_id_of(Purpose.BUYER_INVITATION, key))
        assert (row["status"], row["error"]) == ("suppressed", "withdrawn")
        purposes = [
            m["purpose"] for m in await post.rows("SELECT * FROM message") if m["lead_key"] == key
        ]
        assert Purpose.SALE_CALLED_OFF not in purposes

    async def test_leaves_an_erased_buyer_alone(self, post: Post) -> None:
        view, _ = await invited(post, "gone@example.org")
        await post.container.privacy.erase(Who(email="gone@example.org"))
        await call_back(post, view)
        messages = await post.rows("SELECT * FROM message WHERE purpose = 'sale_called_off'")
        assert await post.lead_of(view) not in [m["lead_key"] for m in messages]

    async def test_is_told_to_the_dealer_who_had_it(self, post: Post) -> None:
        view = await sell_to_a_dealer(post, "had-it@example.org")
        key = await post.lead_of(view)
        await travel(post, key)
        await post.deliver(message_id_of(Purpose.DEALER_SALE, key))
        await call_back(post, view)
        await post.deliver(message_id_of(Purpose.SALE_CALLED_OFF, key))
        _, second = post.mailbox.to("had-it@example.org")
        assert second.subject == "The sale is called off"
        assert view.data["references"][0]["reference"] in second.text

    async def test_takes_back_what_the_dealer_did_not_get_yet(self, post: Post) -> None:
        view = await sell_to_a_dealer(post, "not-yet@example.org")
        key = await post.lead_of(view)
        await travel(post, key)
        await call_back(post, view)
        row = await post.deliver(message_id_of(Purpose.DEALER_SALE, key))
        assert (row["status"], row["error"]) == ("suppressed", "withdrawn")
        assert post.mailbox.to("not-yet@example.org") == []


class TestADealerWhomASellerNames:
    async def test_gets_vehicle_offer_reference_and_how_to_reach_the_seller(
        self, post: Post
    ) -> None:
        view = await sell_to_a_dealer(post, "bay@example.org")
        key = await post.lead_of(view)
        await travel(post, key)
        for _ in range(2):
            await post.deliver(message_id_of(Purpose.DEALER_SALE, key))
        (mail,) = post.mailbox.to("bay@example.org")
        reference = view.data["references"][0]["reference"]
        for said in (reference, "2003 Honda Accord", SALE[1]["vin"], "$8,000", "Ada Byron"):
            assert str(said) in mail.text
        assert "ada@example.org" in mail.text
        assert "mailto:ada@example.org" in mail.html
        assert "/status/" not in mail.text
        assert "/your-data" not in mail.text

    async def test_is_told_of_in_the_lead_and_on_its_status_page(self, post: Post) -> None:
        view = await sell_to_a_dealer(post, "shown@example.org")
        key, reference = await post.lead_of(view), view.data["references"][0]["reference"]
        await travel(post, key)
        lead = await post.container.leads.show_lead(reference)
        notes = {step.name: step.error for step in lead.summary.steps}
        assert notes["send_confirmations"] == "the dealer named by the seller is told by e-mail"
        status = await post.container.lead_statuses.for_caller(ADA, reference, "en")
        assert status.headline == "Your request is recorded"
        assert status.meaning == "It is kept under this reference."
        await post.deliver(message_id_of(Purpose.DEALER_SALE, key))
        status = await post.container.lead_statuses.for_caller(ADA, reference, "en")
        assert status.headline == "Your request has been passed on"
        assert "Passed on by e-mail to the dealer you named" in [m.title for m in status.timeline]


async def test_what_was_asked_cannot_be_asked_again_with_other_answers(post: Post) -> None:
    _, token = await invited(post, "sealed@example.org")
    asked = await post.journeys.resume(MARY, token)
    await post.journeys.submit(MARY, asked.session_id, asked.step_id, {"amount": 5000, **PERSON})
    with pytest.raises(SessionCompleted):
        await post.journeys.submit(
            MARY, asked.session_id, asked.step_id, {"amount": 4000, **PERSON}
        )
