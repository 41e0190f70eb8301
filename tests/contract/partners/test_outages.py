"""Partners who fail in every way they can: what stands in for them, and nothing happens twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from tests.contract.partners.installations import (
    CHECK,
    DEALER,
    SOON,
    Installation,
    a_lead,
    a_mail,
)
from tests.sandbox_process import SandboxProcess
from trex_app.core.errors import PartnerUnavailable
from trex_app.db.transaction import Database
from trex_app.engine.session import Source
from trex_app.integrations.gateway import State
from trex_app.integrations.vehicle_listings import VehicleListings
from trex_app.services.outside import source_of

KINDS = ("error", "malformed", "drop", "hang")
VIN = "1HGCM82633A004352"

Call = Callable[[Installation], Awaitable[Any]]
QUESTIONS: dict[str, Call] = {
    "search": lambda it: it.inventory.search({"make": "Toyota"}),
    "count": lambda it: it.inventory.count({"make": "Toyota"}),
    "suggest": lambda it: it.inventory.suggest({"make": "toy"}),
    "near": lambda it: it.dealers.near("60618"),
    "decode": lambda it: it.vin_decoder.decode(VIN),
}
WRITES: dict[str, Call] = {
    "credit": lambda it: it.bureau.request(CHECK, "check-1"),
    "dealers": lambda it: it.delivery.deliver(DEALER, a_lead(), "lead-1"),
    "crm": lambda it: it.records.record(a_lead(), "lead-1"),
    "sms": lambda it: it.text_messages.send("+13125550123", "Hello", "sms-1"),
    "email": lambda it: it.mailer.send(a_mail()),
}


@pytest_asyncio.fixture
async def hasty(stocked: Database, sandbox: SandboxProcess) -> AsyncIterator[Installation]:
    """An installation that does not wait long for those who never answer."""
    async with Installation(stocked, sandbox, SOON) as installation:
        yield installation


@pytest.mark.parametrize("kind", KINDS)
async def test_a_search_nobody_answers_is_an_outage(
    hasty: Installation, sandbox: SandboxProcess, kind: str
) -> None:
    sandbox.fault("vehicles", kind=kind)
    with pytest.raises(PartnerUnavailable):
        await hasty.inventory.search({"make": "Toyota"})


@pytest.mark.parametrize("kind", KINDS)
async def test_a_search_that_was_answered_before_is_shown_as_saved(
    partners: Installation, hasty: Installation, sandbox: SandboxProcess, kind: str
) -> None:
    before = await hasty.inventory.search({"make": "Toyota"})
    sandbox.fault("vehicles", kind=kind)
    found = await hasty.inventory.search({"make": "Toyota"})
    assert (found["source"], found["as_of"]) == ("saved", before["as_of"])
    assert found["vehicles"] == before["vehicles"]


@pytest.mark.parametrize("kind", KINDS)
async def test_who_types_does_not_wait_for_a_partner(
    hasty: Installation, sandbox: SandboxProcess, kind: str
) -> None:
    sandbox.fault("vehicles", kind=kind)
    for question in (hasty.inventory.count({}), hasty.inventory.suggest({"make": "to"})):
        with pytest.raises(PartnerUnavailable):
            await question


@pytest.mark.parametrize("kind", KINDS)
async def test_a_vehicle_is_known_from_our_own_table(
    hasty: Installation, sandbox: SandboxProcess, kind: str
) -> None:
    [listed] = (await hasty.own_inventory.search({}, page_size=1))["vehicles"]
    sandbox.fault("vehicles", kind=kind)
    found = await hasty.inventory.get_many([listed["vehicle_id"]])
    assert found == await hasty.own_inventory.get_many([listed["vehicle_id"]])


async def test_a_vehicle_that_only_the_partner_may_know_is_an_outage_and_not_gone(
    hasty: Installation, sandbox: SandboxProcess
) -> None:
    sandbox.fault("vehicles", kind="error")
    with pytest.raises(PartnerUnavailable):
        await hasty.inventory.get_many(["v-of-the-partner"])


@pytest.mark.parametrize("status", [401, 404])
async def test_a_partner_that_refuses_every_question_is_away(
    hasty: Installation, sandbox: SandboxProcess, status: int
) -> None:
    sandbox.fault("vehicles", kind="error", status=status)
    with pytest.raises(PartnerUnavailable):
        await hasty.inventory.search({})


@pytest.mark.parametrize("kind", KINDS)
async def test_a_vin_is_read_by_ourselves(
    hasty: Installation, sandbox: SandboxProcess, kind: str
) -> None:
    sandbox.fault("vehicles", kind=kind)
    told = await hasty.vin_decoder.decode(VIN)
    assert (told["make"], told["year"], told["is_basic"]) == ("Honda", 2003, True)
    assert told["is_saved"]


@pytest.mark.parametrize("kind", KINDS)
async def test_dealers_come_from_our_own_table(
    hasty: Installation, sandbox: SandboxProcess, kind: str
) -> None:
    sandbox.fault("dealers", kind=kind)
    near = await hasty.dealers.near("60618", limit=2)
    assert [row["distance_km"] is not None for row in near["dealers"]] == [True, True]
    assert near["is_saved"]
    assert "lakeshore-motors" in await hasty.dealers.get_many(["lakeshore-motors"])


@pytest.mark.parametrize("question", QUESTIONS)
async def test_what_stands_in_for_a_partner_says_so(
    hasty: Installation, sandbox: SandboxProcess, question: str
) -> None:
    assert source_of(await QUESTIONS[question](hasty)) is Source.LIVE
    for partner in ("vehicles", "dealers"):
        sandbox.fault(partner, kind="error")
    assert source_of(await QUESTIONS[question](hasty)) is Source.SAVED


NOT_SENT = [
    (partner, kind)
    for partner in WRITES
    for kind in KINDS
    # A text is sent by the very status that comes with it.
    if (partner, kind) != ("sms", "malformed")
]


@pytest.mark.parametrize(("partner", "kind"), NOT_SENT)
async def test_what_could_not_be_sent_is_sent_later_and_once(
    hasty: Installation,
    partners: Installation,
    sandbox: SandboxProcess,
    partner: str,
    kind: str,
) -> None:
    sandbox.fault(partner, kind=kind)
    with pytest.raises(PartnerUnavailable):
        await WRITES[partner](hasty)
    sandbox.heal()
    await WRITES[partner](partners)
    await WRITES[partner](partners)
    happened = [entry for entry in sandbox.received(partner) if not entry["repeat"]]
    assert len(happened) == 1


async def test_a_text_whose_answer_cannot_be_read_was_sent(
    partners: Installation, sandbox: SandboxProcess
) -> None:
    sandbox.fault("sms", kind="malformed")
    await WRITES["sms"](partners)
    assert len(sandbox.received("sms")) == 1


@pytest.mark.parametrize("status", [401, 403, 407])
@pytest.mark.parametrize("partner", [partner for partner in WRITES if partner != "email"])
async def test_what_was_sent_under_an_expired_credential_waits_for_a_new_one(
    partners: Installation, sandbox: SandboxProcess, partner: str, status: int
) -> None:
    sandbox.fault(partner, kind="error", status=status)
    with pytest.raises(PartnerUnavailable) as failed:
        await WRITES[partner](partners)
    assert failed.value.reason == "unauthorised"
    sandbox.heal()
    await WRITES[partner](partners)
    assert len(sandbox.received(partner)) == 1


@pytest.mark.parametrize("partner", WRITES)
async def test_an_answer_that_was_lost_is_fetched_by_a_repeat(
    hasty: Installation, partners: Installation, sandbox: SandboxProcess, partner: str
) -> None:
    sandbox.fault(partner, kind="drop", when="after")
    with pytest.raises(PartnerUnavailable):
        await WRITES[partner](hasty)
    sandbox.heal()
    await WRITES[partner](partners)
    happened = [entry["repeat"] for entry in sandbox.received(partner)]
    assert happened == [False, True]


@pytest.mark.parametrize("partner", WRITES)
async def test_a_slow_partner_is_waited_for(
    partners: Installation, sandbox: SandboxProcess, partner: str
) -> None:
    sandbox.fault(partner, kind="latency", latency_ms=300)
    await WRITES[partner](partners)
    assert len(sandbox.received(partner)) == 1


async def test_a_vehicle_that_was_shown_can_still_be_chosen(
    empty_database: Database, sandbox: SandboxProcess
) -> None:
    async with Installation(empty_database, sandbox, SOON) as installation:
        [shown] = (await installation.inventory.search({}, page_size=1))["vehicles"]
        sandbox.fault("vehicles", kind="error")
        found = await installation.inventory.get_many([shown["vehicle_id"]])
    [vehicle] = found.values()
    assert (vehicle["make"], vehicle["dealer_id"]) == (shown["make"], shown["dealer_id"])
    assert (vehicle["vin"], vehicle["features"]) == (None, [])


async def test_a_dealer_who_was_shown_can_still_be_chosen_and_no_other_is_gone(
    empty_database: Database, sandbox: SandboxProcess
) -> None:
    async with Installation(empty_database, sandbox, SOON) as installation:
        [shown] = (await installation.dealers.near("60618", limit=1))["dealers"]
        sandbox.fault("dealers", kind="error")
        found = await installation.dealers.get_many([shown["dealer_id"]])
        assert found == {shown["dealer_id"]: shown}
        with pytest.raises(PartnerUnavailable):
            await installation.dealers.get_many(["harbor-view-motors"])


async def test_hanging_counts_open_the_breaker_although_nobody_waits_for_them(
    stocked: Database, sandbox: SandboxProcess
) -> None:
    brittle = {**SOON, "failures_in_a_row": 3}
    async with Installation(stocked, sandbox, brittle) as installation:
        inventory = VehicleListings(
            installation.chosen.gateway, installation.own_inventory, patience_seconds=0.1
        )
        sandbox.fault("vehicles", kind="hang")
        for price in range(3):
            with pytest.raises(PartnerUnavailable):
                await inventory.count({"price_max": 10_000 + price})
        deadline = asyncio.get_running_loop().time() + 30
        while installation.chosen.gateway.health("vehicles").state is not State.OPEN:
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.05)
