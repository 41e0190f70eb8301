"""Erasing one's data from the page behind a link."""

import asyncio

import pytest

from tests.browser_tab import Server, Tab
from trex_app.core.errors import Forbidden, Unavailable
from trex_app.services.personal_overview import Section
from trex_app.services.privacy import Who
from trex_app.ui.state import your_data
from trex_app.ui.state.your_data import YourDataState


class Privacy:
    """Erases once; then there is nothing behind the link any more."""

    def __init__(self) -> None:
        self.privacy = self
        self.asked: list[str | None] = []

    async def erase(self, who: Who) -> None:
        self.asked.append(who.link)
        if len(self.asked) > 1:
            raise Forbidden


async def test_who_presses_twice_is_told_that_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    privacy, server = Privacy(), Server()
    monkeypatch.setattr(your_data, "get_container", lambda: privacy)
    async with server.processor:
        tab = Tab(server)
        presses = (tab.load(YourDataState, "erase") for _ in range(2))
        await asyncio.gather(*presses)
        assert (await tab.state(YourDataState)).page == "erased"


class Overview:
    """Away once; then there is nothing behind the link."""

    def __init__(self) -> None:
        self.personal_overview = self
        self.is_away = True

    async def behind_link(self, _token: str, _locale: str) -> list[Section]:
        if self.is_away:
            self.is_away = False
            raise Unavailable
        raise Forbidden


async def test_a_database_that_is_away_is_said_and_one_may_look_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    overview, server = Overview(), Server()
    monkeypatch.setattr(your_data, "get_container", lambda: overview)
    async with server.processor:
        tab = Tab(server)
        for page in ("away", "refused"):
            await tab.load(YourDataState, "look")
            assert (await tab.state(YourDataState)).page == page
