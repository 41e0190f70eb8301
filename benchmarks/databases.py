"""Databases to measure on: empty ones of either kind, and ones that already hold many sessions."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

from trex_app.db import migrate
from trex_app.db.connections import create_engine, database_url
from trex_app.db.session_statements import session, session_event
from trex_app.db.statements import POSTGRESQL

POSTGRES_URL = os.environ.get(
    "TREX_TEST_DATABASE_URL", "postgresql://postgres:postgres@127.0.0.1:5432/postgres"
)
RANDOM_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()::text"}
SETTLE = {"sqlite": "PRAGMA wal_checkpoint(TRUNCATE)", "postgresql": "VACUUM ANALYZE"}


class NoServer(Exception):
    """There is no PostgreSQL to measure on; the message says why."""


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Callable[[], str]]:
    """Makes empty SQLite databases with the product's schema in this folder."""
    yield lambda: sqlite_url(folder)


def sqlite_url(folder: Path) -> str:
    """An empty SQLite database with the product's schema."""
    url = f"sqlite:///{folder / uuid.uuid4().hex}.db"
    migrate.upgrade(url)
    return url


@contextmanager
def on_postgres() -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases with the product's schema, which are dropped after.

    Raises NoServer.
    """
    try:
        server = psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        raise NoServer(str(error).strip().partition("\n")[0]) from error
    made: list[str] = []

    def new_database() -> str:
        name = f"trex_bench_{uuid.uuid4().hex[:12]}"
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made.append(name)
        url = _url_of(server.info, name)
        migrate.upgrade(url)
        return url

    with server:
        try:
            yield new_database
        finally:
            for name in made:
                drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
                server.execute(drop.format(sql.Identifier(name)))


def _url_of(info: psycopg.ConnectionInfo, database: str) -> str:
    credentials = f"{info.user}:{info.password}" if info.password else info.user
    return f"postgresql+psycopg://{credentials}@{info.host}:{info.port}/{database}"


def fill(url: str, pattern_id: str, count: int) -> None:
    """Add `count` sessions with their history, by SQL alone: copies of the session `pattern_id`."""
    engine = create_engine(database_url(url), "read")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _copy_sessions(connection, pattern_id, count)
        connection.execute(text(SETTLE[connection.dialect.name]))
    engine.dispose()


def _copy_sessions(connection: Connection, pattern_id: str, count: int) -> None:
    copied = [c.name for c in session.c if c.name not in {"session_id", "owner"}]
    new_id = RANDOM_ID[connection.dialect.name]
    sessions = f"""
        INSERT INTO session (session_id, owner, {", ".join(copied)})
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
        SELECT {new_id}, 'filled', {", ".join(copied)} FROM n, session WHERE session_id = :pattern
    """
    connection.execute(text(sessions), {"count": count, "pattern": pattern_id})
    columns = [c.name for c in session_event.c if c.name != "session_id"]
    events = f"""
        INSERT INTO session_event (session_id, {", ".join(columns)})
        SELECT session.session_id, {", ".join(f"e.{name}" for name in columns)}
        FROM session, session_event AS e
        WHERE session.owner = 'filled' AND e.session_id = :pattern
    """
    connection.execute(text(events), {"pattern": pattern_id})


def is_postgres(url: str) -> bool:
    """Whether this is PostgreSQL and not SQLite."""
    return database_url(url).get_backend_name() == POSTGRESQL
