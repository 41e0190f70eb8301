"""A session's history as a keyed hash chain over everything its rows say.

Personal data enters the chain in its encrypted form, so that the chain still verifies when the
session's key was destroyed.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from sqlite3 import IntegrityError
from typing import Any, NamedTuple

import orjson
import psycopg

from trex_app.core.crypto import DataKey, Keyring
from trex_app.core.errors import Conflict
from trex_app.db import session_statements as statements
from trex_app.db.columns import iso_time, utc_time
from trex_app.db.statements import SQLITE
from trex_app.db.transaction import Transaction
from trex_app.engine.definition import EMPTY
from trex_app.engine.history import Event, EventKind
from trex_app.engine.session import Position

UNIQUE_VIOLATIONS = (IntegrityError, psycopg.errors.UniqueViolation)
EventValues = Mapping[str, Any]


class DuplicateRequest(Conflict):
    """A request with this idempotency key has already been recorded for the session."""

    code = "duplicate_request"


class Head(NamedTuple):
    """The end of a chain: how many events it has, and the last one's link."""

    count: int
    link: bytes


class EventChain:
    """Turns events into chained rows, and rows back into events."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def start(self, session_id: str) -> Head:
        """The head of an empty chain."""
        return Head(0, sha256(session_id.encode()).digest())

    def extend(
        self, tx: Transaction, session_id: str, key: DataKey, head: Head, events: Sequence[Event]
    ) -> tuple[list[EventValues], Head]:
        """The rows that put `events` behind `head`, and the head they lead to."""
        rows: list[EventValues] = []
        for event in events:
            row = self._row(tx, session_id, key, head, event)
            rows.append(row)
            head = Head(head.count + 1, row["link"])
        return rows, head

    def append(self, tx: Transaction, rows: Sequence[EventValues]) -> None:
        """Insert rows. Raises DuplicateRequest when an idempotency key was used before."""
        try:
            for row in rows:
                tx.run(statements.INSERT_EVENT, row)
        except UNIQUE_VIOLATIONS as error:
            raise DuplicateRequest from error

    def _row(
        self, tx: Transaction, session_id: str, key: DataKey, head: Head, event: Event
    ) -> EventValues:
        place = _place(session_id, head.count)
        at = iso_time(event.at)
        kind, data = event.kind.value, orjson.dumps(dict(event.data)).decode()
        (frame, step), (to_frame, to_step) = event.position, event.to
        personal = None
        if event.personal:
            personal = key.encrypt(orjson.dumps(dict(event.personal)), place)
        fields = (
            *(kind, at, event.revision, frame, step, to_frame, to_step),
            *(data, event.idempotency_key, event.request_hash),
        )
        return {
            "session_id": session_id,
            "number": head.count,
            "kind": kind,
            "at": at if tx.dialect == SQLITE else event.at,
            "revision": event.revision,
            "frame": frame,
            "step": step,
            "to_frame": to_frame,
            "to_step": to_step,
            "data": data,
            "personal": personal,
            "idempotency_key": event.idempotency_key,
            "request_hash": event.request_hash,
            "link": self._keyring.chain(head.link, _record(place, fields, personal)),
        }

    def append_with(
        self, tx: Transaction, changed: Mapping[str, Any], rows: Sequence[EventValues]
    ) -> bool:
        """Update the session and insert its rows, the first in the same round trip.

        `changed` holds the values of UPDATE_SESSION. False, and nothing is inserted, where the
        session is no longer as expected. Raises DuplicateRequest as `append` does.
        """
        first = {f"event_{name}": value for name, value in rows[0].items()}
        try:
            result = tx.run(statements.UPDATE_WITH_EVENT, {**changed, **first})
        except UNIQUE_VIOLATIONS as error:
            raise DuplicateRequest from error
        if result.rowcount == 0:
            return False
        self.append(tx, rows[1:])
        return True

    def events(self, tx: Transaction, session_id: str, key: DataKey | None) -> list[Event]:
        """Every event in order; without the session's key their personal data is empty."""
        return [_event(session_id, row, key) for row in _rows(tx, session_id)]

    def is_intact(self, tx: Transaction, session_id: str, head: Head) -> bool:
        """Whether the rows up to `head` are the ones that were written, all of them, in order."""
        link = self.start(session_id).link
        rows = _rows(tx, session_id)[: head.count]
        for number, row in enumerate(rows):
            kept_number, *_, kept_link = row
            record = _record_of(session_id, number, row)
            if kept_number != number or not self._keyring.holds(link, record, kept_link):
                return False
            link = kept_link
        return len(rows) == head.count and link == head.link

    def relink(self, tx: Transaction, session_id: str, head: Head) -> bytes | None:
        """Chain the rows up to `head` anew, by the current secret; the last one's link then.

        None where they are not the ones that were written: such a chain stays as it is.
        """
        if not self.is_intact(tx, session_id, head):
            return None
        link = self.start(session_id).link
        for number, row in enumerate(_rows(tx, session_id)[: head.count]):
            link = self._keyring.chain(link, _record_of(session_id, number, row))
            if link != row[-1]:
                values = {"session_id": session_id, "of_number": number, "link": link}
                tx.run(statements.RELINK_EVENT, values)
        return link


def _record_of(session_id: str, number: int, row: tuple[Any, ...]) -> bytes:
    _, kind, at, *rest, personal, _ = row
    fields = (kind, iso_time(utc_time(at)), *rest)
    return _record(_place(session_id, number), fields, personal)


def _place(session_id: str, number: int) -> bytes:
    return f"{session_id}#{number}".encode()


def _record(place: bytes, fields: Sequence[Any], personal: bytes | None) -> bytes:
    return b"".join((place, orjson.dumps(fields), personal or b""))


def _rows(tx: Transaction, session_id: str) -> list[tuple[Any, ...]]:
    return tx.run(statements.LOAD_EVENTS, {"session_id": session_id}).fetchall()


def _event(session_id: str, row: tuple[Any, ...], key: DataKey | None) -> Event:
    number, kind, at, revision, frame, step, to_frame, to_step = row[:8]
    data, idempotency_key, request_hash, ciphertext, _link = row[8:]
    personal = EMPTY
    if key is not None and ciphertext is not None:
        personal = orjson.loads(key.decrypt(ciphertext, _place(session_id, number)))
    return Event(
        kind=EventKind(kind),
        at=utc_time(at),
        revision=revision,
        position=Position(frame, step),
        to=Position(to_frame, to_step),
        data=orjson.loads(data),
        personal=personal,
        idempotency_key=idempotency_key,
        request_hash=request_hash,
    )
