"""Looking at a resume link: it alone decides what is said of it."""

import pytest

from tests.browser_tab import Server, Tab
from trex_app.core.errors import Unavailable
from trex_app.ui.state import resume
from trex_app.ui.state.resume import ResumeState


class Links:
    """Stands in for the journeys: each look fails as it is told, then finds what it is told."""

    def __init__(self, *faults: Exception, is_usable: bool = True) -> None:
        self.faults = list(faults)
        self.is_usable = is_usable
        self.journeys = self

    async def can_resume(self, _token: str) -> bool:
        if self.faults:
            raise self.faults.pop(0)
        return self.is_usable


async def test_what_went_wrong_in_the_tab_before_says_nothing_about_the_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resume, "get_container", Links)
    server = Server()
    async with server.processor:
        tab = Tab(server)
        (await tab.state()).trouble = "not_found"
        await tab.load(ResumeState, "look")
        assert (await tab.state(ResumeState)).link == "usable"
        assert (await tab.state()).trouble == ""


@pytest.mark.parametrize(("is_usable", "link"), [(True, "usable"), (False, "used_up")])
async def test_while_the_database_is_away_one_may_look_again(
    monkeypatch: pytest.MonkeyPatch, is_usable: bool, link: str
) -> None:
    links, server = Links(Unavailable(), is_usable=is_usable), Server()
    monkeypatch.setattr(resume, "get_container", lambda: links)
    async with server.processor:
        tab = Tab(server)
        await tab.load(ResumeState, "look")
        assert (await tab.state(ResumeState)).link == "away"
        await tab.load(ResumeState, "look")
        assert (await tab.state(ResumeState)).link == link
