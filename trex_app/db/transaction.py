"""The transaction boundary: the only place that begins, commits and rolls back.

Each database connection belongs to one worker thread. A unit of work is a plain function that
gets the open `Transaction`; it travels to a thread through a queue and its result comes back to
the event loop, so that nothing blocks the loop. (Measured, a queue costs a third of a hop through
`anyio.to_thread`, and a tenth when many wait.) PostgreSQL has several readers and writers. SQLite
has several readers and one writer, which commits what waits for it together: under load, many
submits share one wait for the disk. A further thread starts when work comes and none is idle, so
that a quiet process holds few connections.
"""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar

import structlog
from sqlalchemy.engine import URL

from trex_app.core.errors import Unavailable
from trex_app.core.outages import Outage
from trex_app.db.connections import Mode, create_engine, database_url, is_outage
from trex_app.db.lane import Lane, Outcome, Transaction, Work
from trex_app.db.patience import Patience
from trex_app.db.statements import POSTGRESQL, SQLITE

__all__ = ["Database", "Transaction", "Work"]

log = structlog.get_logger(__name__)
T = TypeVar("T")
THREADS: Mapping[tuple[str, Mode], int] = {
    (SQLITE, "read"): 4,
    (SQLITE, "write"): 1,
    (POSTGRESQL, "read"): 4,
    (POSTGRESQL, "write"): 6,
}
"""How many there are at most: a read is over at once, a write waits for the server's disk."""
SHARED_COMMIT_LIMIT = 32
"""How many units of work SQLite's writer commits together at most."""


class Database:
    """A database and the threads that hold its connections.

    `url` is an SQLAlchemy URL of a SQLite file or of a PostgreSQL database. Connections open
    when they are first needed, up to `most` for reading and as many for writing, where that is
    less than `THREADS` says. Raises SettingsInvalid for any other URL; a unit of work raises
    Unavailable when the database cannot be reached or written. It waits for a server that has
    been away for no longer than a moment, if it has not begun to commit.
    """

    def __init__(self, url: str, most: int = max(THREADS.values())) -> None:
        self.url = database_url(url)
        self.dialect = self.url.get_backend_name()
        if self.dialect == SQLITE:
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        self._listeners: list[Callable[[], None]] = []
        self._readers = _Workers(self.url, "read", most)
        self._writers = _Workers(self.url, "write", most, self._tell)

    def listen(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after each commit with news, on the thread that committed.

        It must return at once and not raise: others wait for that thread.
        """
        self._listeners.append(listener)

    async def read(self, work: Work[T]) -> T:
        """Run `work` where it sees committed data and leaves none."""
        return await self._readers.run(work)

    async def write(self, work: Work[T]) -> T:
        """Run `work` and commit when it returns; whatever it raises rolls back."""
        return await self._writers.run(work)

    def read_sync(self, work: Work[T]) -> T:
        """`read` for callers outside the event loop (commands, jobs); blocks the thread."""
        return self._readers.run_sync(work)

    def write_sync(self, work: Work[T]) -> T:
        """`write` for callers outside the event loop (commands, jobs); blocks the thread."""
        return self._writers.run_sync(work)

    def close(self) -> None:
        """Finish what was handed in, and close every connection."""
        self._readers.close()
        self._writers.close()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


class _Job(NamedTuple):
    """A unit of work on its way to a thread, and the way back for its outcome."""

    work: Work[Any]
    deliver: Callable[[Outcome], None]


class _Workers:
    """The threads of one mode, started as they are needed; each holds one connection."""

    def __init__(
        self, url: URL, mode: Mode, most: int, tell: Callable[[], None] = lambda: None
    ) -> None:
        self._dialect = url.get_backend_name()
        self._tell = tell
        self._mode: Mode = mode
        self._engine = create_engine(url, mode)
        self._outage = Outage()
        self._patience = Patience()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._is_closed = False
        # Several writers that held several sessions' rows at once could wait for each other.
        shares_commits = (self._dialect, mode) == (SQLITE, "write")
        self._batch_limit = SHARED_COMMIT_LIMIT if shares_commits else 1
        self._limit = min(most, THREADS[self._dialect, mode])
        self._threads: list[threading.Thread] = []
        self._idle = 0

    async def run(self, work: Work[T]) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def deliver(outcome: Outcome) -> None:
            # The loop may have ended while its last job ran; then nobody waits for the result.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, future, outcome)

        self._put(work, deliver)
        return await future

    def run_sync(self, work: Work[T]) -> T:
        if threading.current_thread() in self._threads:
            raise RuntimeError("A transaction cannot wait for another one: use the open one.")
        future: Future[T] = Future()
        self._put(work, partial(_settle, future))
        return future.result()

    def _put(self, work: Work[Any], deliver: Callable[[Outcome], None]) -> None:
        job = _Job(partial(contextvars.copy_context().run, work), deliver)
        with self._lock:
            if self._is_closed:
                raise RuntimeError("The database is closed.")
            if self._idle > 0:
                self._idle -= 1
            elif len(self._threads) < self._limit:
                self._start_thread()
            # Last: whoever is told that it cannot be done must not find it done later.
            self._jobs.put(job)

    def _start_thread(self) -> None:
        """Start one more, or leave the work to those there are. Raises Unavailable without any."""
        name = f"database-{self._mode}-{len(self._threads)}"
        thread = threading.Thread(target=self._serve, name=name, daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the system gives no more of them
            if not self._threads:
                raise Unavailable from error
            log.warning("database_thread_refused", access=self._mode, threads=len(self._threads))
        else:
            self._threads.append(thread)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            for _ in self._threads:
                self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self._engine.dispose()

    def _serve(self) -> None:
        lane = Lane(self._engine, self._dialect, self._mode, self._tell, self._patience)
        while self._run_next(lane):
            pass
        lane.close()

    def _run_next(self, lane: Lane) -> bool:
        """Wait for jobs, run them and deliver what became of them; False when there are no more.

        A method of its own, so that a waiting thread keeps nobody's values alive.
        """
        first = self._jobs.get()
        if first is None:
            return False
        jobs, is_open = self._with_waiting(first)
        works = [job.work for job in jobs]
        outcomes = lane.run_together(works) if len(works) > 1 else [lane.run(first.work)]
        with self._lock:  # before anybody learns of it: their next work needs no further thread
            self._idle += 1
        self._watch(outcomes[-1])
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.deliver(outcome)
        return is_open

    def _watch(self, outcome: Outcome) -> None:
        """Say in the log when the database is away, and when it is back."""
        error = outcome.error
        cause = error.__cause__ if isinstance(error, Unavailable) else None
        if cause is not None and is_outage(cause):
            since = self._outage.begin()
            if since is not None:
                named = {"error": type(cause).__name__, "since": since.isoformat()}
                log.warning("database_away", access=self._mode, **named)
        elif (lasted := self._outage.end()) is not None:
            seconds = round(lasted.total_seconds(), 1)
            log.info("database_back", access=self._mode, away_seconds=seconds)

    def _with_waiting(self, first: _Job) -> tuple[list[_Job], bool]:
        """The jobs to run now, `first` first, and whether there will be more."""
        jobs = [first]
        while len(jobs) < self._batch_limit:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                return jobs, False
            jobs.append(job)
        return jobs, True


def _settle(future: Any, outcome: Outcome) -> None:
    if future.done():  # whoever waited has gone (a cancelled request)
        return
    if outcome.error is None:
        future.set_result(outcome.result)
    else:
        future.set_exception(outcome.error)
