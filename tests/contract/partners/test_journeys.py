"""Whole journeys with every partner in the sandbox: while all are well, and while none is."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.contract.partners.installations import SOON
from tests.installation import TestSettings
from tests.integration.world import ADA
from tests.integration.world import CONTACT as GIVEN
from tests.sandbox_process import SandboxProcess
from trex_app.container import Container
from trex_app.integrations.chosen import ADDRESSES

SALE = {
    "vin": "1HGCM82633A004352",
    "mileage_km": 85_000,
    "condition": "good",
    "asking_price": 12_500,
    "postal_code": "60618",
}


@pytest_asyncio.fixture
async def container(tmp_path: Path, sandbox: SandboxProcess) -> AsyncIterator[Container]:
    """A fresh installation that runs no jobs: the journeys alone are looked at."""
    settings = TestSettings(
        data_dir=tmp_path,
        sandbox_url=sandbox.url,
        smtp_url=sandbox.smtp_url,
        partner_policies={partner: dict(SOON) for partner in ADDRESSES},
    )
    container = Container(settings)
    await container.open(with_jobs=False)
    yield container
    await container.close()


async def walked(container: Container, view: Any, *answers: dict[str, Any]) -> Any:
    for answer in answers:
        view = await container.journeys.submit(ADA, view.session_id, view.step_id, answer)
    return view


async def bought(container: Container) -> tuple[Any, Any]:
    """What the search showed, and the end of the journey."""
    start = await container.journeys.start(ADA, "buying")
    shown = await walked(container, start, {"knows_vehicle": True}, {"make": "Toyota"})
    vehicle_id = shown.data["vehicles"][0]["vehicle_id"]
    end = await walked(container, shown, {"vehicle_id": vehicle_id}, {"confirmed": True}, GIVEN)
    return shown, end


async def sold(container: Container) -> Any:
    start = await container.journeys.start(ADA, "selling")
    dealers = await walked(container, start, {"has_buyer": False}, SALE)
    chosen = [row["dealer_id"] for row in dealers.data["dealers"][:2]]
    return await walked(
        container,
        dealers,
        {"dealer_ids": chosen},
        {"consent": False},
        GIVEN,
        {"wants_replacement": False},
    )


async def test_a_vehicle_of_the_partner_is_bought(container: Container) -> None:
    shown, end = await bought(container)
    assert (shown.data["source"], shown.messages) == ("live", ())
    assert (end.step_id, end.status) == ("buying_complete", "completed")


async def test_dealers_of_the_network_are_chosen(container: Container) -> None:
    assert (await sold(container)).step_id == "selling_complete"


@pytest.mark.parametrize("kind", ["error", "malformed", "drop", "hang"])
async def test_nobody_is_kept_from_the_end_while_every_partner_is_away(
    container: Container, sandbox: SandboxProcess, kind: str
) -> None:
    for partner in ("vehicles", "credit", "dealers", "crm", "email", "sms"):
        sandbox.fault(partner, kind=kind)
    shown, end = await bought(container)
    assert shown.data["source"] == "saved"
    assert "saved results" in shown.messages[0]
    assert end.step_id == "buying_complete"
    assert (await sold(container)).step_id == "selling_complete"


async def test_counts_and_suggestions_come_from_our_own_table_without_a_word(
    container: Container, sandbox: SandboxProcess
) -> None:
    start = await container.journeys.start(ADA, "buying")
    search = await walked(container, start, {"knows_vehicle": True})

    async def ask(name: str, given: dict[str, Any]) -> Any:
        return await container.journeys.lookup(ADA, search.session_id, search.step_id, name, given)

    live = await ask("vehicles.count", {"make": "Toyota"})
    sandbox.fault("vehicles", kind="error")
    assert await ask("vehicles.count", {"make": "Toyota", "price_max": 90_000_000}) == live
    assert (await ask("vehicles.suggest", {"make": "toyt"}))["makes"][0]["make"] == "Toyota"
