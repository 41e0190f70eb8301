"""Brings a database to the schema of this build, from any earlier one, and back.

Runs at every start. Processes that start together take turns: the second finds nothing to do.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from trex_app.core.settings import get_settings
from trex_app.db.connections import create_engine, database_url
from trex_app.db.statements import SQLITE
from trex_app.db.tables import METADATA

VERSION_TABLE = "alembic_version"
CONFIG_FILE = Path(__file__).parents[2] / "alembic.ini"
# Any number that nobody else in the same database locks; this one spells "trex".
POSTGRESQL_LOCK = 0x74726578


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`, the newest by default, where it is not there yet."""
    with locked_connection(url) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database back to `revision`; `base` drops every table of ours."""
    with locked_connection(url) as connection:
        command.downgrade(_config(connection), revision)


def is_current(connection: Connection) -> bool:
    """Whether the database has the schema of this build."""
    # Read plainly: this is asked every few seconds, and alembic's context logs every time.
    if not inspect(connection).has_table(VERSION_TABLE):
        return False
    newest = ScriptDirectory.from_config(Config(str(CONFIG_FILE))).get_current_head()
    return connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) == newest  # noqa: S608


def differences(connection: Connection) -> list[Any]:
    """What the tables in the database lack or have more than the models say."""
    options = {"include_name": _is_ours, "compare_type": True}
    return compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)


def configure(context: Any, connection: Connection) -> None:
    """Tell alembic how to run our migrations over this connection."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=_is_ours,
        compare_type=True,
        # SQLite cannot alter most of a table: alembic copies it instead.
        render_as_batch=connection.dialect.name == SQLITE,
    )


@contextmanager
def locked_connection(url: str) -> Generator[Connection]:
    """A connection whose transaction no other migration runs beside; commits at the end."""
    engine = create_engine(database_url(url), "write")
    try:
        with engine.connect() as connection:
            if connection.dialect.name == SQLITE:
                # Copying a table drops it, which must not cascade; inside a transaction this
                # setting could no longer change.
                connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                lock = text("SELECT pg_advisory_xact_lock(:lock)")
                connection.execute(lock, {"lock": POSTGRESQL_LOCK})
            yield connection
            connection.commit()
    finally:
        engine.dispose()


def default_url() -> str:
    """The database of this installation's settings."""
    return get_settings().resolved_database_url


def _config(connection: Connection) -> Config:
    config = Config(str(CONFIG_FILE))
    config.attributes["connection"] = connection
    return config


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a reflected table is one of the models'; DBOS keeps its own beside them."""
    return kind != "table" or name in METADATA.tables
