"""What stands in the log while servers are away: that they are, since when, and little else."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import structlog

from tests.conftest import a_postgres_database
from tests.event_post import Post, with_tables
from tests.tcp_gate import TcpGate
from trex_app.core.telemetry import configure_logging
from trex_app.db.transaction import Database
from trex_app.messaging.local import LocalDelivery
from trex_app.sagas import jobs
from trex_app.sagas.jobs import Jobs

AWAY_SECONDS = 4.0
PATIENCE_SECONDS = 60.0
MOST_LINES = 20
"""DBOS says from some places that it is away, each once. Before, it wrote hundreds of lines."""


@pytest.fixture
def written() -> Iterator[StringIO]:
    root, dbos = logging.getLogger(), logging.getLogger("dbos")
    before = root.handlers[:], root.level, dbos.handlers[:], dbos.propagate
    stream = StringIO()
    configure_logging("json", "INFO", stream)
    yield stream
    root.handlers[:], root.level, dbos.handlers[:], dbos.propagate = before
    structlog.reset_defaults()


@contextmanager
def a_gated_database() -> Iterator[tuple[Database, TcpGate]]:
    """PostgreSQL with every table, and the gate before it."""
    with a_postgres_database() as url:
        server = urlsplit(url)
        gate = TcpGate(server.hostname or "127.0.0.1", server.port or 5432)
        behind = f"@{server.hostname}:{server.port}"
        with with_tables(url.replace(behind, f"@127.0.0.1:{gate.port}")) as database:
            jobs.prepare(database.url)
            yield database, gate
        gate.close()


def lines(written: StringIO) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in written.getvalue().splitlines()]


def named(written: StringIO, event: str) -> list[dict[str, Any]]:
    return [line for line in lines(written) if line["event"] == event]


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.05)


def test_a_database_that_is_away_is_told_once_and_nothing_drowns_it(
    written: StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    with a_gated_database() as (database, gate):
        post = Post(database)
        delivery = LocalDelivery(database, post.deliveries)
        worker = Jobs(database, "one")
        worker.launch({})
        delivery.start()
        gate.close()
        until(lambda: bool(named(written, "database_away")))
        time.sleep(AWAY_SECONDS)
        gate.open()
        until(lambda: bool(named(written, "database_back")))
        delivery.stop()
        worker.shutdown()
        worker.close()
    told = named(written, "database_away")
    assert [line["access"] for line in told] == ["read"]
    assert named(written, "database_back")[0]["away_seconds"] >= AWAY_SECONDS
    assert told[0]["since"] <= told[0]["timestamp"].replace("Z", "+00:00")
    assert len(lines(written)) < MOST_LINES
    assert not any("exception" in line for line in lines(written))
    assert capfd.readouterr().err == "", "DBOS writes through our log, and in no form of its own"
