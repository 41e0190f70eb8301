"""Everything that one running sandbox holds: partners, what they received, and their faults."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from trex_app.core.clock import Clock, utc_now
from trex_app.sandbox.credit import Credit
from trex_app.sandbox.crm import Crm
from trex_app.sandbox.dealers import Dealers
from trex_app.sandbox.faults import Faults
from trex_app.sandbox.ledger import Entry, Ledger
from trex_app.sandbox.sms import Sms
from trex_app.sandbox.vehicles import Vehicles
from trex_app.sandbox.webhooks import SECRET, Webhooks
from trex_app.sandbox.wire import Door

Pause = Callable[[float], Awaitable[object]]


class Partner(Protocol):
    """An HTTP partner: its addresses, and how what it took becomes what it knows."""

    name: str
    doors: tuple[Door, ...]

    def absorb(self, entry: Entry) -> None:
        """Learn from a first (not repeated) request that was taken."""
        ...

    def forget(self) -> None:
        """Forget everything learned."""
        ...


class World:
    """One sandbox. `pause` waits for seconds; it is passed in so that tests need not wait."""

    def __init__(
        self,
        *,
        journal: Path | None = None,
        webhook_secret: str = SECRET,
        clock: Clock = utc_now,
        pause: Pause | None = None,
    ) -> None:
        self.clock = clock
        self.faults = Faults()
        self.ledger = Ledger(journal)
        self.smtp_url = ""
        self._pause = pause or self._wait
        self._is_stopping = asyncio.Event()
        self.webhooks = Webhooks(self.ledger, clock, self.pause, webhook_secret)
        self.partners: tuple[Partner, ...] = (
            Vehicles(),
            Credit(self.webhooks),
            Dealers(),
            Crm(),
            Sms(),
        )
        self._by_name = {partner.name: partner for partner in self.partners}
        for entry in self.ledger.writes():
            self._learn(entry)

    def take(self, entry: Entry) -> None:
        """Record what a partner took, and let it learn from it."""
        self.ledger.add(entry)
        self._learn(entry)

    def forget(self) -> None:
        """Forget what was received; faults stay."""
        self.ledger.forget()
        for partner in self.partners:
            partner.forget()

    async def pause(self, seconds: float) -> None:
        """Wait, but not longer than the sandbox runs."""
        if seconds > 0:
            await self._pause(seconds)

    async def stopped(self) -> None:
        """Wait until the sandbox stops."""
        await self._is_stopping.wait()

    def stop(self) -> None:
        """Let go of everybody who waits."""
        self._is_stopping.set()
        self.webhooks.stop()

    def _learn(self, entry: Entry) -> None:
        partner = self._by_name.get(entry.partner)
        if partner and not entry.repeat and not entry.is_read:
            partner.absorb(entry)

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_stopping.wait()
