"""An installation whose clock and partner a test controls."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.installation import TestSettings
from trex_app.container import Container, own_partners
from trex_app.core.clock import Clock
from trex_app.core.errors import Unavailable
from trex_app.db.statements import POSTGRESQL
from trex_app.db.transaction import Database
from trex_app.services.shipped_capabilities import Partners
from trex_app.services.views import Caller, StepView

ADA = Caller(visitor="visitor-ada")
BOB = Caller(visitor="visitor-bob")
CONTACT = {
    "first_name": "Ada",
    "last_name": "Byron",
    "email": "ada@example.org",
    "postal_code": "60618",
    "contact_channels": ["email"],
    "consent_contact": True,
}


class SettableClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class InventoryAway:
    """A partner that can be out of reach, in front of the real one."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.is_away = False

    async def search(self, *args: Any, **kwargs: Any) -> Any:
        self._answer()
        return await self._inner.search(*args, **kwargs)

    async def count(self, *args: Any) -> Any:
        self._answer()
        return await self._inner.count(*args)

    async def suggest(self, *args: Any) -> Any:
        self._answer()
        return await self._inner.suggest(*args)

    async def get_many(self, *args: Any) -> Any:
        return await self._inner.get_many(*args)

    def _answer(self) -> None:
        if self.is_away:
            raise Unavailable


class World:
    """One installation with a clock and a partner that tests control."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self.clock = SettableClock()
        settings = TestSettings(data_dir=data_dir, database_url=url)
        self.container = Container(settings, self.clock, self._partners)
        self.journeys = self.container.journeys

    def _partners(self, database: Database, clock: Clock) -> Partners:
        own = own_partners(database, clock)
        self.inventory = InventoryAway(own.inventory)
        return replace(own, inventory=self.inventory)

    async def start(self, workflow: str = "buying", caller: Caller = ADA) -> StepView:
        return await self.journeys.start(caller, workflow)

    async def walk(self, view: StepView, *answers: dict[str, Any]) -> StepView:
        for answer in answers:
            view = await self.journeys.submit(ADA, view.session_id, view.step_id, answer)
        return view

    async def walk_to_confirmation(self) -> StepView:
        view = await self.walk(
            await self.start(), {"knows_vehicle": True}, {"make": "Toyota", "price_max": 60000}
        )
        vehicle_id = view.data["vehicles"][0]["vehicle_id"]
        return await self.walk(view, {"vehicle_id": vehicle_id}, {"confirmed": True})

    async def kinds(self, view: StepView) -> list[str]:
        return [entry.kind for entry in await self.journeys.history(ADA, view.session_id)]

    async def count(self, table: str) -> int:
        query = text(f"SELECT count(*) FROM {table}")
        return await self.container.database.read(
            lambda tx: tx.connection.execute(query).scalar_one()
        )

    async def until_it_waits(self, work: asyncio.Task[Any]) -> None:
        """Until `work` waits for another transaction, or is over; SQLite's wait in their line."""
        database = self.container.database
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        while database.dialect == POSTGRESQL and not work.done():
            if await database.read(lambda tx: tx.connection.execute(waiting).scalar_one()):
                return
