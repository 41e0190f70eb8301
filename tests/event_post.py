"""Events over a real database, with handlers and a clock that a test controls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Row, delete, select

from tests.conftest import a_postgres_database
from trex_app.db.connections import create_engine, database_url
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.messaging.delivery import Deliveries, Outcome
from trex_app.messaging.events import Event, LeadCancelled, LeadDelivered, LeadScored, record
from trex_app.messaging.records import EventRecords
from trex_app.messaging.registry import Registry
from trex_app.messaging.subscriptions import Subscriptions

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BOTH = frozenset({"LeadScored", "LeadDelivered"})
SUBSCRIPTIONS: Subscriptions = {
    "first": BOTH,
    "second": BOTH,
    "third": frozenset({"LeadCancelled"}),
}
EVENT = METADATA.tables["domain_event"]
DELIVERY = METADATA.tables["event_delivery"]
# Any table will do to see what handlers did in their transactions.
EFFECT = METADATA.tables["funnel_count"]
LEASE = METADATA.tables["lease"]


def scored(lead_key: str, score: int = 50) -> LeadScored:
    return LeadScored(lead_key, score, ("wants_to_buy",))


def delivered(lead_key: str) -> LeadDelivered:
    return LeadDelivered(lead_key)


def cancelled(lead_key: str) -> LeadCancelled:
    return LeadCancelled(lead_key)


@dataclass
class Post:
    """A database, three handlers that note what they get, and how to make them fail."""

    database: Database
    now: datetime = NOW
    handled: list[tuple[str, Event]] = field(default_factory=list)
    fault: Callable[[str, Event], None] = lambda _handler, _event: None

    def __post_init__(self) -> None:
        functions = {name: self._handler(name) for name in SUBSCRIPTIONS}
        self.registry = Registry(functions, SUBSCRIPTIONS)
        self.deliveries = Deliveries(self.database, self.registry, self.clock)
        self.records = EventRecords(self.database, self.clock)

    def clock(self) -> datetime:
        return self.now

    def wait(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)

    def record(self, *facts: Event) -> None:
        def work(tx: Transaction) -> None:
            record(tx, *facts, now=self.now, subscriptions=SUBSCRIPTIONS)

        self.database.write_sync(work)

    def deliver_due(self, handler: str) -> list[Outcome]:
        """What one look of the handler's lane comes to."""
        due = self.deliveries.due(handler, limit=100)
        return [self.deliveries.deliver(handler, sequence) for sequence in due]

    def drain(self, handler: str) -> None:
        """Look until nothing may go."""
        while any(outcome is not Outcome.WAITING for outcome in self.deliver_due(handler)):
            pass

    def rows(self, handler: str) -> list[Row]:
        query = select(DELIVERY).where(DELIVERY.c.handler == handler).order_by(DELIVERY.c.sequence)
        return list(self.database.read_sync(lambda tx: tx.connection.execute(query).all()))

    def statuses(self, handler: str) -> list[str]:
        return [row.status for row in self.rows(handler)]

    def sequences(self) -> list[int]:
        query = select(EVENT.c.sequence).order_by(EVENT.c.sequence)
        return list(self.database.read_sync(lambda tx: tx.connection.execute(query).scalars()))

    def heard(self, handler: str) -> list[Event]:
        """What the handler was called with, also where that was rolled back."""
        return [event for name, event in self.handled if name == handler]

    def _handler(self, name: str) -> Callable[[Transaction, Event], None]:
        def handle(_tx: Transaction, event: Event) -> None:
            self.handled.append((name, event))
            self.fault(name, event)

        return handle


@contextmanager
def event_database(kind: str, folder: Path) -> Iterator[Database]:
    """A database of its own with every table, on SQLite or PostgreSQL."""
    if kind == "sqlite":
        with with_tables(f"sqlite:///{folder}/events.db") as database:
            yield database
    else:
        with a_postgres_database() as url, with_tables(url) as database:
            yield database


@contextmanager
def with_tables(url: str) -> Iterator[Database]:
    """The database at this URL, where nothing is yet, with every table."""
    engine = create_engine(database_url(url), "write")
    METADATA.create_all(engine)
    engine.dispose()
    database = Database(url)
    yield database
    database.close()


def empty(database: Database) -> None:
    """Forget every event, and what handlers did."""

    def work(tx: Transaction) -> None:
        for table in (DELIVERY, EVENT, EFFECT, LEASE):
            tx.connection.execute(delete(table))

    database.write_sync(work)
