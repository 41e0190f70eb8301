"""A real inventory on both databases: the demonstration data, rolled back after every test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url

from tests.event_post import event_database
from tests.lead_rows import Leads
from trex_app.db.connections import create_engine, database_url
from trex_app.db.tables import METADATA
from trex_app.db.tables.dealers import DEALER_MAKES, DEALERS
from trex_app.db.tables.vehicles import VEHICLES
from trex_app.db.transaction import Database
from trex_app.services import demo_data

NOW = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
TABLES = [DEALERS, DEALER_MAKES, VEHICLES]
SCHEMA = "inventory_tests"


class Inventory:
    """A database with the inventory's tables; what a test writes is undone."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that is rolled back in the end."""
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    def fill(self) -> None:
        METADATA.create_all(self.engine, tables=TABLES)
        with self.engine.connect() as connection:
            demo_data.load(connection, NOW)
            connection.commit()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def inventory(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Inventory]:
    """The demonstration inventory, filled once for each database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('inventory')}/inventory.db"
    else:
        url = _url_of_own_schema(request.getfixturevalue("postgres_url"))
    filled = Inventory(create_engine(database_url(url), "write"))
    filled.fill()
    yield filled
    filled.engine.dispose()


@pytest.fixture
def connection(inventory: Inventory) -> Iterator[Connection]:
    """An open transaction over the demonstration inventory."""
    with inventory.begin() as opened:
        yield opened


@pytest.fixture
def empty(connection: Connection) -> Connection:
    """The same without a single vehicle or dealer."""
    for table in (VEHICLES, DEALER_MAKES, DEALERS):
        connection.execute(table.delete())
    return connection


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lead_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database of its own with every table."""
    with event_database(request.param, tmp_path_factory.mktemp("leads")) as opened:
        yield opened


@pytest.fixture
def leads(lead_database: Database) -> Leads:
    """Leads as rows, and none at the beginning."""
    rows = Leads(lead_database)
    rows.empty()
    return rows


def _url_of_own_schema(url: str) -> str:
    """Our own schema, for other tests migrate the shared database as a whole."""
    engine = create_engine(database_url(url), "write")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        connection.commit()
    own = make_url(url).update_query_dict({"options": f"-csearch_path={SCHEMA}"})
    return own.render_as_string(hide_password=False)
