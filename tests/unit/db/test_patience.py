"""A server that is back at once was not away for anybody, and one that stays away is told of."""

import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text

from tests.tcp_gate import TcpGate
from trex_app.core.errors import Unavailable
from trex_app.db import patience
from trex_app.db.patience import Patience
from trex_app.db.transaction import Database, Transaction

AWAY_SECONDS = 0.5


@pytest.fixture
def gate(own_postgres_url: str) -> TcpGate:
    parts = urlsplit(own_postgres_url)
    return TcpGate(parts.hostname or "127.0.0.1", parts.port or 5432)


@pytest.fixture
def database(
    own_postgres_url: str, gate: TcpGate, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """One behind the gate, for which people wait however busy the machine is."""
    monkeypatch.setattr(patience, "LONGEST_SECONDS", 60.0)
    behind = urlsplit(own_postgres_url)
    user = behind.netloc.rpartition("@")[0]
    netloc = f"{user}@127.0.0.1:{gate.port}" if user else f"127.0.0.1:{gate.port}"
    database = Database(behind._replace(netloc=netloc).geturl())
    database.write_sync(lambda tx: tx.connection.execute(text("CREATE TABLE note (line TEXT)")))
    yield database
    database.close()


def add(tx: Transaction) -> None:
    tx.connection.execute(text("INSERT INTO note VALUES ('one')"))


def count(tx: Transaction) -> int:
    return tx.connection.execute(text("SELECT count(*) FROM note")).scalar_one()


def test_what_meets_a_server_that_restarts_is_done_once_it_is_back(
    database: Database, gate: TcpGate
) -> None:
    database.read_sync(count)
    gate.close()
    threading.Timer(AWAY_SECONDS, gate.open).start()
    database.write_sync(add)
    assert database.read_sync(count) == 1


def test_what_was_under_way_is_done_anew_and_once(database: Database, gate: TcpGate) -> None:
    tries: list[int] = []

    def work(tx: Transaction) -> None:
        add(tx)
        tries.append(len(tries))
        if len(tries) == 1:
            gate.close()
            threading.Timer(AWAY_SECONDS, gate.open).start()
            add(tx)

    database.write_sync(work)
    assert (len(tries), database.read_sync(count)) == (2, 1)


def test_a_commit_whose_answer_was_lost_is_not_repeated(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def lose(_connection: object) -> None:
        raise psycopg.OperationalError("the server closed the connection")

    def work(tx: Transaction) -> None:
        tries.append(len(tries))
        add(tx)
        monkeypatch.setattr(type(tx.connection), "commit", lose)

    with pytest.raises(Unavailable):
        database.write_sync(work)
    assert tries == [0]


def test_all_wait_together_and_not_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    times = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: times[0])
    monkeypatch.setattr(time, "sleep", lambda _: None)
    waiting = Patience()
    assert waiting.wait()
    times[0] += patience.LONGEST_SECONDS
    assert [waiting.wait(), waiting.wait()] == [False, False]
    waiting.end()
    assert waiting.wait()
