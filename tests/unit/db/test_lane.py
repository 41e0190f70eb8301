"""Units of work that get into each other's way."""

import asyncio
import threading

import pytest
from sqlalchemy import text

from trex_app.core.errors import Unavailable
from trex_app.db.lane import DEADLOCKS_MAX
from trex_app.db.transaction import Database, Transaction

LOCK = text("SELECT pg_advisory_xact_lock(:key)")


class Crossing:
    """Works that lock two things, each in its own order, and meet so often in between."""

    def __init__(self, meetings: int) -> None:
        self.both = threading.Barrier(2)
        self.meetings = meetings
        self.tries = {1: 0, 2: 0}

    def lock(self, tx: Transaction, first: int, second: int) -> int:
        tx.connection.execute(LOCK, {"key": first})
        self.tries[first] += 1
        if self.tries[first] <= self.meetings:
            self.both.wait(timeout=30)
        tx.connection.execute(LOCK, {"key": second})
        return first


@pytest.fixture
def database(own_postgres_url: str):
    database = Database(own_postgres_url)
    yield database
    database.close()


async def test_who_is_undone_for_another_is_done_after_it(database: Database) -> None:
    crossing = Crossing(meetings=1)
    done = await asyncio.gather(
        database.write(lambda tx: crossing.lock(tx, 1, 2)),
        database.write(lambda tx: crossing.lock(tx, 2, 1)),
    )
    assert done == [1, 2]
    assert sorted(crossing.tries.values()) == [1, 2]


async def test_who_is_undone_again_and_again_hears_of_it(database: Database) -> None:
    tries = 0

    def work(tx: Transaction) -> None:
        nonlocal tries
        tries += 1
        tx.connection.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"))

    with pytest.raises(Unavailable):
        await database.write(work)
    assert tries == DEADLOCKS_MAX + 1
