"""Resume links: one use, for a while, and the newest only."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text

from trex_app.db import migrate, resume_links
from trex_app.db.transaction import Database

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
PARALLEL = 20
ADD_SESSION = text(
    "INSERT INTO session (session_id, workflow_id, workflow_hash, status, frame, step, revision,"
    " event_count, filled_count, created_at, updated_at, expires_at, head)"
    " VALUES (:id, 'w', 'h', 'active', '', 's', 0, 0, 0, :now, :now, :now, :head)"
    " ON CONFLICT DO NOTHING"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/trex.db" if is_sqlite else request.getfixturevalue("postgres_url")
    migrate.upgrade(url)
    database = Database(url)
    for session_id in ("link-1", "link-2"):
        values = {"id": session_id, "now": NOW.isoformat(), "head": b""}
        database.write_sync(lambda tx, values=values: tx.connection.execute(ADD_SESSION, values))
    yield database
    database.close()


def issue(database: Database, session_id: str = "link-1") -> str:
    return database.write_sync(lambda tx: resume_links.issue(tx, session_id, NOW, WEEK))


def consume(database: Database, token: str, now: datetime = NOW) -> str | None:
    return database.write_sync(lambda tx: resume_links.consume(tx, token, now))


def is_usable(database: Database, token: str, now: datetime = NOW) -> bool:
    return database.read_sync(lambda tx: resume_links.is_usable(tx, token, now))


def test_a_link_leads_to_its_session_once(database: Database) -> None:
    token = issue(database)
    assert consume(database, token) == "link-1"
    assert consume(database, token) is None


def test_looking_at_a_link_does_not_use_it_up(database: Database) -> None:
    token = issue(database)
    assert is_usable(database, token)
    assert is_usable(database, token)
    assert consume(database, token) == "link-1"
    assert not is_usable(database, token)


def test_of_many_that_come_together_one_gets_the_session(database: Database) -> None:
    token = issue(database)
    barrier = Barrier(PARALLEL)

    def come(_: int) -> str | None:
        barrier.wait()
        return consume(database, token)

    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(come, range(PARALLEL)))
    assert sorted(answers, key=str) == [None] * (PARALLEL - 1) + ["link-1"]


def test_a_new_link_replaces_the_sessions_former_one_only(database: Database) -> None:
    former, other = issue(database), issue(database, "link-2")
    newest = issue(database)
    assert consume(database, former) is None
    assert consume(database, other) == "link-2"
    assert consume(database, newest) == "link-1"


def test_a_link_ends_with_its_time(database: Database) -> None:
    token = issue(database)
    assert not is_usable(database, token, NOW + WEEK)
    assert consume(database, token, NOW + WEEK) is None
    assert database.write_sync(lambda tx: resume_links.purge_expired(tx, NOW + WEEK)) >= 1


def test_a_token_that_nobody_issued_leads_nowhere(database: Database) -> None:
    assert not is_usable(database, "made up")
    assert consume(database, "made up") is None


def test_what_is_stored_opens_nothing(database: Database) -> None:
    token = issue(database)
    query = text("SELECT token_hash FROM resume_link")
    rows = database.read_sync(lambda tx: tx.connection.execute(query).scalars().all())
    assert token.encode() not in [bytes(row) for row in rows]
