"""Answers are kept: fresh ones spare a call, old ones stand in for a partner that is away."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.unit.integrations.gateway.scripted import (
    BEGIN,
    HOME,
    PARTNER,
    HandClock,
    ScriptedPartner,
    a_gateway,
    a_number,
    answering,
    until,
)
from trex_app.core.errors import PartnerRefused, PartnerUnavailable
from trex_app.integrations.gateway import Answer, Gateway
from trex_app.integrations.gateway.answers import Answers, SavedReply
from trex_app.integrations.gateway.message import Outgoing, Reply


async def ask(gateway: Gateway, **params: Any) -> Answer[int]:
    return await gateway.call(PARTNER, "GET", "/cars", read=a_number, params=params, is_cached=True)


async def test_a_fresh_answer_spares_the_call() -> None:
    clock, partner = HandClock(), answering({"number": 1}, {"number": 2})
    async with a_gateway(partner, clock, fresh_seconds=60) as gateway:
        await ask(gateway)
        clock.seconds += 60
        assert await ask(gateway) == Answer(1, BEGIN)
        clock.seconds += 1
        assert await ask(gateway) == Answer(2, BEGIN + timedelta(seconds=61))


async def test_another_question_is_asked_anew() -> None:
    partner = answering({"number": 1}, {"number": 2})
    async with a_gateway(partner) as gateway:
        assert (await ask(gateway, page=1)).value == 1
        assert (await ask(gateway, page=2)).value == 2


async def test_a_hundred_at_once_make_one_call() -> None:
    partner = answering({"number": 1}, {"number": 2})
    partner.gate = asyncio.Event()
    async with a_gateway(partner) as gateway:
        asked = [asyncio.create_task(ask(gateway)) for _ in range(100)]
        await until(lambda: len(partner.requests) == 1)
        partner.gate.set()
        assert {answer.value for answer in await asyncio.gather(*asked)} == {1}
    assert len(partner.requests) == 1


async def test_one_who_leaves_does_not_take_the_answer_from_the_others() -> None:
    partner = answering({"number": 1})
    partner.gate = asyncio.Event()
    async with a_gateway(partner) as gateway:
        leaver, stayer = [asyncio.create_task(ask(gateway)) for _ in range(2)]
        await until(lambda: len(partner.requests) == 1)
        leaver.cancel()
        await asyncio.wait({leaver})
        partner.gate.set()
        assert (await stayer).value == 1


async def test_when_all_have_left_the_call_is_cancelled() -> None:
    cancelled = asyncio.Event()

    class Hanging(ScriptedPartner):
        async def handle(self, request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.set()
            raise AssertionError

    partner = Hanging([])
    async with a_gateway(partner) as gateway:
        asked = [asyncio.create_task(ask(gateway)) for _ in range(5)]
        await until(lambda: len(partner.requests) == 1)
        for task in asked:
            task.cancel()
        await asyncio.wait_for(cancelled.wait(), 20)
        partner.requests.clear()
        again = asyncio.create_task(ask(gateway))
        await until(lambda: len(partner.requests) == 1)
        again.cancel()


@pytest.mark.parametrize(
    "fault", [500, httpx.ReadError("gone"), httpx.Response(200, content=b"<html>"), 429]
)
async def test_a_partner_that_is_away_is_stood_in_for(fault: Any) -> None:
    clock, partner = HandClock(), answering({"number": 1}, fault)
    async with a_gateway(partner, clock, fresh_seconds=60, stale_seconds=600) as gateway:
        await ask(gateway)
        clock.seconds += 660
        assert await ask(gateway) == Answer(1, BEGIN, is_stale=True)
        clock.seconds += 1
        with pytest.raises(PartnerUnavailable):
            await ask(gateway)


async def test_behind_an_open_breaker_the_saved_answer_comes_without_a_call() -> None:
    clock, partner = HandClock(), answering({"number": 1}, 500)
    async with a_gateway(partner, clock, retries=0, fresh_seconds=1) as gateway:
        await ask(gateway)
        clock.seconds += 2
        for _ in range(9):
            assert (await ask(gateway)).is_stale
        assert len(partner.requests) == 1 + 5
        clock.seconds += 12
        partner.answers = [httpx.Response(200, json={"number": 2})]
        assert (await ask(gateway)) == Answer(2, clock.now())


async def test_a_slow_partner_is_stood_in_for_and_its_answer_kept_when_it_comes() -> None:
    clock, partner = HandClock(), answering({"number": 1}, {"number": 2})
    numbers = {"timeout_seconds": 60.0, "slow_share": 0.001, "fresh_seconds": 60}
    async with a_gateway(partner, clock, **numbers) as gateway:
        await ask(gateway)
        clock.seconds += 61
        partner.gate = asyncio.Event()
        assert (await ask(gateway)).is_stale
        partner.gate.set()
        await until(lambda: not gateway._loops.here().flights._flights)
        assert await ask(gateway) == Answer(2, BEGIN + timedelta(seconds=61))
    assert len(partner.requests) == 2


async def test_a_refusal_is_no_reason_to_show_what_was_saved() -> None:
    clock, partner = HandClock(), answering({"number": 1}, 404)
    async with a_gateway(partner, clock, fresh_seconds=60) as gateway:
        await ask(gateway)
        clock.seconds += 61
        with pytest.raises(PartnerRefused):
            await ask(gateway)


async def test_what_is_read_otherwise_now_is_asked_anew() -> None:
    partner = answering({"number": 1}, {"count": 2})
    async with a_gateway(partner) as gateway:
        await ask(gateway)
        found = await gateway.call(
            PARTNER, "GET", "/cars", read=lambda r: r.json()["count"], params={}, is_cached=True
        )
        assert found.value == 2


async def test_only_reads_are_kept() -> None:
    async with a_gateway(answering({})) as gateway:
        with pytest.raises(ValueError, match="GET"):
            await gateway.call(PARTNER, "POST", "/cars", read=a_number, is_cached=True)


def test_the_least_used_goes_first_when_there_is_no_room() -> None:
    answers = Answers(kept_bytes=3 * 1600)
    for key in ("a", "b", "c"):
        answers.save(key, SavedReply(Reply(200, {}, b"x" * 1000), BEGIN))
    answers.find("a")
    answers.save("d", SavedReply(Reply(200, {}, b"x" * 1000), BEGIN))
    assert [key for key in "abcd" if answers.find(key)] == ["a", "c", "d"]


def test_a_key_shows_nothing_of_what_was_asked() -> None:
    def key(**more: Any) -> str:
        return Outgoing(partner=PARTNER, method="GET", path="/cars", **more).key_at(HOME)

    keys = {key(), key(params={"zip": "60601"}), key(headers={"Accept-Language": "de"})}
    assert len(keys) == 3
    assert not any("60601" in each for each in keys)
    assert key(params={"a": 1, "b": 2}) == key(params={"b": 2, "a": 1})


def test_a_partner_at_another_address_is_another_partner() -> None:
    question = Outgoing(partner=PARTNER, method="GET", path="/cars")
    assert question.key_at(HOME) != question.key_at("https://partner.example/api")


@pytest.mark.parametrize("path", ["cars", "/a/../b", "/a?b", "/a#b", "/./a", "/a\\b", "/a\r\nB: c"])
def test_a_path_does_not_lead_elsewhere(path: str) -> None:
    with pytest.raises(ValueError, match="a path"):
        Outgoing(partner=PARTNER, method="GET", path=path)
