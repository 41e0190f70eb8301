"""While Redis is away, what pages send waits at the door, and they are told so."""

import asyncio
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
import reflex as rx
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisAway
from reflex.state import StateUpdate
from socketio.exceptions import ConnectionRefusedError as Refused

from trex_app.ui.state import page_connections
from trex_app.ui.state.notice import NoticeState
from trex_app.ui.state.page_connections import MOST_WAITING, PageConnections

PATIENCE_SECONDS = 30.0
PAGE, TAB = "its socket", "its token"


class RedisThatGoes:
    """A Redis that can be away."""

    is_away = False

    async def execute_command(self, _command: str) -> bool:
        if self.is_away:
            raise RedisAway
        return True


class Door:
    """Reflex's side of the sockets, with one page at it."""

    def __init__(self) -> None:
        self.sid_to_token = {PAGE: TAB}
        self.connected: list[str] = []
        self.taken: list[Any] = []
        self.told: list[bool] = []

    async def on_connect(self, sid: str, _environ: dict[str, Any], _auth: Any = None) -> None:
        self.connected.append(sid)

    async def on_event(self, _sid: str, data: Any) -> None:
        self.taken.append(data)

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        assert token == TAB
        [(name, values)] = update.delta.items()
        assert name == NoticeState.get_full_name()
        assert set(values) <= set(NoticeState().dict()[name]), "the browser knows it by this name"
        self.told += values.values()


@pytest.fixture
def redis() -> RedisThatGoes:
    return RedisThatGoes()


@pytest.fixture
def door(redis: RedisThatGoes, monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setattr(page_connections, "PAUSE_SECONDS", 0.001)
    door = Door()
    connections = PageConnections(cast("Redis", redis))
    connections.watch(cast("rx.App", SimpleNamespace(event_namespace=door)))
    return door


async def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that in time"
        await asyncio.sleep(0.001)


async def test_while_redis_answers_everything_passes(door: Door) -> None:
    await door.on_connect(PAGE, {})
    await door.on_event(PAGE, "click")
    assert (door.connected, door.taken, door.told) == ([PAGE], ["click"], [])


async def test_what_is_sent_meanwhile_waits_and_is_taken_once_redis_is_back(
    door: Door, redis: RedisThatGoes
) -> None:
    redis.is_away = True
    sending = asyncio.ensure_future(door.on_event(PAGE, "click"))
    await until(lambda: door.told == [True])
    assert door.taken == []
    redis.is_away = False
    await sending
    assert (door.taken, door.told) == (["click"], [True, False])


async def test_what_a_page_sent_that_has_gone_since_is_dropped(
    door: Door, redis: RedisThatGoes
) -> None:
    redis.is_away = True
    sending = asyncio.ensure_future(door.on_event(PAGE, "click"))
    await until(lambda: door.told == [True])
    door.sid_to_token.clear()
    await sending
    assert door.taken == []


async def test_what_a_page_sent_is_taken_in_the_order_it_came(
    door: Door, redis: RedisThatGoes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_connections, "PAUSE_SECONDS", 0.05)
    redis.is_away = True
    typed = asyncio.ensure_future(door.on_event(PAGE, "typed"))
    await until(lambda: door.told == [True])
    monkeypatch.setattr(page_connections, "PAUSE_SECONDS", 0)
    pressed = asyncio.ensure_future(door.on_event(PAGE, "pressed"))
    await asyncio.sleep(0)
    redis.is_away = False
    await door.on_event(PAGE, "pressed again")
    await asyncio.gather(typed, pressed)
    assert door.taken == ["typed", "pressed", "pressed again"]
    assert door.told == [True, False]


async def test_a_page_cannot_fill_the_memory_by_pressing_again_and_again(
    door: Door, redis: RedisThatGoes
) -> None:
    redis.is_away = True
    sending = [asyncio.ensure_future(door.on_event(PAGE, 0))]
    await until(lambda: door.told == [True])
    sending += [asyncio.ensure_future(door.on_event(PAGE, n)) for n in range(1, MOST_WAITING + 5)]
    await asyncio.gather(*sending[MOST_WAITING:])
    redis.is_away = False
    await asyncio.gather(*sending)
    assert door.taken == list(range(MOST_WAITING))


async def test_a_page_is_let_in_only_where_it_can_be_served(
    door: Door, redis: RedisThatGoes
) -> None:
    redis.is_away = True
    with pytest.raises(Refused):
        await door.on_connect(PAGE, {})
    assert door.connected == []
