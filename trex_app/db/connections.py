"""How connections to either database are set up, and how their faults are told apart."""

import sqlite3
from typing import Any, Literal, NamedTuple

import psycopg
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy import create_engine as create_sqlalchemy_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from trex_app.core.errors import SettingsInvalid
from trex_app.db.statements import POSTGRESQL, SQLITE

Mode = Literal["read", "write"]
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=30000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-32768",  # in KiB
)
SQLITE_OUTAGES = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL),
        *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY),
    }
)
SQLITE_PRIMARY_CODE = 0xFF
PSYCOPG = "postgresql+psycopg"
ROOM = text("""
SELECT
    current_setting('max_connections')::int
    - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0) AS most,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS in_use
""")


def database_url(text: str) -> URL:
    """The URL with its driver named. Raises SettingsInvalid for what T-Rex does not run on."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise SettingsInvalid("TREX_DATABASE_URL is not a database URL.") from error
    if url.get_backend_name() == POSTGRESQL:
        return url.set(drivername=PSYCOPG)
    is_file = bool(url.database) and url.database != ":memory:"
    if url.get_backend_name() == SQLITE and is_file:
        return url
    raise SettingsInvalid(
        "TREX_DATABASE_URL must name a SQLite file (sqlite:///path/to/trex.db) "
        "or a PostgreSQL database (postgresql://user:password@host/name)."
    )


def create_engine(url: URL, mode: Mode) -> Engine:
    """An engine whose connections are kept by their threads, not by a pool."""
    if url.get_backend_name() == SQLITE:
        engine = create_sqlalchemy_engine(
            url,
            poolclass=NullPool,
            connect_args={
                "check_same_thread": False,
                "isolation_level": None,  # transactions begin where we say so
                "cached_statements": 256,
            },
        )
        event.listen(engine, "connect", _set_pragmas)
        return engine
    return create_sqlalchemy_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT" if mode == "read" else "READ COMMITTED",
        connect_args={"application_name": "trex", "prepare_threshold": 2},
    )


class Room(NamedTuple):
    """How many connections a PostgreSQL server gives to all who use it, and how many are in use."""

    most: int
    in_use: int


def room_of(connection: Connection) -> Room:
    """What a PostgreSQL server says of its connections."""
    return Room(*connection.execute(ROOM).one())


def is_deadlock(error: BaseException) -> bool:
    """Whether the server undid a transaction, because it and another waited for each other."""
    return isinstance(_cause(error), psycopg.errors.DeadlockDetected)


def is_outage(error: BaseException) -> bool:
    """Whether the database is out of reach, busy or full, as opposed to our own mistake."""
    cause = _cause(error)
    if isinstance(cause, sqlite3.OperationalError):
        return getattr(cause, "sqlite_errorcode", 0) & SQLITE_PRIMARY_CODE in SQLITE_OUTAGES
    return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)


def _cause(error: BaseException) -> BaseException | None:
    """What the driver raised."""
    return error.orig if isinstance(error, DBAPIError) else error


def _set_pragmas(connection: Any, _record: Any) -> None:
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)
