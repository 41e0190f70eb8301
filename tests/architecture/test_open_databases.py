"""What a test leaves open is noticed: closing it is the business of whoever opened it."""

from pathlib import Path

import pytest

from tests.conftest import open_databases
from trex_app.db.transaction import Database
from trex_app.sagas.jobs import Jobs, prepare


def kinds(what_is_open: set[str]) -> list[str]:
    return sorted(each.partition(" ")[0] for each in what_is_open)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_that_was_used_is_open_until_it_is_closed(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path
) -> None:
    is_sqlite = kind == "sqlite"
    url = f"sqlite:///{tmp_path}/trex.db" if is_sqlite else request.getfixturevalue("postgres_url")
    before = open_databases()
    database = Database(url)
    database.read_sync(lambda tx: tx.cursor.execute("SELECT 1"))
    expected = ["thread"] if is_sqlite else ["connection", "thread"]
    assert kinds(open_databases() - before) == expected
    database.close()
    assert open_databases() <= before


def test_so_is_the_queue_of_jobs(own_postgres_url: str) -> None:
    before = open_databases()
    database = Database(own_postgres_url)
    prepare(database.url)
    jobs = Jobs(database, executor_id="test")
    assert jobs.failed("submit_lead") == []
    assert kinds(open_databases() - before) == ["connection"]
    jobs.close()
    database.close()
    assert open_databases() <= before
