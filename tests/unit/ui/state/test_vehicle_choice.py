"""Counting while a search form is filled in, through Reflex's own event processor."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.browser_tab import Server, Tab
from tests.installation import TestSettings
from trex_app.container import Container
from trex_app.core.telemetry import REGISTRY
from trex_app.ui.state import journey
from trex_app.ui.state.vehicle_choice import VehicleChoice


@pytest_asyncio.fixture
async def tab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tab]:
    """A visitor who is about to say what they are looking for."""
    container = Container(TestSettings(data_dir=tmp_path))
    await container.open(with_jobs=False)
    monkeypatch.setattr(journey, "get_container", lambda: container)
    server = Server()
    async with server.processor:
        tab = Tab(server)
        await tab.visit("/j/buying")
        await tab.submit({"knows_vehicle": "true"})
        yield tab
    await container.close()


def refusals() -> float:
    found = REGISTRY.get_sample_value(
        "trex_refusals_total", {"workflow": "vehicle_discovery", "code": "not_found"}
    )
    return found or 0.0


async def count(tab: Tab, make: str) -> str:
    """Rest while typing a make; the number of hits that is shown then."""
    await tab.load(VehicleChoice, "count_form", entries=[["make", make]])
    return (await tab.state(VehicleChoice)).preview.total


async def test_the_hits_are_counted_as_the_form_stands(tab: Tab) -> None:
    assert (await tab.state()).view.step_id == "vehicle_search"
    everything, some = await count(tab, ""), await count(tab, "Toyota")
    assert int(everything.replace(",", "")) > int(some) > 0


async def test_a_count_that_comes_after_the_step_has_moved_on_is_not_asked_for(tab: Tab) -> None:
    counted, before = await count(tab, "Toyota"), refusals()
    await tab.submit({"make": "Toyota"})
    assert (await tab.state()).view.step_id == "search_results"
    assert await count(tab, "Honda") == counted
    assert refusals() == before
