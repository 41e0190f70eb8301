"""One gateway in several event loops: connections of each loop, one breaker for all."""

import asyncio
import gc
import weakref
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.unit.integrations.gateway.scripted import PARTNER, a_gateway, answering, as_json
from trex_app.core.errors import PartnerUnavailable
from trex_app.integrations.gateway import Gateway, State
from trex_app.integrations.gateway.answers import SharedAnswers
from trex_app.integrations.gateway.flight import Flights
from trex_app.integrations.gateway.loops import PerLoop
from trex_app.integrations.gateway.redis_link import RedisLink
from trex_app.integrations.gateway.wire import Wire


class Thing:
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.closed_in: Any = None

    async def aclose(self) -> None:
        self.closed_in = asyncio.get_running_loop()


async def ask(gateway: Gateway) -> Any:
    return (await gateway.call(PARTNER, "GET", "/cars", read=as_json)).value


async def test_each_loop_has_its_own_and_always_the_same() -> None:
    things = PerLoop(Thing)

    async def here() -> tuple[Thing, Thing]:
        return things.here(), things.here()

    first, again = things.here(), things.here()
    other, other_again = await asyncio.to_thread(lambda: asyncio.run(here()))
    assert first is again
    assert other is other_again
    assert first is not other


async def test_what_belongs_to_an_ended_loop_is_let_go() -> None:
    things = PerLoop(Thing)

    async def here() -> "weakref.ref[Thing]":
        return weakref.ref(things.here())

    ended = await asyncio.to_thread(lambda: asyncio.run(here()))
    things.here()
    gc.collect()
    assert ended() is None


async def test_each_is_closed_in_its_own_loop() -> None:
    things, loop = PerLoop(Thing), asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()

    async def here() -> Thing:
        return things.here()

    try:
        elsewhere = await asyncio.to_thread(
            asyncio.run_coroutine_threadsafe(here(), loop).result, 20
        )
        mine = things.here()
        await things.aclose()
        assert (mine.closed_in, elsewhere.closed_in) == (asyncio.get_running_loop(), loop)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


class Stubborn(Thing):
    async def aclose(self) -> None:
        await super().aclose()
        raise ConnectionError


async def test_each_is_closed_whatever_becomes_of_the_others() -> None:
    things = PerLoop(Stubborn)
    loops = [asyncio.new_event_loop() for _ in range(2)]
    threads = [Thread(target=loop.run_forever) for loop in loops]
    for thread in threads:
        thread.start()

    async def here() -> Stubborn:
        return things.here()

    try:
        made = [things.here()]
        for loop in loops:
            begun = asyncio.run_coroutine_threadsafe(here(), loop)
            made.append(await asyncio.to_thread(begun.result, 20))
        with pytest.raises(ConnectionError):
            await things.aclose()
        assert [thing.closed_in is thing.loop for thing in made] == [True] * 3
    finally:
        for loop, thread in zip(loops, threads, strict=True):
            loop.call_soon_threadsafe(loop.stop)
            thread.join(20)
            loop.close()


async def test_a_gateway_lets_go_of_everything_whatever_cannot_be_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed: list[str] = []

    def closes(name: str) -> Any:
        async def close(_self: Any) -> None:
            closed.append(name)
            raise ConnectionError

        return close

    for kind in (Flights, Wire, SharedAnswers, RedisLink):
        monkeypatch.setattr(kind, "aclose", closes(kind.__name__))
    monkeypatch.setattr(RedisLink, "start", lambda _self: None)
    gateway = Gateway({}, redis_url="redis://127.0.0.1:1/0")
    gateway._loops.here()  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(ConnectionError):
        await gateway.aclose()
    assert closed == ["Flights", "Wire", "SharedAnswers", "RedisLink"]


async def test_a_breaker_that_opens_in_one_loop_is_open_in_the_others() -> None:
    partner = answering(500)
    async with a_gateway(partner, retries=0) as gateway:

        async def fail() -> None:
            for _ in range(5):
                with pytest.raises(PartnerUnavailable):
                    await ask(gateway)

        await asyncio.to_thread(lambda: asyncio.run(fail()))
        assert gateway.health(PARTNER).state is State.OPEN
        with pytest.raises(PartnerUnavailable):
            await ask(gateway)
    assert len(partner.requests) == 5


async def test_loops_call_side_by_side() -> None:
    partner = answering(httpx.Response(200, json={"fine": True}))
    async with a_gateway(partner) as gateway:

        async def many() -> list[Any]:
            return await asyncio.gather(*[ask(gateway) for _ in range(50)])

        found = await asyncio.gather(
            many(), *[asyncio.to_thread(lambda: asyncio.run(many())) for _ in range(3)]
        )
    assert found == [[{"fine": True}] * 50] * 4
