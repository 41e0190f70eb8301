"""Messages to people: each once, over the channels they agreed to, and forgotten when it is out."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.post import SALE, Post
from tests.integration.world import ADA, BOB, CONTACT
from trex_app.core.errors import Forbidden, PartnerRefused, Unavailable, ValidationFailed
from trex_app.db.sealed import seal
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.messaging.events import CreditDecided
from trex_app.services.messages import Purpose, message_id_of
from trex_app.services.views import Caller

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOON = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)  # in Chicago
NIGHT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # 23:00 in Chicago
BOTH = {"phone": "312 555 0147", "contact_channels": ["sms", "email"]}
MAIL_FIRST = {**BOTH, "contact_channels": ["email", "sms"]}


@pytest.fixture(autouse=True)
def all_is_well(post: Post) -> None:
    post.clock.now = NOON
    post.mailbox.fault = post.phones.fault = None
    post.mailbox.mails.clear()
    post.phones.texts.clear()


async def test_a_confirmation_goes_out_once_and_is_forgotten(post: Post) -> None:
    view = await post.sell()
    message_id = await post.confirmed(view)
    assert await post.confirmed(view) == message_id
    row = await post.deliver(message_id)
    assert (row["status"], row["attempts"]) == ("sent", 1)
    assert row["details"] is None
    assert row["wrapped_key"] is None
    await post.container.message_delivery.attempt(message_id, 0)  # a step that is run again
    (mail,) = post.mailbox.mails
    reference = view.data["references"][0]["reference"]
    assert mail.to == "ada@example.org"
    assert mail.message_id == f"<{message_id}@localhost>"
    for said in (mail.subject, mail.text, mail.html):
        assert reference in said
    assert f"/status/{reference}#" in mail.text
    assert f"/your-data#{reference}~email~" in mail.html
    events = await post.rows("SELECT * FROM domain_event WHERE topic = 'MessageSent'")
    assert sum(message_id in event["data"] for event in events) == 1


async def test_a_person_is_written_to_in_the_language_of_their_journey(post: Post) -> None:
    view = await post.sell(Caller(visitor="visitor-ada", locale="de"))
    await post.deliver(await post.confirmed(view))
    (mail,) = post.mailbox.mails
    assert "Ihre Anfrage" in mail.subject
    assert "Guten Tag Ada," in mail.text
    assert 'lang="de"' in mail.html
    assert "/de/status/" in mail.text


async def test_a_partner_that_is_away_is_asked_again_ever_later(post: Post) -> None:
    message_id = await post.confirmed(await post.sell())
    post.mailbox.fault = Unavailable()
    delays: list[timedelta] = []
    for _ in range(12):
        row = await post.deliver(message_id)
        delays.append(_due_at(row) - post.clock.now)
    assert (row["status"], row["attempts"], row["round"]) == ("queued", 12, 12)
    assert delays == sorted(delays)
    assert delays[0] == timedelta(seconds=30)
    assert delays[-1] == timedelta(hours=1)
    post.mailbox.fault = None
    assert (await post.deliver(message_id))["status"] == "sent"
    assert len(post.mailbox.mails) == 1


async def test_an_earlier_round_does_nothing_any_more(post: Post) -> None:
    message_id = await post.confirmed(await post.sell())
    post.mailbox.fault = Unavailable()
    await post.deliver(message_id)
    post.mailbox.fault = None
    await post.container.message_delivery.attempt(message_id, 0)
    assert post.mailbox.mails == []


async def test_a_refused_channel_gives_way_to_the_other_one(post: Post) -> None:
    message_id = await post.confirmed(await post.sell(**BOTH))
    post.phones.fault = PartnerRefused("sms", 400)
    row = await post.deliver(message_id)
    assert (row["channel"], row["status"], row["error"]) == ("email", "queued", "sms_refused_400")
    assert (await post.deliver(message_id))["status"] == "sent"
    assert len(post.mailbox.mails) == 1


async def test_a_channel_nobody_agreed_to_is_never_used(post: Post) -> None:
    by_text = {**BOTH, "contact_channels": ["sms"]}
    message_id = await post.confirmed(await post.sell(**by_text))
    post.phones.fault = PartnerRefused("sms", 400)
    row = await post.deliver(message_id)
    assert (row["status"], row["error"]) == ("parked", "sms_refused_400")
    assert post.mailbox.mails == []


async def test_what_fails_for_days_has_failed_for_good(post: Post) -> None:
    message_id = await post.confirmed(await post.sell())
    post.mailbox.fault = Unavailable()
    for _ in range(72):
        row = await post.deliver(message_id)
    assert (row["status"], row["error"]) == ("parked", "email_unavailable")
    post.mailbox.fault = None
    messages = post.container.messages
    await post.container.database.write(lambda tx: messages.retry(tx, message_id))
    assert (await post.deliver(message_id))["status"] == "sent"


async def test_a_channel_that_stays_away_gives_way_to_the_other_one(post: Post) -> None:
    message_id = await post.confirmed(await post.sell(**MAIL_FIRST))
    post.mailbox.fault = Unavailable()
    began, row = post.clock.now, await post.deliver(message_id)
    while row["channel"] == "email":
        post.clock.now = _due_at(row)
        row = await post.deliver(message_id)
    assert timedelta(minutes=10) < post.clock.now - began < timedelta(minutes=20)
    assert (row["status"], row["attempts"], row["error"]) == ("queued", 0, "email_unavailable")
    assert (await post.deliver(message_id))["status"] == "sent"
    assert len(post.phones.texts) == 1


async def test_a_channel_that_is_away_at_night_wakes_nobody(post: Post) -> None:
    message_id = await post.confirmed(await post.sell(**MAIL_FIRST))
    post.clock.now = NIGHT
    post.mailbox.fault = Unavailable()
    for _ in range(12):
        row = await post.deliver(message_id)
    assert (row["channel"], row["status"]) == ("email", "queued")


async def test_no_phone_sounds_at_night(post: Post) -> None:
    post.clock.now = NIGHT
    message_id = await post.confirmed(await post.sell(**BOTH))
    row = await post.deliver(message_id)
    assert row["status"] == "waiting"
    assert _due_at(row) == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # 8:00 in Chicago
    assert post.phones.texts == []
    post.clock.now = _due_at(row)
    assert (await post.deliver(message_id))["status"] == "sent"
    ((to, said),) = post.phones.texts
    assert to == "+13125550147"
    assert "/status/TRX-" in said


async def test_a_message_waits_for_a_channel_and_goes_on_by_itself(post: Post) -> None:
    message_id = await post.confirmed(await post.sell())
    messages, database = post.container.messages, post.container.database
    opened = await database.read(lambda tx: messages.open(tx, message_id, 0))
    assert opened is not None
    await database.write(lambda tx: messages.park(tx, opened, "email_not_configured"))
    await asyncio.to_thread(post.container.message_delivery.resume)
    row = await post.message(message_id)
    assert (row["status"], row["round"], row["error"]) == ("queued", 1, None)


async def test_what_is_withdrawn_is_never_sent(post: Post) -> None:
    view = await post.sell()
    message_id = await post.confirmed(view)
    key = await post.lead_of(view)
    communications = post.container.communications
    await post.container.database.write(lambda tx: communications.withdraw(tx, key))
    row = await post.deliver(message_id)
    assert (row["status"], row["error"], row["details"]) == ("suppressed", "withdrawn", None)
    assert post.mailbox.mails == []


async def test_a_name_that_is_none_is_not_repeated(post: Post) -> None:
    view = await post.sell(first_name="Win now at https://evil.example")
    await post.deliver(await post.confirmed(view))
    (mail,) = post.mailbox.mails
    assert "evil" not in mail.text + mail.html


async def test_news_of_a_credit_decision_never_says_which(post: Post) -> None:
    view = await post.sell()
    communications = post.container.communications
    await post.container.database.write(
        lambda tx: communications.tell_credit_decided(tx, view.session_id, "check-1")
    )
    await post.deliver(message_id_of(Purpose.CREDIT_DECIDED, "check-1"))
    (mail,) = post.mailbox.mails
    assert "news" in mail.subject
    for word in ("approved", "declined", "referred"):
        assert word not in (mail.subject + mail.text + mail.html).lower()


async def reminders(post: Post, session_id: str) -> list[dict[str, object]]:
    communications = post.container.communications
    await post.container.database.write(lambda tx: communications.remind(tx, session_id))
    rows = await post.rows("SELECT * FROM message WHERE purpose = 'reminder'")
    return [row for row in rows if row["session_id"] == session_id]


async def test_a_journey_left_half_way_is_reminded_of_once_for_a_pause(post: Post) -> None:
    view = await post.start("selling")
    await post.journeys.create_resume_link(
        ADA, view.session_id, "idle@example.org", has_consented=True
    )
    for _ in range(3):
        (row,) = await reminders(post, view.session_id)
    await post.deliver(str(row["message_id"]))
    (mail,) = post.mailbox.to("idle@example.org")
    token = mail.text.split("/resume/")[1].split()[0]
    assert await post.journeys.can_resume(token)
    back = await post.journeys.resume(BOB, token)
    assert back.session_id == view.session_id
    assert len(await reminders(post, view.session_id)) == 2  # a further pause


async def test_nobody_is_reminded_who_did_not_agree(post: Post) -> None:
    view = await post.start("selling")
    await post.journeys.create_resume_link(ADA, view.session_id, "idle@example.org")
    assert await reminders(post, view.session_id) == []


async def test_a_finished_journey_is_not_reminded_of(post: Post) -> None:
    assert await reminders(post, (await post.sell()).session_id) == []


async def test_who_has_sent_something_is_not_reminded_of_the_rest(post: Post) -> None:
    view = await post.start("selling")
    for answer in (*SALE, CONTACT):
        view = await post.journeys.submit(ADA, view.session_id, view.step_id, answer)
    assert view.step_id == "replacement_check"
    assert await reminders(post, view.session_id) == []


async def test_a_reminder_leaves_the_link_that_was_saved_alone(post: Post) -> None:
    view = await post.start("selling")
    saved = await post.journeys.create_resume_link(
        ADA, view.session_id, "idle@example.org", has_consented=True
    )
    await reminders(post, view.session_id)
    assert await post.journeys.can_resume(saved.token)


async def test_a_saved_link_can_be_mailed_and_its_address_is_forgotten(post: Post) -> None:
    view = await post.start("selling")
    link = await post.journeys.create_resume_link(ADA, view.session_id)
    mailed = post.container.mailed_links
    assert mailed.is_offered
    await mailed.send(ADA, link.token, " later@example.org ", "en")
    await mailed.send(ADA, link.token, "later@example.org", "en")  # pressed twice
    rows = await post.rows("SELECT * FROM message WHERE purpose = 'save_link'")
    (row,) = [row for row in rows if row["session_id"] == view.session_id]
    await post.deliver(row["message_id"])
    (mail,) = post.mailbox.to("later@example.org")
    assert f"/resume/{link.token}" in mail.text
    assert (await post.message(row["message_id"]))["details"] is None
    indexed = await post.rows("SELECT session_id FROM person_index")
    assert view.session_id not in {each["session_id"] for each in indexed}


async def test_only_ones_own_link_can_be_mailed(post: Post) -> None:
    view = await post.start("selling")
    link = await post.journeys.create_resume_link(ADA, view.session_id)
    with pytest.raises(Forbidden):
        await post.container.mailed_links.send(BOB, link.token, "later@example.org", "en")
    with pytest.raises(Forbidden):
        await post.container.mailed_links.send(ADA, "no-such-token", "later@example.org", "en")


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b", "a b@example.org", "a@example.org,b@c.de"]
)
async def test_what_is_no_address_is_refused(post: Post, address: str) -> None:
    view = await post.start("selling")
    link = await post.journeys.create_resume_link(ADA, view.session_id)
    with pytest.raises(ValidationFailed):
        await post.container.mailed_links.send(ADA, link.token, address, "en")


def _due_at(row: dict[str, object]) -> datetime:
    due_at = row["due_at"]
    return datetime.fromisoformat(due_at) if isinstance(due_at, str) else due_at  # type: ignore[return-value]


async def test_that_nobody_waits_for_a_decision_any_longer_is_no_news(post: Post) -> None:
    view = await post.sell()
    await hears_of_check(post, "check-lost", view.session_id, "undecided")
    message_id = message_id_of(Purpose.CREDIT_DECIDED, "check-lost")
    rows = await post.rows("SELECT message_id FROM message")
    assert message_id not in {row["message_id"] for row in rows}


@pytest.mark.parametrize("decision", ["approved", "declined", "referred"])
async def test_that_the_bureau_has_answered_is_news(post: Post, decision: str) -> None:
    view = await post.sell()
    await hears_of_check(post, f"check-{decision}", view.session_id, decision)
    message_id = message_id_of(Purpose.CREDIT_DECIDED, f"check-{decision}")
    assert (await post.message(message_id))["session_id"] == view.session_id


async def hears_of_check(post: Post, key: str, session_id: str, decision: str) -> None:
    """Have people told of a check that was decided so."""
    check = {
        "key": key,
        "session_id": session_id,
        "frame": "",
        "step": "",
        "created_at": post.clock.now,
        **seal(post.container.keyring, key, decision={"decision": decision}),
    }
    table, communications = METADATA.tables["credit_check"], post.container.communications

    def work(tx: Transaction) -> None:
        tx.connection.execute(table.insert().values(check))
        communications.hear(tx, CreditDecided(key, session_id))

    await post.container.database.write(work)
