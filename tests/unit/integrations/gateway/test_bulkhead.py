"""Places are limited, so is the queue for them, and nobody waits past the deadline."""

import asyncio

import pytest

from tests.unit.integrations.gateway.scripted import until
from trex_app.integrations.gateway.bulkhead import Bulkhead
from trex_app.integrations.gateway.fault import PartnerFault
from trex_app.integrations.gateway.policy import PartnerPolicy


def in_seconds(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_who_waits_too_long_for_a_turn_is_told_busy() -> None:
    bulkhead = Bulkhead(PartnerPolicy(concurrent=1))
    async with bulkhead.place(in_seconds(60)):
        with pytest.raises(PartnerFault, match="busy"):
            async with bulkhead.place(in_seconds(0.01)):
                pass
    async with bulkhead.place(in_seconds(0.01)):
        pass


async def test_a_full_queue_turns_away_at_once() -> None:
    bulkhead = Bulkhead(PartnerPolicy(concurrent=1, queued=0))
    async with bulkhead.place(in_seconds(60)):
        with pytest.raises(PartnerFault, match="busy"):
            async with bulkhead.place(in_seconds(3600)):
                pass


async def test_who_gives_up_waiting_leaves_the_queue_to_others() -> None:
    bulkhead = Bulkhead(PartnerPolicy(concurrent=1, queued=1))
    entered: list[str] = []

    async def enter(name: str) -> None:
        async with bulkhead.place(in_seconds(60)):
            entered.append(name)

    async with bulkhead.place(in_seconds(60)):
        first = asyncio.create_task(enter("first"))
        await until(lambda: bulkhead._queued == 1)
        first.cancel()
        await asyncio.wait({first})
        second = asyncio.create_task(enter("second"))
        await until(lambda: bulkhead._queued == 1)
    await second
    assert entered == ["second"]
