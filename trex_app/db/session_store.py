"""Sessions as rows: one read, one checked update, one insert a submit.

The state is JSON, encrypted with the session's own key; `event_chain` keeps the history.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import orjson

from trex_app.core.crypto import DataKey, Keyring
from trex_app.core.errors import Conflict
from trex_app.db import person_index
from trex_app.db import session_statements as statements
from trex_app.db.columns import driver_time, utc_time
from trex_app.db.event_chain import UNIQUE_VIOLATIONS, DuplicateRequest, EventChain, Head
from trex_app.db.statements import POSTGRESQL
from trex_app.db.transaction import Transaction
from trex_app.engine.definition import Json
from trex_app.engine.history import Event, EventKind
from trex_app.engine.session import Position, Session, StepResult, from_json, to_json

__all__ = [
    "DuplicateRequest",
    "RecordedRequest",
    "RevisionConflict",
    "SessionStore",
    "StoredSession",
]


class RevisionConflict(Conflict):
    """Somebody else changed the session between its load and this update."""

    code = "revision_conflict"


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it was loaded, with what its next update needs. `owner` is a visitor."""

    session: Session
    owner: str | None
    key: DataKey
    head: Head


class RecordedRequest(NamedTuple):
    """An earlier request with an idempotency key, and where it led."""

    kind: EventKind
    request_hash: str | None
    position: Position
    to: Position
    revision: int


class SessionStore:
    """Reads and writes sessions in the transaction it is given; it never commits."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._chain = EventChain(keyring)

    def insert(
        self, tx: Transaction, session: Session, events: Sequence[Event], owner: str | None = None
    ) -> None:
        """Add a new session. Raises RevisionConflict when its id is taken."""
        key, wrapped_key = self._keyring.new_data_key(session.session_id.encode())
        start = self._chain.start(session.session_id)
        rows, head = self._chain.extend(tx, session.session_id, key, start, events)
        values = {
            **_values(tx, session, key, head),
            "workflow_id": session.workflow_id,
            "tenant": session.context.get("tenant"),
            "owner": owner,
            "created_at": driver_time(session.created_at, tx.dialect),
            "wrapped_key": wrapped_key,
            "filled_count": 0,
        }
        try:
            tx.run(statements.INSERT_SESSION, values)
        except UNIQUE_VIOLATIONS as error:
            raise RevisionConflict from error
        self._chain.append(tx, rows)
        person_index.note(tx, self._keyring, session.session_id, events)

    def load(self, tx: Transaction, session_id: str) -> StoredSession | None:
        """The session with the results that came in since its last update.

        None where there is no such session, or its person was erased.
        """
        row = tx.run(statements.LOAD_SESSION, {"session_id": session_id}).fetchone()
        if row is None or row[0] is None:
            return None
        state, wrapped_key, owner, revision, event_count, link, filled_count = row
        key = self._keyring.unwrap(wrapped_key, session_id.encode())
        session = from_json(orjson.loads(key.decrypt(state, _place(session_id, revision))))
        if filled_count:
            session = _with_results(tx, session, key)
        return StoredSession(session, owner, key, Head(event_count, link))

    def update(
        self, tx: Transaction, stored: StoredSession, session: Session, events: Sequence[Event]
    ) -> None:
        """Replace what was loaded as `stored` by `session`, and append `events`.

        Raises RevisionConflict when the session moved on meanwhile, DuplicateRequest when an
        event's idempotency key is already in its history. An effect's result that came in
        meanwhile is no conflict: the events go behind it.
        """
        if not self._replace(tx, stored, stored.head, session, events):
            head = _locked_head(tx, session.session_id, stored.session.revision)
            self._replace(tx, stored, head, session, events)
        person_index.note(tx, self._keyring, session.session_id, events)

    def set_owner(self, tx: Transaction, session_id: str, owner: str) -> None:
        """Give the session to another visitor: the one who used its resume link."""
        tx.run(statements.SET_OWNER, {"session_id": session_id, "owner": owner})

    def latest_of(self, tx: Transaction, owner: str, workflow_id: str) -> str | None:
        """The id of the session of this workflow that a visitor started last."""
        values = {"owner": owner, "workflow_id": workflow_id}
        row = tx.run(statements.LATEST_OF_OWNER, values).fetchone()
        return None if row is None else row[0]

    def find_request(
        self, tx: Transaction, session_id: str, idempotency_key: str
    ) -> RecordedRequest | None:
        """The earlier request with this key, if there was one."""
        values = {"session_id": session_id, "idempotency_key": idempotency_key}
        row = tx.run(statements.FIND_REQUEST, values).fetchone()
        if row is None:
            return None
        kind, request_hash, frame, step, to_frame, to_step, revision = row
        position, to = Position(frame, step), Position(to_frame, to_step)
        return RecordedRequest(EventKind(kind), request_hash, position, to, revision)

    def events(self, tx: Transaction, session_id: str) -> list[Event]:
        """The history in order; personal data is empty where the person was erased."""
        row = tx.run(statements.LOAD_HEAD, {"session_id": session_id}).fetchone()
        if row is None:
            return []
        key = self._keyring.unwrap(row[2], session_id.encode()) if row[2] else None
        return self._chain.events(tx, session_id, key)

    def verify(self, tx: Transaction, session_id: str) -> bool:
        """Whether the session's history is complete and unchanged."""
        row = tx.run(statements.LOAD_HEAD, {"session_id": session_id}).fetchone()
        return row is not None and self._chain.is_intact(tx, session_id, Head(row[0], row[1]))

    def record_effect(
        self,
        tx: Transaction,
        session_id: str,
        position: Position,
        key: str,
        value: Json,
        event: Event,
    ) -> bool:
        """Fill the result of the effect with this key, once, and append `event`.

        The session's revision stays as it is, and the event gets it, with the step the session
        stands at. False where the result is already there, or the session is gone or erased.
        """
        row = tx.run(statements.LOCK_SESSION, {"session_id": session_id}).fetchone()
        result_key = {"session_id": session_id, "key": key}
        if row is None or row[0] is None or tx.run(statements.HAS_RESULT, result_key).fetchone():
            return False
        wrapped_key, revision, event_count, link, *cursor = row
        event = replace(event, revision=revision, to=Position(*cursor))
        data_key = self._keyring.unwrap(wrapped_key, session_id.encode())
        result = {
            **result_key,
            "frame": position.frame,
            "step": position.step,
            "value": data_key.encrypt(orjson.dumps(value), _result_place(session_id, key)),
            "at": driver_time(event.at, tx.dialect),
        }
        begun = Head(event_count, link)
        rows, head = self._chain.extend(tx, session_id, data_key, begun, [event])
        tx.run(statements.INSERT_RESULT, result)
        self._chain.append(tx, rows)
        filled = {"session_id": session_id, "event_count": head.count, "head": head.link}
        tx.run(statements.FILL_SESSION, filled)
        return True

    def hold(self, tx: Transaction, session_id: str) -> None:
        """Wait for whoever is changing the session; nobody else does until this transaction ends.

        What is read after it is as they left it.
        """
        tx.run(statements.HOLD_SESSION, {"session_id": session_id})

    def erase(self, tx: Transaction, session_id: str) -> None:
        """Destroy the session's key and state for good; its history stays verifiable."""
        tx.run(statements.ERASE_RESULTS, {"session_id": session_id})
        tx.run(statements.ERASE_SESSION, {"session_id": session_id})

    def _replace(
        self,
        tx: Transaction,
        stored: StoredSession,
        head: Head,
        session: Session,
        events: Sequence[Event],
    ) -> bool:
        rows, new_head = self._chain.extend(tx, session.session_id, stored.key, head, events)
        values = _values(tx, session, stored.key, new_head)
        values["expected_revision"] = stored.session.revision
        values["expected_head"] = head.link
        if tx.dialect == POSTGRESQL and rows:
            return self._chain.append_with(tx, values, rows)
        if tx.run(statements.UPDATE_SESSION, values).rowcount == 0:
            return False
        self._chain.append(tx, rows)
        return True


def _values(tx: Transaction, session: Session, key: DataKey, head: Head) -> dict[str, Any]:
    """What a submit changes, by column."""
    place = _place(session.session_id, session.revision)
    return {
        "session_id": session.session_id,
        "workflow_hash": session.workflow_hash,
        "status": session.status.value,
        "frame": session.cursor.frame,
        "step": session.cursor.step,
        "revision": session.revision,
        "event_count": head.count,
        "updated_at": driver_time(session.updated_at, tx.dialect),
        "expires_at": driver_time(session.expires_at, tx.dialect),
        "head": head.link,
        "state": key.encrypt(orjson.dumps(to_json(session)), place),
    }


def _locked_head(tx: Transaction, session_id: str, expected_revision: int) -> Head:
    """The head as it is now, held until the transaction ends."""
    row = tx.run(statements.LOCK_SESSION, {"session_id": session_id}).fetchone()
    if row is None or row[0] is None or row[1] != expected_revision:
        raise RevisionConflict
    return Head(row[2], row[3])


def _with_results(tx: Transaction, session: Session, key: DataKey) -> Session:
    """The session with the results that jobs filled in, where they are still on its path."""
    results = {frame: dict(steps) for frame, steps in session.results.items()}
    rows = tx.run(statements.LOAD_RESULTS, {"session_id": session.session_id}).fetchall()
    for effect_key, frame, step, value, at in rows:
        begun: StepResult | None = results.get(frame, {}).get(step)
        if begun is not None and begun.key == effect_key:
            place = _result_place(session.session_id, effect_key)
            filled = orjson.loads(key.decrypt(value, place))
            results[frame][step] = begun._replace(value=filled, at=utc_time(at))
    return replace(session, results=results)


def _place(session_id: str, revision: int) -> bytes:
    return f"{session_id}@{revision}".encode()


def _result_place(session_id: str, key: str) -> bytes:
    return f"{session_id}/{key}".encode()
