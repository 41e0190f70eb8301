"""Events on both databases."""

from collections.abc import Iterator

import pytest

from tests.event_post import Post, empty, event_database
from trex_app.db.transaction import Database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database that nothing but these tests uses."""
    with event_database(request.param, tmp_path_factory.mktemp("events")) as opened:
        yield opened


@pytest.fixture
def post(database: Database) -> Post:
    empty(database)
    return Post(database)
