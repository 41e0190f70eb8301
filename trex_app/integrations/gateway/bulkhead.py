"""A limited number of calls to one partner at a time, and of callers that wait for their turn."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from trex_app.integrations.gateway.fault import PartnerFault
from trex_app.integrations.gateway.policy import PartnerPolicy


class Bulkhead:
    """Belongs to one event loop. First come, first served."""

    def __init__(self, policy: PartnerPolicy) -> None:
        self._places = asyncio.Semaphore(policy.concurrent)
        self._queued_most = policy.queued
        self._queued = 0

    @asynccontextmanager
    async def place(self, deadline: float) -> AsyncGenerator[None]:
        """Hold a place; wait for it until `deadline` (of the loop's clock).

        Raises PartnerFault `busy` when the queue is full or the deadline comes first.
        """
        if self._places.locked():
            await self._wait(deadline)
        else:
            await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()

    async def _wait(self, deadline: float) -> None:
        if self._queued >= self._queued_most:
            raise PartnerFault("busy")
        self._queued += 1
        try:
            async with asyncio.timeout_at(deadline):
                await self._places.acquire()
        except TimeoutError as error:
            raise PartnerFault("busy") from error
        finally:
            self._queued -= 1
