"""Each database in turn, with the schema and a store over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.sessions import FIRST, Started, an_event
from trex_app.core.crypto import Keyring
from trex_app.db import migrate
from trex_app.db.session_store import SessionStore
from trex_app.db.transaction import Database
from trex_app.engine.history import EventKind
from trex_app.engine.session import Session


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/trex.db" if is_sqlite else request.getfixturevalue("postgres_url")
    migrate.upgrade(url)
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(b"a secret for tests" * 3)


@pytest.fixture
def store(keyring: Keyring) -> SessionStore:
    return SessionStore(keyring)


@pytest.fixture
def started(database: Database, store: SessionStore) -> Started:
    def start(session: Session) -> Session:
        event = an_event(EventKind.STARTED, revision=0, to=FIRST)
        database.write_sync(lambda tx: store.insert(tx, session, [event], owner="visitor"))
        return session

    return start
