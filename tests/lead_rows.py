"""Leads as rows, with what they are about encrypted as the product does it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import delete, insert, select, update

from trex_app.core.crypto import Keyring
from trex_app.db.tables import METADATA
from trex_app.db.tables.dealers import DEALER_MAKES, DEALERS
from trex_app.db.transaction import Database, Transaction
from trex_app.messaging.events import Event, decode
from trex_app.messaging.registry import Handler

KEYRING = Keyring(b"a secret for tests" * 3)
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
EVENT = METADATA.tables["domain_event"]
TABLES = ("event_delivery", "domain_event", "lead_dealer", "lead", "funnel_count", "tenant")


class Leads:
    """Leads, dealers and what was recorded, in a real database."""

    table = METADATA.tables["lead"]
    dealers = METADATA.tables["lead_dealer"]

    def __init__(self, database: Database) -> None:
        self.database = database

    def empty(self) -> None:
        def work(tx: Transaction) -> None:
            for name in TABLES:
                tx.connection.execute(delete(METADATA.tables[name]))
            for table in (DEALER_MAKES, DEALERS):
                tx.connection.execute(delete(table))

        self.database.write_sync(work)

    def add(
        self,
        key: str,
        dealer_ids: tuple[str, ...] = (),
        chosen: Sequence[str] = (),
        days_ago: float = 0,
        tenant: str | None = None,
        **details: Any,
    ) -> None:
        """A lead about `details`: its person chose dealers, or it was given some before."""
        about = orjson.dumps({**details, "dealer_ids": chosen})
        data_key, wrapped_key = KEYRING.new_data_key(key.encode())
        at = NOW - timedelta(days=days_ago)
        row = {
            "key": key,
            "reference": f"TRX-{key}",
            "session_id": f"session-{key}",
            "journey": "buying",
            "tenant": tenant,
            "status": "received",
            "created_at": at,
            "updated_at": at,
            "wrapped_key": wrapped_key,
            "details": data_key.encrypt(about, key.encode()),
        }
        dealers = [
            {"lead_key": key, "dealer_id": dealer_id, "rank": rank, "status": "assigned"}
            for rank, dealer_id in enumerate(dealer_ids)
        ]

        def work(tx: Transaction) -> None:
            tx.connection.execute(insert(self.table).values(row))
            if dealers:
                tx.connection.execute(insert(self.dealers), dealers)

        self.database.write_sync(work)

    def erase(self, key: str) -> None:
        gone = update(self.table).where(self.table.c.key == key)
        gone = gone.values(wrapped_key=None, details=None)
        self.database.write_sync(lambda tx: tx.connection.execute(gone))

    def add_dealer(self, dealer_id: str, place: tuple[float, float] | None, *makes: str) -> None:
        latitude, longitude = place or (None, None)
        unit = _unit_vector(place)
        row = {
            "dealer_id": dealer_id,
            "name": dealer_id,
            "country": "US",
            "latitude": latitude,
            "longitude": longitude,
            **dict(zip(("unit_x", "unit_y", "unit_z"), unit, strict=True)),
        }
        carried = [
            {"dealer_id": dealer_id, "make_key": make.lower(), "make": make} for make in makes
        ]

        def work(tx: Transaction) -> None:
            tx.connection.execute(insert(DEALERS).values(row))
            if carried:
                tx.connection.execute(insert(DEALER_MAKES), carried)

        self.database.write_sync(work)

    def add_tenant(self, tenant_id: str, dealer_ids: Sequence[str]) -> None:
        """A site whose leads go to these dealers."""
        row = {
            "tenant_id": tenant_id,
            "name": tenant_id,
            **{name: [] for name in ("origins", "bundle_origins", "workflows")},
            "theme": {},
            "dealer_ids": list(dealer_ids),
            "may_share_answers": False,
            "may_be_framed": True,
            "created_at": NOW,
            "updated_at": NOW,
        }
        added = insert(METADATA.tables["tenant"]).values(row)
        self.database.write_sync(lambda tx: tx.connection.execute(added))

    def hear(self, handler: Handler, event: Event) -> None:
        self.database.write_sync(lambda tx: handler(tx, event))

    def read(self, query: Any) -> Any:
        return self.database.read_sync(lambda tx: tx.connection.execute(query).freeze()())

    def recorded(self) -> list[Event]:
        query = select(EVENT.c.topic, EVENT.c.data).order_by(EVENT.c.sequence)
        rows = self.database.read_sync(lambda tx: tx.connection.execute(query).all())
        return [decode(topic, data) for topic, data in rows]


def _unit_vector(place: tuple[float, float] | None) -> tuple[float | None, ...]:
    from trex_app.core.values import GeoPoint

    return GeoPoint(*place).unit_vector() if place else (None, None, None)
