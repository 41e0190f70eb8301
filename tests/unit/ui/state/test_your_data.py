"""Erasing one's data from the page behind a link."""

import asyncio

import pytest

from tests.browser_tab import Server, Tab
from trex_app.core.errors import Forbidden
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
