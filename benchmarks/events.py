"""Events: how long after a commit the handler is done, locally and through RabbitMQ.

The floor does the same reads and writes on the bare driver, in a thread that is woken by hand or
by a message; contenders take turns, event by event. Waiting times depend on what else this machine
does, so the ratio to the floor of the same run says more than a figure.
"""

import queue
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks import databases, report
from benchmarks.event_floors import BARE, BARE_RABBIT, NoBroker, bare, bare_rabbit, own_prefix
from benchmarks.event_floors import RABBITMQ_URL as BROKER_URL
from trex_app.core.clock import utc_now
from trex_app.db.transaction import Database
from trex_app.messaging.broker import BrokerDelivery
from trex_app.messaging.delivery import Deliveries, Outcome
from trex_app.messaging.events import LeadScored, record
from trex_app.messaging.local import LocalDelivery
from trex_app.messaging.registry import Registry
from trex_app.messaging.relay import Relay

LOCAL, RABBIT = "local delivery", "through RabbitMQ"
FLOOR_OF = {LOCAL: BARE, RABBIT: BARE_RABBIT}
HEARS = {"handler": frozenset({"LeadScored"})}
PATIENCE_SECONDS = 60.0
WARM_UP = 5
Once = Callable[[int], float]
"""Records the event of a number; seconds from its commit until it was handled for good."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How many events are measured, for each contender and database."""

    events: int = 500


@dataclass(frozen=True, slots=True)
class Latency:
    """How long events took, in milliseconds."""

    p50_ms: float
    p99_ms: float


class _Noting(Deliveries):
    """Deliveries that note when each was done."""

    def __init__(self, database: Database) -> None:
        registry = Registry({"handler": lambda _tx, _event: None}, HEARS)
        super().__init__(database, registry, utc_now)
        self.done: queue.SimpleQueue[float] = queue.SimpleQueue()

    def deliver(self, handler: str, sequence: int) -> Outcome:
        outcome = super().deliver(handler, sequence)
        if outcome is Outcome.DONE:
            self.done.put(time.perf_counter())
        return outcome


def run(scale: Scale) -> dict[str, dict[str, Latency]]:
    """Measure and print; the latencies by database and contender."""
    report.heading("Events: from the commit until the handler is done, in milliseconds")
    found: dict[str, dict[str, Latency]] = {}
    with tempfile.TemporaryDirectory(prefix="trex-bench-") as folder:
        with databases.on_sqlite(Path(folder)) as new_database:
            found["SQLite"] = _measure(new_database, scale)
        try:
            with databases.on_postgres() as new_database:
                found["PostgreSQL"] = _measure(new_database, scale)
        except databases.NoServer as error:
            report.note(f"no PostgreSQL: {error}")
    _print(found)
    return found


def _measure(new_database: Callable[[], str], scale: Scale) -> dict[str, Latency]:
    with ExitStack() as stack:
        ways: dict[str, Once] = {
            BARE: stack.enter_context(bare(new_database())),
            LOCAL: stack.enter_context(_local(new_database())),
        }
        try:
            ways[BARE_RABBIT] = stack.enter_context(bare_rabbit(new_database()))
            ways[RABBIT] = stack.enter_context(_rabbit(new_database()))
        except NoBroker as error:
            report.note(f"no RabbitMQ: {error}")
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(WARM_UP + scale.events):
            for name, once in ways.items():
                seconds = once(number)
                if number >= WARM_UP:
                    taken[name].append(seconds)
    return {name: _latency(seconds) for name, seconds in taken.items()}


def _latency(seconds: list[float]) -> Latency:
    return Latency(median(seconds) * 1e3, quantiles(seconds, n=100)[98] * 1e3)


@contextmanager
def _local(url: str) -> Iterator[Once]:
    database = Database(url)
    deliveries = _Noting(database)
    once = _product(database, deliveries)
    delivery = LocalDelivery(database, deliveries)
    delivery.start()
    try:
        yield once
    finally:
        delivery.stop()
        database.close()


@contextmanager
def _rabbit(url: str) -> Iterator[Once]:
    database = Database(url)
    deliveries = _Noting(database)
    once = _product(database, deliveries)
    with own_prefix(("handler", "parked", "dead_letters"), ("events", "dead")) as prefix:
        relay = Relay(database, deliveries.registry, utc_now, "benchmark")
        delivery = BrokerDelivery(database, deliveries, relay, BROKER_URL, prefix)
        delivery.start()
        try:
            yield once
        finally:
            delivery.stop()
            database.close()


def _product(database: Database, deliveries: _Noting) -> Once:
    """Records as the product does; listens before whoever delivers is woken."""
    committed: queue.SimpleQueue[float] = queue.SimpleQueue()
    database.listen(lambda: committed.put(time.perf_counter()))

    def once(number: int) -> float:
        fact = LeadScored(f"lead-{number}", 50, ())
        database.write_sync(lambda tx: record(tx, fact, subscriptions=HEARS))
        begin = committed.get(timeout=PATIENCE_SECONDS)
        return deliveries.done.get(timeout=PATIENCE_SECONDS) - begin

    return once


def _print(found: dict[str, dict[str, Latency]]) -> None:
    print(f"{'':{report.NAME_WIDTH}}{'p50':>10}{'p99':>10}{'p50 beside the floor':>24}")
    for database, ways in found.items():
        for name, latency in ways.items():
            floor = FLOOR_OF.get(name)
            beside = f"{latency.p50_ms / ways[floor].p50_ms:23.1f}x" if floor else ""
            title = f"{database}, {name}"
            print(
                f"{title:{report.NAME_WIDTH}}{latency.p50_ms:10.2f}{latency.p99_ms:10.2f}{beside}"
            )
