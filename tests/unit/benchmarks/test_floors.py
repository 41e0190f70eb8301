"""Floors do the reads and writes of the product: as many rows, and as large ones."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from benchmarks.databases import fill, sqlite_url
from benchmarks.floors import (
    CoreFloor,
    Floor,
    FloorRounds,
    RawFloor,
    Rows,
    SharedCommitRounds,
)
from benchmarks.journey import ANSWERED, SHORT, begin, program
from benchmarks.product import Durable
from trex_app.db import migrate
from trex_app.db.connections import database_url

SESSIONS = 2
COUNTS = "SELECT count(*), sum(length(state)) FROM session WHERE workflow_id = '{}'"
EVENTS = """
    SELECT count(*), sum(length(data)), sum(length(personal)) FROM session_event AS e
    JOIN session AS s ON s.session_id = e.session_id WHERE s.workflow_id = '{}'
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    address: str = request.getfixturevalue("postgres_url")
    migrate.upgrade(address)
    return address


@pytest.fixture
def durable(url: str) -> Iterator[Durable]:
    with closing(Durable(url, program(SHORT), SESSIONS)) as durable:
        yield durable


@pytest.fixture
def server(url: str) -> Engine:
    """What keeps no connection."""
    return create_engine(database_url(url), poolclass=NullPool)


FLOORS: dict[str, tuple[Callable[[str, Rows], Floor], Callable[..., Any]]] = {
    "raw": (RawFloor, FloorRounds),
    "raw in two trips": (partial(RawFloor, in_one_trip=False), FloorRounds),
    "raw with shared commits": (RawFloor, SharedCommitRounds),
    "core": (CoreFloor, FloorRounds),
}


@pytest.mark.parametrize(("make", "rounds"), FLOORS.values(), ids=FLOORS)
def test_a_floor_writes_what_the_product_writes(
    url: str,
    durable: Durable,
    server: Engine,
    make: Callable[[str, Rows], Floor],
    rounds: Callable[..., Any],
) -> None:
    rows = Rows(database_url(url).get_backend_name(), durable.sizes(), SESSIONS)
    with server.begin() as connection:
        connection.execute(text("DELETE FROM session_event"))
        connection.execute(text("DELETE FROM session"))
    assert durable.round().count == SESSIONS * ANSWERED
    floor = make(url, rows)
    with closing(floor.tx.connection):
        assert rounds(floor, rows).round().count == SESSIONS * ANSWERED
    with server.connect() as connection:
        for query in (COUNTS, EVENTS):
            ours, theirs = (
                connection.execute(text(query.format(workflow))).one()
                for workflow in (program(SHORT).id, "floor")
            )
            assert tuple(map(int, ours)) == pytest.approx(tuple(map(int, theirs)), rel=0.02)


def test_a_database_is_filled_with_copies_of_a_session_and_its_history(
    url: str, durable: Durable, server: Engine
) -> None:
    pattern = durable.add(begin(program(SHORT)))
    durable.answer_all([pattern])
    fill(url, pattern, count=25)
    with server.connect() as connection:
        count = text("SELECT count(*) FROM session WHERE owner = 'filled'")
        assert connection.execute(count).scalar() == 25
        history = text(
            "SELECT count(*) FROM session_event AS e JOIN session AS s "
            "ON s.session_id = e.session_id WHERE s.owner = 'filled'"
        )
        assert connection.execute(history).scalar() == 25 * ANSWERED
