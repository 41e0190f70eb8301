"""One connection and the transactions that run over it, one after the other."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy

from trex_app.core.errors import Unavailable
from trex_app.db.connections import Mode, is_deadlock, is_outage
from trex_app.db.patience import Patience
from trex_app.db.statements import POSTGRESQL, SQLITE, Statement

T = TypeVar("T")
# SQLite's readers need a snapshot of their own; psycopg begins a writer's transaction by itself,
# and its readers run in autocommit (READ COMMITTED gives them no common snapshot anyway).
BEGIN: Mapping[tuple[str, Mode], str] = {
    (SQLITE, "read"): "BEGIN",
    (SQLITE, "write"): "BEGIN IMMEDIATE",
}
DEADLOCKS_MAX = 3
"""How often one unit of work may be undone for another before its caller hears of it."""


class Transaction:
    """An open transaction: the driver's cursor for the hot path, Core for everything else.

    `connection` and `cursor` are two views of the same database transaction. Whoever sets
    `has_news` has the database's listeners told once the transaction is committed.
    """

    __slots__ = ("connection", "cursor", "dialect", "driver", "has_news")

    def __init__(self, connection: sqlalchemy.Connection, dialect: str) -> None:
        self.connection = connection
        self.dialect = dialect
        self.driver: Any = connection.connection.driver_connection
        self.cursor: Any = self.driver.cursor()
        self.has_news = False

    def run(self, statement: Statement, values: Mapping[str, Any]) -> Any:
        """Run a precompiled statement; the cursor it returns is good until the next run."""
        text, in_order = statement.for_dialect(self.dialect)
        return self.cursor.execute(text, in_order(values))


Work = Callable[[Transaction], T]


class Outcome:
    """What became of a unit of work: its result, or the error it raised."""

    __slots__ = ("error", "result")

    def __init__(self, result: Any = None, error: BaseException | None = None) -> None:
        self.result = result
        self.error = error


class Lane:
    """One thread's connection, opened at the first work and again after it was lost."""

    def __init__(
        self,
        engine: sqlalchemy.Engine,
        dialect: str,
        mode: Mode,
        tell: Callable[[], None] = lambda: None,
        patience: Patience | None = None,
    ) -> None:
        self._engine = engine
        self._tell = tell
        self._patience = patience or Patience()
        self._dialect = dialect
        self._begin = BEGIN.get((dialect, mode))
        self._tx: Transaction | None = None

    def run(self, work: Work[Any]) -> Outcome:
        """Run one unit of work in a transaction of its own."""
        was_open = self._tx is not None
        outcome = self._attempt(work)
        is_lost = outcome.error is not None and self._tx is None
        if was_open and is_lost and not isinstance(outcome.error, Unavailable):
            # An idle connection had ended (a restarted server): nothing was committed over it.
            outcome = self._attempt(work)
        while self._waits_for(outcome):
            outcome = self._attempt(work)
        for _ in range(DEADLOCKS_MAX):
            if outcome.error is None or not is_deadlock(outcome.error):
                break
            # The server has undone it and let the other pass.
            outcome = self._attempt(work)
        if outcome.error is not None:
            outcome.error = _explained(outcome.error)
        return outcome

    def run_together(self, works: Sequence[Work[Any]]) -> list[Outcome]:
        """Run several units of work with one commit, as if one after the other.

        Each stands in a savepoint: what one raises undoes only its own changes. Nobody learns an
        outcome before the commit that makes all of them last.
        """
        try:
            tx = self._tx or self._open()
        except Exception as error:  # noqa: BLE001 - each of the callers gets it
            return [Outcome(error=_explained(error)) for _ in works]
        try:
            tx.cursor.execute(self._begin)
            outcomes = [_in_savepoint(tx, work) for work in works]
            self._commit(tx)
        except BaseException as error:  # noqa: BLE001 - each of the callers gets it
            self._roll_back(tx)
            return [Outcome(error=_explained(error)) for _ in works]
        return outcomes

    def close(self) -> None:
        """Close the connection."""
        if self._tx is not None:
            self._tx.connection.close()
            self._tx = None

    def _attempt(self, work: Work[Any]) -> Outcome:
        try:
            tx = self._tx or self._open()
        except Exception as error:  # noqa: BLE001 - the caller gets it
            return Outcome(error=error)
        try:
            if self._begin:
                tx.cursor.execute(self._begin)
            result = work(tx)
        except BaseException as error:  # noqa: BLE001 - the caller gets it
            self._roll_back(tx)
            return Outcome(error=error)
        try:
            self._commit(tx)
        except Exception as error:  # noqa: BLE001 - the caller gets it
            self._roll_back(tx)
            # Whether a lost connection's commit arrived is not known: never simply repeat it.
            return Outcome(error=_explained(error))
        return Outcome(result)

    def _waits_for(self, outcome: Outcome) -> bool:
        """Wait where the server is away, nothing can have been committed, and it may be back soon.

        Whether a commit arrived whose answer was lost, nobody knows: that one is Unavailable.
        """
        error = outcome.error
        if isinstance(error, Unavailable):
            return False
        if error is None or not is_outage(error):
            self._patience.end()
            return False
        return self._dialect == POSTGRESQL and self._tx is None and self._patience.wait()

    def _open(self) -> Transaction:
        self._tx = Transaction(self._engine.connect(), self._dialect)
        return self._tx

    def _commit(self, tx: Transaction) -> None:
        # SQLAlchemy commits through the driver; where it was not used, the driver does alone.
        (tx.connection if tx.connection.in_transaction() else tx.driver).commit()
        if tx.has_news:
            tx.has_news = False
            self._tell()

    def _roll_back(self, tx: Transaction) -> None:
        """Undo what is open; a connection that cannot even do that is given up."""
        tx.has_news = False
        try:
            tx.connection.rollback()
            tx.driver.rollback()
            is_lost = self._dialect == POSTGRESQL and tx.driver.closed
        except Exception:  # noqa: BLE001 - the error that led here is the one to report
            is_lost = True
        if is_lost:
            tx.connection.invalidate()
            tx.connection.close()
            self._tx = None


def _in_savepoint(tx: Transaction, work: Work[Any]) -> Outcome:
    """Raises only when the transaction itself has ended (a full disk, say)."""
    tx.cursor.execute("SAVEPOINT work")
    try:
        outcome = Outcome(work(tx))
    except BaseException as error:
        if not tx.driver.in_transaction:
            raise
        tx.cursor.execute("ROLLBACK TO work")
        outcome = Outcome(error=_explained(error))
    tx.cursor.execute("RELEASE work")
    return outcome


def _explained(error: BaseException) -> BaseException:
    """An outage as the error a caller understands; anything else as it is.

    But for StopIteration, which no future takes: whoever awaited it would wait for ever.
    """
    if is_outage(error):
        explained: Exception = Unavailable()
    elif isinstance(error, StopIteration):
        explained = RuntimeError("A unit of work raised StopIteration.")
    else:
        return error
    explained.__cause__ = error
    return explained
