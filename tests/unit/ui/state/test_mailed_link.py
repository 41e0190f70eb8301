"""Sending the saved link to oneself, also once more after it could not be sent."""

from collections.abc import Iterable

import pytest

from tests.browser_tab import Server, Tab
from trex_app.core.errors import RateLimited, TrexError, Unavailable
from trex_app.services.views import Caller
from trex_app.ui.state import mailed_link
from trex_app.ui.state.mailed_link import MailedLinkState

ADDRESS = "robin@example.com"


class Post:
    """Stands in for the links: each sending fails as it is told, then goes out."""

    def __init__(self, *faults: TrexError) -> None:
        self.faults = list(faults)
        self.mailed_links = self
        self.is_offered = True
        self.sent: list[str] = []

    async def limits_of(self, _token: str, _address: str) -> Iterable[str]:
        return ()

    async def send(self, _caller: Caller, _token: str, address: str, _locale: str) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(address)


@pytest.mark.parametrize("fault", [Unavailable(), RateLimited(7)])
async def test_a_second_press_sends_what_the_first_could_not(
    monkeypatch: pytest.MonkeyPatch, fault: TrexError
) -> None:
    post, server = Post(fault), Server()
    monkeypatch.setattr(mailed_link, "get_container", lambda: post)
    async with server.processor:
        tab = Tab(server)
        await tab.load(MailedLinkState, "send", address=ADDRESS)
        assert (await tab.state(MailedLinkState)).fault == str(fault)
        await tab.load(MailedLinkState, "send", address=ADDRESS)
        assert (await tab.state(MailedLinkState)).fault == ""
    assert post.sent == [ADDRESS]


async def test_the_address_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailed_link, "get_container", Post)
    server = Server()
    async with server.processor:
        tab = Tab(server)
        await tab.load(MailedLinkState, "send", address=ADDRESS)
        assert ADDRESS not in str(vars(await tab.state(MailedLinkState)))


async def test_what_is_no_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    post, server = Post(), Server()
    monkeypatch.setattr(mailed_link, "get_container", lambda: post)
    async with server.processor:
        tab = Tab(server)
        await tab.load(MailedLinkState, "send", address="robin")
        assert (await tab.state(MailedLinkState)).fault
    assert post.sent == []
