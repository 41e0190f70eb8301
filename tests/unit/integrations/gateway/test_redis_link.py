"""What is told to other processes, without a Redis."""

from typing import Any

import orjson
import pytest

from tests.unit.integrations.gateway.scripted import PARTNER, HandClock
from trex_app.integrations.gateway import PartnerPolicy
from trex_app.integrations.gateway.circuit import Circuit, Outcome, State
from trex_app.integrations.gateway.redis_link import RedisLink


class SlowRedis:
    """Takes what it is told; meanwhile something else happens."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self.meanwhile: list[Any] = []

    def set(self, _name: str, value: bytes, px: int) -> None:
        assert px > 0
        if self.meanwhile:
            self.meanwhile.pop(0)()
        self.told.append(orjson.loads(value)["pauses"])


def test_a_change_that_comes_while_another_is_told_is_told_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, policy = HandClock(), PartnerPolicy()
    circuit = Circuit(PARTNER, policy, clock, lambda _state, _is_own: link.tell(circuit))
    link, redis = RedisLink("redis://127.0.0.1:1/0", {PARTNER: circuit}), SlowRedis()
    monkeypatch.setattr(link, "_redis", redis)

    def open_it() -> None:
        for _ in range(policy.failures_in_a_row):
            circuit.settle(circuit.admit(), Outcome.FAILED)

    def close_it() -> None:
        clock.seconds += policy.open_seconds * 2
        circuit.settle(circuit.admit(), Outcome.ANSWERED)
        assert circuit.health().state is State.CLOSED

    open_it()
    redis.meanwhile.append(close_it)
    link._tell_changes()  # pyright: ignore[reportPrivateUsage]
    link._tell_changes()  # pyright: ignore[reportPrivateUsage]
    assert redis.told == [1, 0], "it opened for its first pause, and closed"


def test_what_could_not_be_told_is_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, policy = HandClock(), PartnerPolicy()
    circuit = Circuit(PARTNER, policy, clock)
    link, redis = RedisLink("redis://127.0.0.1:1/0", {PARTNER: circuit}), SlowRedis()
    monkeypatch.setattr(link, "_redis", redis)
    link.tell(circuit)

    def fail() -> None:
        raise ConnectionError

    redis.meanwhile.append(fail)
    with pytest.raises(ConnectionError):
        link._tell_changes()  # pyright: ignore[reportPrivateUsage]
    link._tell_changes()  # pyright: ignore[reportPrivateUsage]
    assert redis.told == [0]
