"""Tenants over a database of their own, with clocks that a test sets."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from trex_app.core.crypto import Keyring
from trex_app.core.errors import Unavailable
from trex_app.db import migrate
from trex_app.db.transaction import Database
from trex_app.services.tenant_directory import FRESH_SECONDS, TenantDirectory
from trex_app.services.tenants import Tenant, Tenants
from trex_app.services.tickets import Tickets, Wish

OWN = "https://t.example"
HOST = "https://www.acme.example"
BUNDLE = "https://cdn.acme.example"
EVIL = "https://evil.example"
ACME = Tenant("acme", "Acme", (HOST,), (BUNDLE,), theme={"accent": "#123456"})
OTHER = Tenant("other", "Other", ("https://other.example",))


class TenantWorld:
    """Two tenants, `acme` and `other`, on one database."""

    def __init__(self, url: str) -> None:
        migrate.upgrade(url)
        self.url = url
        self.database = Database(url)
        self.keyring = Keyring(b"a secret of at least thirty-two characters")
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
        self.seconds = 1000.0
        self.tenants = Tenants(self.database, lambda: self.now, self._no_workflows)
        self.directory = TenantDirectory(self.database, lambda: self.seconds)
        self.tickets = self.tickets_over(self.database)
        for tenant in (ACME, OTHER):
            self.run(self.tenants.add(tenant))

    @classmethod
    @contextmanager
    def on_sqlite(cls, folder: Path) -> "Iterator[TenantWorld]":
        """One on a new file."""
        with cls.on(f"sqlite:///{folder}/tenants.db") as world:
            yield world

    @classmethod
    @contextmanager
    def on(cls, url: str) -> "Iterator[TenantWorld]":
        """One on an empty database."""
        world = cls(url)
        try:
            yield world
        finally:
            world.database.close()

    def run(self, waiting: Any) -> Any:
        """What a coroutine yields."""
        return asyncio.run(waiting)

    def tickets_over(self, database: Database) -> Tickets:
        """Tickets as another process sees them."""
        return Tickets(database, self.directory, lambda: self.now, [OWN])

    def ticket(self, tenant: str = "acme", host: str = HOST, **more: Any) -> str:
        """A new ticket."""
        return self.run(self.tickets.issue(Wish(tenant, host, **more))).ticket

    def wait(self, seconds: float = FRESH_SECONDS) -> None:
        """Let time pass for every clock."""
        self.seconds += seconds
        self.now += timedelta(seconds=seconds)

    def take_database_away(self) -> None:
        """From now on nothing is answered."""

        async def refuse(_work: Any) -> Any:
            raise Unavailable

        for name in ("read", "write"):
            setattr(self.database, name, refuse)

    async def _no_workflows(self) -> list[str]:
        return []
