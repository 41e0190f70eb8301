"""What all tests share: empty databases on this machine's servers, and word of what is missing."""

import os
import shutil
import socket
import threading
import time
import uuid
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import dbos._dbos
import hypothesis
import psycopg
import pytest
import redis
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from psycopg import sql
from sqlalchemy import Pool, event

from trex_app.core import tracing

POSTGRES_URL = os.environ.get(
    "TREX_TEST_DATABASE_URL", "postgresql://postgres:postgres@127.0.0.1:5432/postgres"
)
REDIS_URL = os.environ.get("TREX_TEST_REDIS_URL", "redis://127.0.0.1:6379")
RABBITMQ_URL = os.environ.get("TREX_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672/")
AMQP_PORT = 5672
AMQP_GREETING = b"AMQP\x00\x00\x09\x01"  # protocol header of AMQP 0-9-1
AMQP_METHOD_FRAME = b"\x01"  # what a broker of that version begins its answer with
ARE_SERVICES_REQUIRED = os.environ.get("TREX_REQUIRE_SERVICES") == "1"
NOT_EXERCISED = "not exercised: "
# On a busy machine any example may take its time: what is slow is for the benchmarks to say. A
# pipeline tries the same examples each time; who develops looks for new ones.
hypothesis.settings.register_profile(
    "trex",
    deadline=None,
    derandomize=ARE_SERVICES_REQUIRED,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("trex")


class _Watchful:
    """The time as DBOS has it: before it ends, it sleeps a second, then looks for running jobs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        """Look fifty times as often: hundreds of tests stop a queue of jobs."""
        time.sleep(seconds / 50)


dbos._dbos.time = _Watchful()  # pyright: ignore[reportPrivateImportUsage]

_CONNECTIONS: weakref.WeakSet[psycopg.Connection[Any]] = weakref.WeakSet()
"""Every connection to PostgreSQL that was opened by way of SQLAlchemy."""


def missing(what: str, how_to_get_it: str) -> None:
    """End the test: failed where servers are required, else named at the end of the run."""
    reason = f"{NOT_EXERCISED}{what} ({how_to_get_it})"
    if ARE_SERVICES_REQUIRED:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


@event.listens_for(Pool, "connect")
def _note(connection: object, _record: object) -> None:
    if isinstance(connection, psycopg.Connection):
        _CONNECTIONS.add(connection)


def open_databases() -> set[str]:
    """What is open in this process: connections to PostgreSQL, and threads of a `Database`."""
    threads = [each for each in threading.enumerate() if each.name.startswith("database-")]
    connections = [each for each in _CONNECTIONS if not each.closed]
    return {
        *(f"thread {each.ident} {each.name}" for each in threads),
        *(f"connection {id(each)}" for each in connections),
    }


@pytest.fixture(scope="module", autouse=True)
def closes_its_databases() -> Iterator[None]:
    """Fail a module that leaves a database open: a server has but 100 connections to give."""
    before = open_databases()
    yield
    left = open_databases() - before
    assert not left, f"left open: {sorted(left)}"


@contextmanager
def a_postgres_database() -> Iterator[str]:
    """The SQLAlchemy URL of a new database, dropped after."""
    try:
        server = psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        missing("PostgreSQL", f"make services, or set TREX_TEST_DATABASE_URL; {first_line(error)}")
        return
    name = f"trex_test_{uuid.uuid4().hex[:12]}"
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        info = server.info
        credentials = f"{info.user}:{info.password}" if info.password else info.user
        yield f"postgresql+psycopg://{credentials}@{info.host}:{info.port}/{name}"
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database that the tests of this process share."""
    with a_postgres_database() as url:
        yield url


@pytest.fixture
def own_postgres_url() -> Iterator[str]:
    """A database of this test alone: no job that another test left is found in it."""
    with a_postgres_database() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of an empty Redis database, emptied again after."""
    for number in range(15, 0, -1):
        url = f"{REDIS_URL}/{number}"
        client = redis.Redis.from_url(url, socket_connect_timeout=3)
        try:
            is_empty = client.dbsize() == 0
        except redis.ConnectionError as error:
            missing("Redis", f"make services, or set TREX_TEST_REDIS_URL; {first_line(error)}")
            return
        # Another process of the tests may see it empty at the same moment: one of them is first.
        if is_empty and client.set("trex_test", "in use", nx=True):
            yield url
            client.flushdb()
            return
    missing("Redis", "every numbered database from 1 to 15 holds data")


@pytest.fixture(scope="session")
def rabbitmq_url() -> str:
    """The URL of a RabbitMQ that speaks AMQP 0-9-1."""
    how_to_get_it = "make services, or set TREX_TEST_RABBITMQ_URL"
    address = urlsplit(RABBITMQ_URL)
    target = (address.hostname or "127.0.0.1", address.port or AMQP_PORT)
    try:
        with socket.create_connection(target, timeout=10) as broker:
            broker.sendall(AMQP_GREETING)
            answer = broker.recv(1)
    except OSError as error:
        missing("RabbitMQ", f"{how_to_get_it}; {first_line(error)}")
    else:
        if answer != AMQP_METHOD_FRAME:
            missing("RabbitMQ", f"{how_to_get_it}; what answers there speaks no AMQP 0-9-1")
    return RABBITMQ_URL


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser of this machine."""
    path = os.environ.get("TREX_TEST_CHROMIUM") or shutil.which("chromium")
    if path is None:
        missing("Chromium", "apt-get install chromium, or set TREX_TEST_CHROMIUM")
    return str(path)


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Every span that ends from now on."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name once what this run could not exercise, and how many tests that were."""
    reasons = [
        report.longrepr[2].partition(NOT_EXERCISED)[2]
        for report in terminalreporter.stats.get("skipped", [])
        if NOT_EXERCISED in str(report.longrepr)
    ]
    if reasons:
        terminalreporter.section("not exercised")
    for reason in sorted(set(reasons)):
        terminalreporter.line(f"{reasons.count(reason)} tests: {reason}")
