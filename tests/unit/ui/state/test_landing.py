"""The landing page says what there is: vehicles, and journeys added to the shipped ones."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.browser_tab import Server, Tab
from trex_app.core.errors import TrexError, Unavailable
from trex_app.ui.state import landing
from trex_app.ui.state.first_views import shipped_workflows
from trex_app.ui.state.landing import LandingState


async def landed(
    monkeypatch: pytest.MonkeyPatch,
    *titles: tuple[str, str],
    path: str = "/",
    stock: int | TrexError = 2400,
) -> Any:
    """The state of the landing page where the journeys of these titles have been added."""

    async def offered() -> list[dict[str, str]]:
        shipped = [(workflow.id, workflow.title) for workflow in shipped_workflows().values()]
        return [{"id": name, "title": title} for name, title in [*shipped, *titles]]

    async def count(_given: Any) -> dict[str, int]:
        if isinstance(stock, TrexError):
            raise stock
        return {"total": stock}

    parts = SimpleNamespace(
        journeys=SimpleNamespace(offered=offered),
        capabilities=SimpleNamespace(lookups={"vehicles.count": SimpleNamespace(find=count)}),
    )
    monkeypatch.setattr(landing, "get_container", lambda: parts)
    server = Server()
    async with server.processor:
        tab = Tab(server)
        tab.path = path
        await tab.load(LandingState, "look")
        return await tab.state(LandingState)


@pytest.mark.parametrize(("path", "href"), [("/", "/j/tyres"), ("/de", "/de/j/tyres")])
async def test_a_journey_of_ones_own_is_offered(monkeypatch, path, href):
    state = await landed(monkeypatch, ("tyres", "Change your tyres"), path=path)
    assert [(other.href, other.title) for other in state.others] == [(href, "Change your tyres")]


async def test_the_shipped_journeys_have_their_own_places(monkeypatch):
    assert (await landed(monkeypatch)).others == []


@pytest.mark.parametrize(("path", "number"), [("/", "2,400"), ("/de", "2.400")])
async def test_the_stock_is_counted(monkeypatch, path, number):
    assert (await landed(monkeypatch, path=path)).stock.startswith(f"{number} ")


async def test_where_the_inventory_is_away_nothing_is_said_of_it(monkeypatch):
    assert (await landed(monkeypatch, stock=Unavailable())).stock == ""
