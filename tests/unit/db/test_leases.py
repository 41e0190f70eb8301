"""Leases: a duty has one holder, who loses it by silence."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.event_post import NOW, event_database
from trex_app.db import leases
from trex_app.db.transaction import Database

LASTS = timedelta(seconds=10)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with event_database(request.param, tmp_path) as opened:
        yield opened


def hold(database: Database, holder: str, after: timedelta = timedelta()) -> bool:
    return database.write_sync(lambda tx: leases.hold(tx, "duty", holder, NOW + after, LASTS))


def test_a_duty_has_one_holder(database: Database) -> None:
    assert [hold(database, holder) for holder in ("a", "b", "a")] == [True, False, True]


def test_a_silent_holder_loses_the_duty(database: Database) -> None:
    assert hold(database, "a")
    assert not hold(database, "b", LASTS - timedelta(seconds=1))
    assert hold(database, "b", LASTS)
    assert not hold(database, "a", LASTS)


def test_a_duty_that_is_given_back_is_free_at_once(database: Database) -> None:
    assert hold(database, "a")
    database.write_sync(lambda tx: leases.release(tx, "duty", "b"))
    assert not hold(database, "b")
    database.write_sync(lambda tx: leases.release(tx, "duty", "a"))
    assert hold(database, "b")
