"""The time the gateway goes by: injectable, so that no test waits for a breaker or a retry."""

import asyncio
import time
from datetime import datetime
from typing import Protocol

from trex_app.core.clock import utc_now


class GatewayClock(Protocol):
    """Time on the wall, time that only goes forward, and waiting."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        return utc_now()

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long without holding up others."""
        await asyncio.sleep(seconds)
