"""Submits per CPU-second: the decision in memory, and durable beside the floors of its writes.

The same journey everywhere: each of many sessions answers seven screens of eight, one after the
other. Durable contenders read and write rows of the same size, with one commit a submit.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import databases, report
from benchmarks.floors import CoreFloor, FloorRounds, RawFloor, Rows, SharedCommitRounds
from benchmarks.journey import LONG, SHORT, begin, program
from benchmarks.measuring import Contender, Series, take_turns
from benchmarks.npm import PeerUnavailable
from benchmarks.product import Durable, InMemory, Served, container_on
from benchmarks.report import Verdict
from benchmarks.time_shares import time_shares
from benchmarks.xstate_peer import xstate_peer
from trex_app.container import Container
from trex_app.db.connections import database_url
from trex_app.db.transaction import SHARED_COMMIT_LIMIT

IN_MEMORY_WANTED = 20_000
OF_RAW_WANTED = 0.60
CALLERS = (1, 16, 64)

RAW, RAW_APART, CORE = "raw driver", "raw driver, update and insert apart", "SQLAlchemy Core"
DURABLE = "T-Rex, one submit after the other"
SERVED = {callers: f"T-Rex as served, {callers} at once" for callers in CALLERS}
RAW_SHARED = f"raw driver, {SHARED_COMMIT_LIMIT} submits a commit"
XSTATE = "xstate + better-sqlite3 (Node)"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: sessions a round, rounds, and sessions stored in the large database.

    Where more submit at once than there are sessions, each has one of their own.
    """

    sessions: int = 12
    rounds: int = 30
    stored: int = 100_000


def run(scale: Scale) -> list[Verdict]:
    """Measure everything and print it; what was wanted and reached."""
    found = in_memory(scale)
    with tempfile.TemporaryDirectory() as folder:
        with databases.on_sqlite(Path(folder)) as new_database:
            found += on_database("SQLite", new_database, Path(folder), scale)
        try:
            with databases.on_postgres() as new_database:
                found += on_database("PostgreSQL", new_database, Path(folder), scale)
        except databases.NoServer as error:
            report.note(f"PostgreSQL is not measured: {error}")
    return found


def in_memory(scale: Scale) -> list[Verdict]:
    """The decision alone, for a short and a long definition."""
    report.heading("In memory: validate, walk, state the facts")
    efforts = take_turns(
        {f"{steps} steps": InMemory(program(steps), scale.sessions) for steps in (SHORT, LONG)},
        scale.rounds,
    )
    report.table(efforts)
    short, long = efforts.values()
    report.note("Where the time goes:")
    report.shares(time_shares(InMemory(program(SHORT), scale.sessions)))
    return [
        report.at_least("in memory, submits per CPU-second", short.per_second, IN_MEMORY_WANTED),
        report.flat(f"in memory, {SHORT} to {LONG} steps", short, long),
    ]


def on_database(
    name: str, new_database: Callable[[], str], folder: Path, scale: Scale
) -> list[Verdict]:
    """Everything that is measured on one kind of database."""
    return [
        *beside_floors(name, new_database(), folder, scale),
        *by_stored_sessions(name, new_database(), new_database(), scale),
    ]


def beside_floors(name: str, url: str, folder: Path, scale: Scale) -> list[Verdict]:
    """Durable submits beside the floors of their writes, and beside xstate on SQLite."""
    report.heading(f"{name}, durable: every submit committed before it is acknowledged")
    durable = {steps: Durable(url, program(steps), scale.sessions) for steps in (SHORT, LONG)}
    long_name = f"T-Rex, definition of {LONG} steps"
    with ExitStack() as stack:
        contenders: dict[str, Contender] = {
            **_floors(url, durable[SHORT], scale),
            DURABLE: durable[SHORT],
            long_name: durable[LONG],
            **_served(stack.enter_context(_running(container_on(url, folder))), scale),
        }
        if not databases.is_postgres(url):
            try:
                contenders[XSTATE] = stack.enter_context(xstate_peer(url, scale.sessions))
            except PeerUnavailable as error:
                report.note(f"xstate is not measured: {error}.")
        efforts = take_turns(contenders, scale.rounds)
    report.table(efforts, floor=RAW)
    report.note("Where the time goes, one submit after the other:")
    report.shares(time_shares(durable[SHORT]))
    flat = report.flat(f"{name}, {SHORT} to {LONG} steps", efforts[DURABLE], efforts[long_name])
    return [*_against_floors(name, efforts), flat]


def _floors(url: str, durable: Durable, scale: Scale) -> dict[str, Contender]:
    dialect, sizes = database_url(url).get_backend_name(), durable.sizes()

    def rows() -> Rows:
        return Rows(dialect, sizes, scale.sessions)

    def raw(own: Rows, *, in_one_trip: bool = True) -> FloorRounds:
        return FloorRounds(RawFloor(url, own, in_one_trip=in_one_trip), own)

    own, shared = rows(), rows()
    floors: dict[str, Contender] = {RAW: raw(rows()), CORE: FloorRounds(CoreFloor(url, own), own)}
    if databases.is_postgres(url):
        floors[RAW_APART] = raw(rows(), in_one_trip=False)
    else:
        floors[RAW_SHARED] = SharedCommitRounds(RawFloor(url, shared), shared)
    return floors


def _served(container: Container, scale: Scale) -> dict[str, Contender]:
    return {
        SERVED[callers]: Served(container, SHORT, max(scale.sessions, callers), callers)
        for callers in CALLERS
    }


def _against_floors(name: str, efforts: dict[str, Series]) -> list[Verdict]:
    rows = (DURABLE, SERVED[16], SERVED[64])
    found = [
        report.share_at_least(f"{name}: {row}, of {RAW}", share, OF_RAW_WANTED)
        for row in rows
        for share in [efforts[row].rate_beside(efforts[RAW])]
    ]
    if XSTATE in efforts:
        found += [
            report.ahead(f"{name}: {row}, beside xstate", efforts[row], efforts[XSTATE])
            for row in rows
        ]
    return found


def by_stored_sessions(name: str, empty: str, large: str, scale: Scale) -> list[Verdict]:
    """Whether a submit costs more when many other sessions are stored, and its floor, too."""
    report.heading(f"{name}, durable, by how many other sessions are stored")
    many = f"{scale.stored:,}"
    durable = {
        others: Durable(url, program(SHORT), scale.sessions)
        for others, url in (("0", empty), (many, large))
    }
    pattern = durable[many].add(begin(program(SHORT)))
    durable[many].answer_all([pattern])
    databases.fill(large, pattern, scale.stored)
    efforts = take_turns(
        {
            **{f"T-Rex, {others} others": durable[others] for others in durable},
            f"{RAW}, 0 others": _raw_floor(empty, durable["0"], scale),
            f"{RAW}, {many} others": _raw_floor(large, durable[many], scale),
        },
        scale.rounds,
    )
    report.table(efforts)
    alone, beside, raw_alone, raw_beside = efforts.values()
    change = report.cost_change(raw_alone, raw_beside)
    report.note(f"The floor itself changes by {change:+.1%}: what the database needs, and not us.")
    return [report.flat(f"{name}, from 0 to {many} others stored", alone, beside)]


def _raw_floor(url: str, durable: Durable, scale: Scale) -> FloorRounds:
    rows = Rows(database_url(url).get_backend_name(), durable.sizes(), scale.sessions)
    return FloorRounds(RawFloor(url, rows), rows)


@contextmanager
def _running(container: Container) -> Iterator[Container]:
    asyncio.run(container.open(with_jobs=False))
    try:
        yield container
    finally:
        asyncio.run(container.close())
