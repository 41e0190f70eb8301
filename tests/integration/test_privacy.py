"""A person sees all that is held of them, takes it along, and is forgotten when they ask for it."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.post import Post
from tests.integration.world import ADA, CONTACT
from trex_app.core.errors import NotFound
from trex_app.services.privacy import LinkRefused, Who
from trex_app.services.views import Caller, StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWERS: tuple[dict[str, Any], ...] = (
    {"has_buyer": True},
    {
        "vin": "1HGCM82633A004352",
        "mileage_km": 42001,
        "condition": "good",
        "asking_price": 9001,
        "postal_code": "60618",
        "description": "Kept in a dry garage",
    },
    {"buyer_type": "private"},
    {"buyer_name": "Mary Shelley", "buyer_email": "mary@example.org", "agreed_price": 8801},
    {
        "needs_financing": True,
        "applicant": "me",
        "amount": 5001,
        "credit_consent": True,
        "birth_date": "1980-05-05",
        "street": "Elm Street 5",
        "city": "Evanston",
        "income_band": "50k_75k",
    },
)


async def sell(post: Post, email: str, **contact: Any) -> StepView:
    """A sale with a credit check, to its end."""
    view = await post.start("selling")
    last = ({**CONTACT, "email": email, **contact}, {"wants_replacement": False})
    for answer in (*ANSWERS, *last):
        view = await post.journeys.submit(ADA, view.session_id, view.step_id, answer)
    return view


async def data_link(post: Post, view: StepView, address: str) -> str:
    """What stands behind the # of the link to one's data, in the confirmation."""
    await post.deliver(await post.confirmed(view))
    mail = post.mailbox.to(address)[-1]
    found = re.search(r"/your-data#(\S+)", mail.text)
    assert found is not None
    return found[1]


async def test_an_export_holds_every_answer_of_every_class(post: Post) -> None:
    contact = {"email": "whole@example.org", "phone": "312 555 0101"}
    view = await sell(post, **contact)
    held = await post.container.privacy.export(Who(email="whole@example.org"))
    (session,) = held["sessions"]
    assert session["session_id"] == view.session_id
    exported = {
        name: value
        for answer in session["journey"]["answers"]
        for name, value in answer["values"].items()
    }
    given = {name: value for answer in ANSWERS for name, value in answer.items()}
    # The postal code is asked twice: of the vehicle, and of the person.
    assert {**given, **CONTACT, **contact}.items() <= exported.items()
    (lead,) = session["leads"]
    assert lead["sent"]["contact"]["email"] == "whole@example.org"
    (check,) = session["credit_checks"]
    assert check["request"]["birth_date"] == "1980-05-05"
    assert any(fact["personal"].get("values") for fact in session["history"])
    assert "salt" not in json.dumps(held, default=str)


async def test_answers_set_aside_are_exported_as_well(post: Post) -> None:
    view = await sell(post, "aside@example.org")
    other = await post.journeys.start(Caller(visitor="visitor-aside"), "selling")
    assert other.session_id != view.session_id
    visitor = Caller(visitor="visitor-aside")
    step = await post.journeys.submit(visitor, other.session_id, other.step_id, {"has_buyer": True})
    step = await post.journeys.back(visitor, other.session_id, step.step_id)
    await post.journeys.create_resume_link(
        visitor, other.session_id, "aside@example.org", has_consented=True
    )
    held = await post.container.privacy.export(Who(email="aside@example.org"))
    assert {each["session_id"] for each in held["sessions"]} == {view.session_id, other.session_id}


@pytest.mark.parametrize(
    "who",
    [
        Who(email=" FOUND@example.org "),
        Who(phone="+1 (312) 555-0122"),
        Who(phone="312-555-0122"),
    ],
)
async def test_a_person_is_found_however_their_address_is_spelt(post: Post, who: Who) -> None:
    view = await sell(post, "found@example.org", phone="1 312 555 0122")
    assert view.session_id in await post.container.privacy.sessions_of(who)


async def test_a_person_is_found_by_a_reference_with_their_other_journeys(post: Post) -> None:
    first = await sell(post, "twice@example.org")
    second = await sell(post, "twice@example.org")
    reference = first.data["references"][0]["reference"]
    found = await post.container.privacy.sessions_of(Who(reference=reference.lower()))
    assert set(found) == {first.session_id, second.session_id}


async def test_nobody_is_found_where_nothing_is_held(post: Post) -> None:
    with pytest.raises(NotFound):
        await post.container.privacy.export(Who(email="nobody@example.org"))


async def test_no_address_stands_in_the_index(post: Post) -> None:
    await sell(post, "indexed@example.org", phone="312 555 0133")
    rows = await post.rows("SELECT * FROM person_index")
    assert rows
    assert all(re.fullmatch("[0-9a-f]{64}", row["hash"]) for row in rows)


async def test_an_erasure_leaves_nothing_to_read_and_a_history_that_holds(post: Post) -> None:
    container = post.container
    view = await sell(post, "gone@example.org")
    key = await post.lead_of(view)
    message_id = await post.confirmed(view)
    erased = await container.privacy.erase(Who(email="gone@example.org"))
    assert (erased.sessions, erased.leads) == (1, 1)
    with pytest.raises(NotFound):
        await container.privacy.export(Who(email="gone@example.org"))
    row = await post.deliver(message_id)
    assert (row["status"], row["error"], row["details"]) == ("suppressed", "erased", None)
    for table in ("lead", "credit_check", "message", "session"):
        column = "wrapped_key"
        rows = await post.rows(f"SELECT {column}, session_id FROM {table}")
        assert {r[column] for r in rows if r["session_id"] == view.session_id} == {None}
    assert await container.database.read(lambda tx: container.store.verify(tx, view.session_id))
    assert await are_told(post, key)


async def are_told(post: Post, key: str) -> bool:
    """Whether those who have the lead hear of it: a job that was committed with the erasure."""
    dialect = post.container.database.dialect
    jobs = "workflow_status" if dialect == "sqlite" else "dbos.workflow_status"
    waiting = await post.rows(f"SELECT workflow_uuid FROM {jobs}")
    return f"tell_of_erasure:{key}" in {job["workflow_uuid"] for job in waiting}


async def test_who_got_a_lead_hears_of_it_when_one_session_is_erased(post: Post) -> None:
    view, other = await sell(post, "one@example.org"), await sell(post, "one@example.org")
    erased = await post.container.privacy.erase(Who(session_id=view.session_id))
    assert (erased.sessions, erased.leads) == (1, 1)
    assert await are_told(post, await post.lead_of(view))
    assert not await are_told(post, await post.lead_of(other))


async def test_the_link_in_a_message_opens_ones_data_until_it_is_erased(post: Post) -> None:
    container = post.container
    view = await sell(post, "link@example.org")
    token = await data_link(post, view, "link@example.org")
    assert await container.privacy.sessions_of(Who(link=token)) == [view.session_id]
    sections = await container.personal_overview.behind_link(token, "en")
    said = json.dumps([[line.value for line in section.lines] for section in sections])
    assert "link@example.org" in said
    for secret in ("1980-05-05", "Elm Street 5"):
        assert secret not in said
    await container.privacy.erase(Who(link=token))
    with pytest.raises(LinkRefused):
        await container.privacy.export(Who(link=token))


@pytest.mark.parametrize("spoilt", ["", "x", "TRX-0000-0000~email~9999999999.abc", "~~."])
async def test_a_link_that_is_not_ours_opens_nothing(post: Post, spoilt: str) -> None:
    with pytest.raises(LinkRefused):
        await post.container.privacy.sessions_of(Who(link=spoilt))


async def test_a_changed_link_opens_nothing(post: Post) -> None:
    view = await sell(post, "changed@example.org")
    token = await data_link(post, view, "changed@example.org")
    reference, channel, rest = token.split("~")
    expires, _, signature = rest.partition(".")
    later = f"{reference}~{channel}~{int(expires) + 1}.{signature}"
    by_phone = f"{reference}~sms~{rest}"
    for changed in (later, by_phone, token[:-1] + ("A" if token[-1] != "A" else "B")):
        with pytest.raises(LinkRefused):
            await post.container.privacy.sessions_of(Who(link=changed))


async def test_a_link_expires(post: Post) -> None:
    view = await sell(post, "late@example.org")
    token = await data_link(post, view, "late@example.org")
    now = post.clock.now
    post.clock.now = now + timedelta(days=31)
    try:
        with pytest.raises(LinkRefused):
            await post.container.privacy.sessions_of(Who(link=token))
    finally:
        post.clock.now = now


async def test_a_link_by_e_mail_shows_nothing_of_who_shares_the_phone(post: Post) -> None:
    mine = await sell(post, "mine@example.org", phone="312 555 0199")
    other = await sell(post, "other@example.org", phone="312 555 0199")
    token = await data_link(post, mine, "mine@example.org")
    found = await post.container.privacy.sessions_of(Who(link=token))
    assert other.session_id not in found
