"""The transaction boundary: what commits, what rolls back, and who waits for whom."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from tests.conftest import POSTGRES_URL
from trex_app.core.errors import SettingsInvalid, Unavailable
from trex_app.db.connections import database_url
from trex_app.db.transaction import Database, Transaction

PARALLEL = 100


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/trex.db" if is_sqlite else request.getfixturevalue("postgres_url")
    database = Database(url)

    def make_table(tx: Transaction) -> None:
        tx.connection.execute(text("DROP TABLE IF EXISTS note"))
        tx.connection.execute(text("CREATE TABLE note (number INTEGER PRIMARY KEY)"))

    database.write_sync(make_table)
    yield database
    database.close()


def add(tx: Transaction, number: int) -> int:
    tx.connection.execute(text("INSERT INTO note VALUES (:number)"), {"number": number})
    return number


def add_with_the_driver(tx: Transaction, number: int) -> int:
    tx.cursor.execute(f"INSERT INTO note VALUES ({number})")
    return number


def numbers(database: Database) -> list[int]:
    query = text("SELECT number FROM note ORDER BY number")
    return database.read_sync(lambda tx: list(tx.connection.execute(query).scalars()))


def fail(tx: Transaction, number: int) -> None:
    add(tx, number)
    raise LookupError("after a write")


async def test_what_a_work_wrote_is_there_when_it_returns(database: Database) -> None:
    assert await database.write(lambda tx: add(tx, 1)) == 1
    assert await database.write(lambda tx: add_with_the_driver(tx, 2)) == 2
    assert numbers(database) == [1, 2]


async def test_a_work_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(LookupError):
        await database.write(lambda tx: fail(tx, 1))
    assert numbers(database) == []
    await database.write(lambda tx: add(tx, 1))
    assert numbers(database) == [1]


async def test_core_and_the_cursor_share_one_transaction(database: Database) -> None:
    def both(tx: Transaction) -> None:
        add_with_the_driver(tx, 1)
        fail(tx, 2)

    with pytest.raises(LookupError):
        await database.write(both)
    assert numbers(database) == []


async def test_of_many_works_at_once_only_those_that_raise_are_undone(database: Database) -> None:
    works = [
        database.write(lambda tx, n=n: add(tx, n) if n % 3 else fail(tx, n))
        for n in range(1, PARALLEL)
    ]
    results = await asyncio.gather(*works, return_exceptions=True)
    assert numbers(database) == [n for n in range(1, PARALLEL) if n % 3]
    assert [isinstance(result, LookupError) for result in results] == [
        n % 3 == 0 for n in range(1, PARALLEL)
    ]


async def test_a_broken_statement_spoils_no_other_work(database: Database) -> None:
    works = [database.write(lambda tx, n=n: add(tx, n if n % 2 else 1)) for n in range(1, PARALLEL)]
    results = await asyncio.gather(*works, return_exceptions=True)
    assert numbers(database) == [n for n in range(1, PARALLEL) if n % 2]
    assert sum(isinstance(result, Exception) for result in results) == PARALLEL // 2 - 1


def test_writers_in_many_threads_all_get_their_turn(database: Database) -> None:
    with ThreadPoolExecutor(16) as pool:
        work = [
            pool.submit(database.write_sync, lambda tx, n=n: add(tx, n)) for n in range(PARALLEL)
        ]
        assert [future.result() for future in work] == list(range(PARALLEL))
    assert numbers(database) == list(range(PARALLEL))


def test_a_read_sees_nothing_that_is_not_committed(database: Database) -> None:
    is_written, may_end = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        add(tx, 1)
        is_written.set()
        may_end.wait()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(database.write_sync, slow)
        is_written.wait()
        assert numbers(database) == []
        may_end.set()
        writing.result()
    assert numbers(database) == [1]


async def test_a_caller_that_gave_up_stops_nobody(database: Database) -> None:
    may_go = threading.Event()
    waiting = asyncio.create_task(database.write(lambda tx: may_go.wait()))
    await asyncio.sleep(0)
    waiting.cancel()
    may_go.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await database.write(lambda tx: add(tx, 1)) == 1


async def test_a_work_that_finds_an_iterator_empty_keeps_nobody_waiting(database: Database) -> None:
    """No future takes StopIteration: whoever awaited it would wait for ever."""
    async with asyncio.timeout(10):
        with pytest.raises(RuntimeError, match="StopIteration"):
            await database.write(lambda tx: next(iter(())))
    with pytest.raises(RuntimeError, match="StopIteration"):
        database.write_sync(lambda tx: next(iter(())))


async def test_a_work_that_ends_its_thread_stops_no_other_work(database: Database) -> None:
    """Together on SQLite: what one raises must not take the thread along that serves them all."""
    is_busy, may_go = threading.Event(), threading.Event()
    first = asyncio.create_task(database.write(lambda tx: (is_busy.set(), may_go.wait(10))))
    await asyncio.to_thread(is_busy.wait, 10)

    def cancel(tx: Transaction) -> None:
        add(tx, 0)
        raise asyncio.CancelledError

    together = [
        database.write(cancel),
        *(database.write(lambda tx, n=n: add(tx, n)) for n in (1, 2)),
    ]
    waiting = [asyncio.create_task(one) for one in together]
    await asyncio.sleep(0)  # each hands its work in
    may_go.set()
    async with asyncio.timeout(10):
        await first
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert outcomes[1:] == [1, 2]
    assert numbers(database) == [1, 2]


def test_work_is_not_done_behind_the_back_of_who_was_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no thread starts, the caller hears of it: then the work must not be done later on."""

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    idle = Database(database.url.render_as_string(hide_password=False))
    with monkeypatch.context() as without_threads:
        without_threads.setattr(threading.Thread, "start", refuse)
        with pytest.raises(Unavailable):
            idle.write_sync(lambda tx: add(tx, 1))
    assert idle.write_sync(lambda tx: add(tx, 2)) == 2
    idle.close()
    assert numbers(database) == [2]


def test_where_no_further_thread_starts_work_waits_for_those_there_are(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go, is_busy = threading.Event(), threading.Event()

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    def slow(tx: Transaction) -> int:
        is_busy.set()
        may_go.wait(10)
        return add(tx, 1)

    other = Database(database.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(other.write_sync, slow)
        is_busy.wait(10)
        second_is_in = threading.Event()
        pool.submit(second_is_in.set).result()  # both threads of the pool are there now
        with monkeypatch.context() as without_threads:
            without_threads.setattr(threading.Thread, "start", refuse)
            second = pool.submit(other.write_sync, lambda tx: add(tx, 2))
            may_go.set()
            assert (first.result(10), second.result(10)) == (1, 2)
    other.close()
    assert numbers(database) == [1, 2]


async def test_a_transaction_inside_a_transaction_is_refused(database: Database) -> None:
    with pytest.raises(RuntimeError, match="use the open one"):
        await database.write(lambda tx: database.write_sync(lambda inner: None))


async def test_the_callers_context_reaches_the_work(database: Database) -> None:
    variable: ContextVar[str] = ContextVar("variable")
    variable.set("from the caller")
    assert await database.read(lambda tx: variable.get()) == "from the caller"


def test_a_read_leaves_nothing_behind(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/trex.db")
    database.write_sync(
        lambda tx: tx.connection.execute(text("CREATE TABLE note (number INTEGER)"))
    )
    for _ in range(10):
        numbers(database)
    database.write_sync(lambda tx: add(tx, 1))
    assert numbers(database) == [1]
    database.close()


def test_sqlite_waits_for_the_disk_and_for_other_processes(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/trex.db")
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")

    def values(tx: Transaction) -> list[object]:
        return [tx.cursor.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]

    for run in (database.read_sync, database.write_sync):
        assert run(values) == ["wal", 2, 1, 30_000]
    database.close()


def connections_to(url: str) -> int:
    """How many the server has to this database; it learns of an end a moment later."""
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(POSTGRES_URL, autocommit=True) as server:
        time.sleep(0.2)
        row = server.execute(count, (database_url(url).database,)).fetchone()
    assert row is not None
    return int(row[0])


def test_after_the_server_ended_its_connections_the_next_work_succeeds(postgres_url: str) -> None:
    database = Database(postgres_url)
    name = database_url(postgres_url).database
    end_all = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND pid <> pg_backend_pid()"
    )
    server_url = postgres_url.replace("+psycopg", "")
    assert database.write_sync(lambda tx: tx.cursor.execute("SELECT 1").fetchone()) == (1,)
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(end_all, (name,))
    for run in (database.read_sync, database.write_sync):
        assert run(lambda tx: tx.cursor.execute("SELECT 1").fetchone()) == (1,)
    database.close()


def test_work_that_comes_one_after_the_other_shares_one_connection(own_postgres_url: str) -> None:
    database = Database(own_postgres_url)
    for _ in range(PARALLEL):
        database.read_sync(lambda tx: tx.cursor.execute("SELECT 1"))
        database.write_sync(lambda tx: tx.cursor.execute("SELECT 1"))
    assert connections_to(own_postgres_url) == 2
    database.close()
    assert connections_to(own_postgres_url) == 0


@pytest.mark.parametrize(("most", "limits"), [(99, (4, 6)), (3, (3, 3))])
def test_work_that_comes_together_opens_as_many_connections_as_there_may_be(
    own_postgres_url: str, most: int, limits: tuple[int, int]
) -> None:
    database = Database(own_postgres_url, most)
    all_are_busy = threading.Barrier(sum(limits))
    with ThreadPoolExecutor(sum(limits)) as pool:
        for run, limit in zip((database.read_sync, database.write_sync), limits, strict=True):
            for _ in range(limit):
                pool.submit(run, lambda tx: (all_are_busy.wait(30), tx.cursor.execute("SELECT 1")))
    for _ in range(PARALLEL):
        database.write_sync(lambda tx: None)
    assert connections_to(own_postgres_url) == sum(limits)
    database.close()


async def test_closing_finishes_what_was_handed_in(database: Database) -> None:
    may_go = threading.Event()
    works = [
        asyncio.create_task(database.read(lambda tx, n=n: (may_go.wait(), n)[1]))
        for n in range(PARALLEL)
    ]
    await asyncio.sleep(0)  # each hands its work in
    closing = asyncio.create_task(asyncio.to_thread(database.close))
    may_go.set()
    assert await asyncio.gather(*works) == list(range(PARALLEL))
    await closing
    with pytest.raises(RuntimeError, match="closed"):
        await database.read(lambda tx: None)


def test_a_database_out_of_reach_is_unavailable() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=1")
    with pytest.raises(Unavailable):
        database.read_sync(lambda tx: None)
    database.close()


async def test_a_file_that_cannot_be_opened_stops_no_later_work(tmp_path: Path) -> None:
    folder = tmp_path / "mounted"
    database = Database(f"sqlite:///{folder}/trex.db")
    folder.rmdir()
    together = [database.write(lambda tx: None) for _ in range(PARALLEL)]
    outcomes = await asyncio.gather(*together, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Unavailable}
    folder.mkdir()
    assert await database.write(lambda tx: "back") == "back"
    database.close()


def test_a_full_disk_is_unavailable_and_leaves_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/trex.db")
    database.write_sync(
        lambda tx: tx.connection.execute(text("CREATE TABLE note (number INTEGER, filler BLOB)"))
    )

    def too_much(tx: Transaction) -> None:
        tx.cursor.execute("PRAGMA max_page_count = 10")
        tx.cursor.execute("INSERT INTO note VALUES (1, zeroblob(1000000))")

    with pytest.raises(Unavailable):
        database.write_sync(too_much)
    assert numbers(database) == []
    database.write_sync(lambda tx: tx.cursor.execute("INSERT INTO note VALUES (2, NULL)"))
    assert numbers(database) == [2]
    database.close()


async def test_a_full_disk_is_unavailable_to_all_who_share_a_commit(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/trex.db")
    database.write_sync(
        lambda tx: tx.connection.execute(text("CREATE TABLE note (number INTEGER, filler BLOB)"))
    )
    is_busy, may_go = threading.Event(), threading.Event()
    first = asyncio.create_task(database.write(lambda tx: (is_busy.set(), may_go.wait(10))))
    await asyncio.to_thread(is_busy.wait, 10)

    def too_much(tx: Transaction) -> None:
        tx.cursor.execute("PRAGMA max_page_count = 10")
        tx.cursor.execute("INSERT INTO note VALUES (1, zeroblob(1000000))")

    def little(tx: Transaction) -> None:
        tx.cursor.execute("INSERT INTO note VALUES (2, NULL)")

    waiting = [asyncio.create_task(database.write(work)) for work in (little, too_much, little)]
    await asyncio.sleep(0)
    may_go.set()
    await first
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(outcomes[1], Unavailable)
    done = [outcome for outcome in outcomes if outcome is None]
    failed = [outcome for outcome in outcomes if outcome is not None]
    assert {type(outcome) for outcome in failed} == {Unavailable}
    assert numbers(database) == [2] * len(done)
    database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "nonsense"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(SettingsInvalid):
        Database(url)
