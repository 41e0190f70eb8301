"""Processes share breakers and saved answers over Redis, and get on without it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis as redis_client

from tests.integration.own_redis import OwnRedis, an_own_redis
from tests.unit.integrations.gateway.scripted import (
    HOME,
    PARTNER,
    UNHURRIED,
    ScriptedPartner,
    a_number,
    answering,
    until,
)
from trex_app.core.errors import PartnerUnavailable
from trex_app.integrations.gateway import (
    Answer,
    Gateway,
    PartnerPolicy,
    State,
    answers,
    redis_link,
)
from trex_app.integrations.gateway.circuit import Pause

MANY = 200
"""With a wait for each of them, so many calls would take more than a minute."""


LONG_OPEN = {"open_seconds": 600.0, "open_seconds_most": 600.0}


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that is well is not taken for one that is away, however busy the machine is."""
    for module in (redis_link, answers):
        monkeypatch.setattr(module, "TIMEOUT_SECONDS", 20)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[OwnRedis]:
    with an_own_redis(tmp_path) as server:
        yield server


@asynccontextmanager
async def a_process(
    redis: OwnRedis, partner: ScriptedPartner, **numbers: Any
) -> AsyncIterator[Gateway]:
    """A gateway as one process has it: nothing shared with another but Redis."""
    given = {"base_url": HOME, **UNHURRIED, **LONG_OPEN, "retries": 0}
    policy = PartnerPolicy(**{**given, **numbers})
    transport = httpx.MockTransport(partner.handle)
    gateway = Gateway({PARTNER: policy}, redis_url=redis.url, transport=transport)
    try:
        yield gateway
    finally:
        await gateway.aclose()


async def ask(gateway: Gateway, page: int = 1) -> Answer[int]:
    return await gateway.call(
        PARTNER, "GET", "/cars", read=a_number, params={"page": page}, is_cached=True
    )


async def fail_often(gateway: Gateway) -> None:
    for page in range(5):
        with pytest.raises(PartnerUnavailable):
            await ask(gateway, 1000 + page)


async def until_state(gateway: Gateway, state: State) -> None:
    await until(lambda: gateway.health(PARTNER).state is state)


async def until_shared(*gateways: Gateway) -> None:
    for gateway in gateways:
        gateway.health(PARTNER)
        link = gateway._link
        assert link is not None
        await until(lambda link=link: link.is_up)


async def until_alone(gateway: Gateway) -> None:
    link = gateway._link
    assert link is not None
    await until(lambda: not link.is_up)


@pytest.mark.usefixtures("patience")
async def test_what_opens_and_closes_in_one_process_does_so_in_the_other(redis: OwnRedis) -> None:
    ours, theirs = answering(500), answering({"number": 1})
    async with a_process(redis, ours) as first, a_process(redis, theirs) as second:
        second.health(PARTNER)
        await fail_often(first)
        await until_state(second, State.OPEN)
        with pytest.raises(PartnerUnavailable) as refused:
            await ask(second)
        assert refused.value.reason == "open"
        assert theirs.requests == []
        first._partners[PARTNER].circuit.adopt(None)
        link = first._link
        assert link is not None
        link.tell(first._partners[PARTNER].circuit)
        await until_state(second, State.CLOSED)
        assert (await ask(second)).value == 1


@pytest.mark.usefixtures("patience")
async def test_a_breaker_that_is_trying_is_told_to_nobody(redis: OwnRedis) -> None:
    async with a_process(redis, answering({})) as gateway:
        await until_shared(gateway)
        circuit, link = gateway._partners[PARTNER].circuit, gateway._link
        assert link is not None
        circuit.adopt(Pause(0, 1))
        assert gateway.health(PARTNER).state is State.HALF_OPEN
        link.tell(circuit)
        await until(lambda: not link._to_tell)
        with redis_client.Redis.from_url(redis.url) as looking:
            assert looking.dbsize() == 0


@pytest.mark.usefixtures("patience")
async def test_word_of_a_change_is_taken_in_once(redis: OwnRedis) -> None:
    """What opens after it stays open, although the word is still there."""
    async with a_process(redis, answering({})) as gateway:
        await until_shared(gateway)
        circuit, link = gateway._partners[PARTNER].circuit, gateway._link
        assert link is not None
        link.tell(circuit)
        await until(lambda: not link._to_tell)
        circuit.adopt(Pause(600, 1))
        link._follow_changes()
        assert gateway.health(PARTNER).state is State.OPEN


@pytest.mark.usefixtures("patience")
async def test_a_process_that_starts_later_knows_of_an_open_breaker(redis: OwnRedis) -> None:
    partner = answering(500)
    async with a_process(redis, partner) as first:
        await fail_often(first)
        with redis_client.Redis.from_url(redis.url) as looking:
            await until(lambda: looking.exists(f"trex:gateway:breaker:{PARTNER}") == 1)
        async with a_process(redis, partner) as second:
            await until_shared(second)
            with pytest.raises(PartnerUnavailable):
                await ask(second)
    assert len(partner.requests) == 5


@pytest.mark.usefixtures("patience")
async def test_an_answer_saved_by_one_is_given_by_the_other(redis: OwnRedis) -> None:
    ours, theirs = answering({"number": 1}), answering(500)
    async with a_process(redis, ours) as first, a_process(redis, theirs) as second:
        await until_shared(first, second)
        asked = await ask(first)
        assert await ask(second) == asked
        assert theirs.requests == []


@pytest.mark.usefixtures("patience")
async def test_an_answer_of_the_sandbox_is_never_given_for_the_partners(redis: OwnRedis) -> None:
    sandbox, partner = answering({"number": 1}), answering({"number": 2})
    async with a_process(redis, sandbox, base_url="http://sandbox.example") as before:
        await until_shared(before)
        await ask(before)
    async with a_process(redis, partner) as after:
        await until_shared(after)
        assert (await ask(after)).value == 2


@pytest.mark.usefixtures("patience")
async def test_an_old_answer_of_another_process_stands_in_too(redis: OwnRedis) -> None:
    ours, theirs = answering({"number": 1}), answering(500)
    numbers = {"fresh_seconds": 0.0}
    async with (
        a_process(redis, ours, **numbers) as first,
        a_process(redis, theirs, **numbers) as second,
    ):
        await until_shared(first, second)
        asked = await ask(first)
        assert await ask(second) == Answer(1, asked.as_of, is_stale=True)


@pytest.mark.usefixtures("patience")
async def test_what_redis_holds_shows_nothing_of_the_question(redis: OwnRedis) -> None:
    async with a_process(redis, answering({"number": 1})) as gateway:
        await until_shared(gateway)
        await gateway.call(
            PARTNER, "GET", "/cars", read=a_number, params={"zip": "60601"}, is_cached=True
        )
        with redis_client.Redis.from_url(redis.url) as looking:
            keys = list(looking.scan_iter())
            assert len(keys) == 1
            assert b"60601" not in keys[0]
            assert looking.pttl(keys[0]) in range(1, (60 + 6 * 3600) * 1000 + 1)


async def test_without_redis_from_the_start_each_process_is_on_its_own(redis: OwnRedis) -> None:
    redis.stop()
    partner = answering({"number": 1})
    async with a_process(redis, partner) as gateway:
        assert (await ask(gateway)).value == 1
        assert (await ask(gateway)).value == 1
    assert len(partner.requests) == 1


@pytest.mark.usefixtures("patience")
async def test_redis_may_stop_and_come_back_while_calls_go_on(redis: OwnRedis) -> None:
    ours, theirs = answering({"number": 1}), answering({"number": 2})
    async with a_process(redis, ours) as first, a_process(redis, theirs) as second:
        await until_shared(first, second)
        await ask(first)
        redis.stop()
        for page in range(2, 20):
            assert (await ask(first, page)).value == 1
        ours.answers = [httpx.Response(500)]
        await fail_often(first)
        await until_alone(second)
        assert second.health(PARTNER).state is State.CLOSED
        assert (await ask(second, 50)).value == 2
        redis.start()
        await until_state(second, State.OPEN)


async def test_a_redis_that_hangs_does_not_slow_every_call(redis: OwnRedis) -> None:
    partner = answering({"number": 1})
    async with a_process(redis, partner) as gateway:
        await ask(gateway)
        await until_shared(gateway)
        redis.freeze()
        async with asyncio.timeout(MANY * 0.25):
            for page in range(MANY):
                assert (await ask(gateway, page + 2)).value == 1
        await until_alone(gateway)
        redis.thaw()
        await until_shared(gateway)
