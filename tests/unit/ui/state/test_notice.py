"""A person hears one sentence about a failure, and nothing about its inside."""

import pytest
from redis.exceptions import ConnectionError as RedisAway

from tests.browser_tab import Server, Tab
from trex_app.core.errors import NotFound, RateLimited, TrexError
from trex_app.ui.state.notice import NoticeState, announce_failure


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (NotFound(), NotFound.default_message),
        (NotFound("Nothing is called {name}.", name="x"), "Nothing is called {name}."),
        (RuntimeError("password=1234"), TrexError.default_message),
    ],
)
def test_a_failure_becomes_a_sentence(failure: Exception, sentence: str) -> None:
    event = announce_failure(failure)
    assert event is not None
    assert str(event.args[0][1]) == f'"{sentence}"'


@pytest.mark.parametrize(
    ("path", "said"),
    [("/j/buying", "There is nothing at x."), ("/de/j/buying", "Unter x gibt es nichts.")],
)
async def test_it_is_said_in_the_language_of_the_page(
    path: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    german = {"There is nothing at {place}.": "Unter {place} gibt es nichts."}
    monkeypatch.setattr("trex_app.core.texts.catalogue", {"en": {}, "de": german}.__getitem__)
    server = Server()
    async with server.processor:
        tab = Tab(server)
        tab.path = path
        payload = {"template": "There is nothing at {place}.", "params": {"place": "x"}}
        await tab.load(NoticeState, "show", **payload)
        assert (await tab.state(NoticeState)).message == said


@pytest.mark.parametrize("template", ["{a:>999999999}", "{a.__class__.__mro__}", "Pay here"])
async def test_a_browser_cannot_have_a_template_of_its_own_filled_in(template: str) -> None:
    server = Server()
    async with server.processor:
        tab = Tab(server)
        await tab.load(NoticeState, "show", template=template, params={"a": "x"})
        assert (await tab.state(NoticeState)).message == TrexError.default_message


async def test_the_same_failure_is_announced_each_time() -> None:
    server = Server()
    async with server.processor:
        tab = Tab(server)
        for times in (1, 2):
            await tab.load(NoticeState, "show", template=TrexError.default_message, params={})
            assert (await tab.state(NoticeState)).times == times
        await tab.load(NoticeState, "dismiss")
        assert (await tab.state(NoticeState)).message == ""


async def test_a_sentence_of_ours_is_filled_in() -> None:
    server = Server()
    async with server.processor:
        tab = Tab(server)
        wait = {"retry_after_seconds": 7}
        await tab.load(NoticeState, "show", template=RateLimited.default_message, params=wait)
        assert "7 seconds" in (await tab.state(NoticeState)).message


def test_without_redis_nothing_is_announced_that_would_need_it_too() -> None:
    assert announce_failure(RedisAway("Error 111 connecting to 127.0.0.1:6379")) is None
