"""What the reads and writes of one submit cost at least: by the raw driver, and by SQLAlchemy Core.

Both do what the store does and nothing else: one select of the session, one revision-checked
update with a state of the same size, one insert of a history row of the same size, one commit. No
JSON, no keys, no chain, no decision. The raw driver runs the product's own statements; by Core
they are run as most programs would write them.
"""

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import bindparam, insert, select, update

from benchmarks.journey import ANSWERED, AT
from benchmarks.measuring import Effort, timed
from trex_app.db.columns import driver_time
from trex_app.db.connections import create_engine, database_url
from trex_app.db.lane import BEGIN, Transaction
from trex_app.db.session_statements import (
    CHANGED_BY_A_SUBMIT,
    INSERT_EVENT,
    INSERT_SESSION,
    LOAD_SESSION,
    UPDATE_SESSION,
    UPDATE_WITH_EVENT,
    session,
    session_event,
)
from trex_app.db.statements import POSTGRESQL
from trex_app.db.transaction import SHARED_COMMIT_LIMIT

HASH, LINK, STEP = "a" * 32, b"h" * 32, "screen_1"
TIMES = {"updated_at": AT, "expires_at": AT}
LOADED = ("state", "wrapped_key", "owner", "revision", "event_count", "head", "filled_count")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the product's own rows are: the state after each answer, and a history row."""

    states: Sequence[int]
    personal: int
    data: int


class Rows:
    """The values of the rows that a floor reads and writes, as large as the product's."""

    def __init__(self, dialect: str, sizes: Sizes, sessions: int) -> None:
        self.session_ids = [str(uuid.uuid4()) for _ in range(sessions)]
        self.at = driver_time(AT, dialect)
        self._states = [b"s" * size for size in sizes.states]
        self._personal, self._data = b"p" * sizes.personal, "d" * sizes.data
        self._keys = itertools.count()

    def state(self, revision: int) -> bytes:
        """The encrypted state of a session that has this revision."""
        return self._states[(revision - 1) % len(self._states)]

    def begun(self, session_id: str) -> dict[str, Any]:
        """A session before its first answer."""
        named = zip(CHANGED_BY_A_SUBMIT, self.changed(-1), strict=True)
        return {
            **dict(named),
            "session_id": session_id,
            "workflow_id": "floor",
            "tenant": None,
            "owner": "v" * 43,
            "created_at": self.at,
            "wrapped_key": b"k" * 64,
            "filled_count": 0,
        }

    def changed(self, revision: int) -> tuple[Any, ...]:
        """What the next submit sets in a session of this revision: CHANGED_BY_A_SUBMIT."""
        number, at = revision + 1, self.at
        return (HASH, "active", "", STEP, number, number, at, at, LINK, self.state(number))

    def event(self, session_id: str, revision: int) -> tuple[Any, ...]:
        """The history row of a submit to a session of this revision, in the table's order."""
        key = f"{next(self._keys):032x}"
        begin = (session_id, revision, "submitted", self.at, revision, "", STEP, "", STEP)
        return (*begin, self._data, self._personal, key, HASH, LINK)


def open_transaction(url: str) -> Transaction:
    """A connection set up as the product's writer is."""
    engine_url = database_url(url)
    engine = create_engine(engine_url, "write")
    return Transaction(engine.connect(), engine_url.get_backend_name())


def server_process_of(tx: Transaction) -> int | None:
    """The process of PostgreSQL that serves this connection; SQLite has none."""
    return tx.driver.info.backend_pid if tx.dialect == POSTGRESQL else None


class Floor(Protocol):
    """Something that does the reads and writes of a submit, over a connection of its own."""

    tx: Transaction

    def submit(self, session_id: str) -> None:
        """One select, one update, one insert, one commit."""
        ...


class RawFloor:
    """The driver alone: statements compiled beforehand, values in its order.

    On PostgreSQL it changes and inserts in one round trip as the product does, unless
    `in_one_trip` is off.
    """

    def __init__(self, url: str, rows: Rows, *, in_one_trip: bool = True) -> None:
        self.tx = tx = open_transaction(url)
        self._cursor, self._driver, self._rows = tx.cursor, tx.driver, rows
        self._begin = BEGIN.get((tx.dialect, "write"))
        self._load, self._update, self._insert, self._save = (
            statement.for_dialect(tx.dialect).text
            for statement in (LOAD_SESSION, UPDATE_SESSION, INSERT_EVENT, UPDATE_WITH_EVENT)
        )
        self._in_one_trip = in_one_trip and tx.dialect == POSTGRESQL

    def submit(self, session_id: str) -> None:
        """One select, one update, one insert, one commit."""
        self.submit_together([session_id])

    def submit_together(self, session_ids: Sequence[str]) -> None:
        """As many selects, updates and inserts as there are sessions, and one commit for all."""
        if self._begin:
            self._cursor.execute(self._begin)
        for session_id in session_ids:
            self._change(session_id)
        self._driver.commit()

    def _change(self, session_id: str) -> None:
        cursor, rows = self._cursor, self._rows
        revision = cursor.execute(self._load, (session_id,)).fetchone()[3]
        changed = (*rows.changed(revision), session_id, revision, LINK)
        event = rows.event(session_id, revision)
        if self._in_one_trip:
            cursor.execute(self._save, (*changed, *event))
        else:
            cursor.execute(self._update, changed)
            cursor.execute(self._insert, event)


class CoreFloor:
    """SQLAlchemy Core with cached statements."""

    _THIS = session.c.session_id == bindparam("this_session")
    LOAD = select(*[session.c[name] for name in LOADED]).where(_THIS)
    UPDATE = update(session).where(
        _THIS,
        session.c.revision == bindparam("expected_revision"),
        session.c.head == bindparam("expected_head"),
    )
    INSERT = insert(session_event)

    def __init__(self, url: str, rows: Rows) -> None:
        self.tx = open_transaction(url)
        self._rows = rows
        self._begin = BEGIN.get((self.tx.dialect, "write"))

    def submit(self, session_id: str) -> None:
        """One select, one update, one insert, one commit."""
        connection = self.tx.connection
        if self._begin:
            connection.exec_driver_sql(self._begin)
        row = connection.execute(self.LOAD, {"this_session": session_id}).one()
        revision: int = row.revision
        named = zip(CHANGED_BY_A_SUBMIT, self._rows.changed(revision), strict=True)
        expected = {
            "this_session": session_id,
            "expected_revision": revision,
            "expected_head": LINK,
        }
        connection.execute(self.UPDATE, {**dict(named), **TIMES, **expected})
        columns = self._rows.event(session_id, revision)
        event = dict(zip(session_event.c.keys(), columns, strict=True))
        connection.execute(self.INSERT, {**event, "at": AT})
        connection.commit()


def insert_sessions(tx: Transaction, rows: Rows) -> None:
    """Add the sessions that a floor works on."""
    for session_id in rows.session_ids:
        tx.run(INSERT_SESSION, rows.begun(session_id))
    tx.driver.commit()


class FloorRounds:
    """Rounds of a floor over sessions of its own: every one gets `ANSWERED` submits a round."""

    def __init__(self, floor: Floor, rows: Rows) -> None:
        self._floor = floor
        self._ids = rows.session_ids
        insert_sessions(floor.tx, rows)

    def round(self) -> Effort:
        """All submits of one round."""
        return timed(self._submit_all, server_process_of(self._floor.tx))

    def _submit_all(self) -> int:
        for session_id in itertools.chain.from_iterable(itertools.repeat(self._ids, ANSWERED)):
            self._floor.submit(session_id)
        return len(self._ids) * ANSWERED


class SharedCommitRounds:
    """Rounds of the raw floor in which all sessions' submits of one screen share a commit."""

    def __init__(self, floor: RawFloor, rows: Rows) -> None:
        self._floor, self._rows = floor, rows
        insert_sessions(floor.tx, rows)

    def round(self) -> Effort:
        """All submits of one round."""
        return timed(self._submit_all)

    def _submit_all(self) -> int:
        ids = self._rows.session_ids
        for _ in range(ANSWERED):
            for first in range(0, len(ids), SHARED_COMMIT_LIMIT):
                self._floor.submit_together(ids[first : first + SHARED_COMMIT_LIMIT])
        return len(ids) * ANSWERED
