"""Puts what a former secret protects under the current one, row by row.

The data itself stays: it is encrypted by keys of its own, and only those are wrapped anew.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select, update

from trex_app.core.crypto import Keyring
from trex_app.core.errors import DataUnreadable
from trex_app.db import person_index
from trex_app.db import session_statements as statements
from trex_app.db.event_chain import EventChain, Head
from trex_app.db.sealed import unseal
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction

SEALED_TABLES: Final[Mapping[str, str]] = {
    "lead": "key",
    "credit_check": "key",
    "message": "message_id",
}
"""The tables whose rows have a key of their own, and the column with the row's id."""

_lead = METADATA.tables["lead"]


class Rewrapped(StrEnum):
    """What became of a row."""

    DONE = "done"
    CURRENT = "current"
    """It needs no former secret."""
    UNREADABLE = "unreadable"
    """It was changed from outside, or its secret is none of those that are set: it stays."""


def session_ids(tx: Transaction, after: str, limit: int) -> list[str]:
    """The next sessions by id, erased ones too."""
    column = statements.session.c.session_id
    query = select(column).where(column > after).order_by(column).limit(limit)
    return list(tx.connection.execute(query).scalars())


def row_ids(tx: Transaction, table: str, after: str, limit: int) -> list[str]:
    """The next rows of a sealed table by id."""
    of = METADATA.tables[table]
    column = of.c[SEALED_TABLES[table]]
    query = select(column).where(column > after, of.c.wrapped_key.is_not(None))
    return list(tx.connection.execute(query.order_by(column).limit(limit)).scalars())


def rewrap_row(tx: Transaction, keyring: Keyring, table: str, row_id: str) -> Rewrapped:
    """Wrap the key of a row anew; one that was erased meanwhile stays erased."""
    of = METADATA.tables[table]
    this = of.c[SEALED_TABLES[table]] == row_id
    wrapped = tx.connection.execute(select(of.c.wrapped_key).where(this)).scalar_one_or_none()
    try:
        anew = None if wrapped is None else keyring.rewrap(wrapped, row_id.encode())
    except DataUnreadable:
        return Rewrapped.UNREADABLE
    if anew is None:
        return Rewrapped.CURRENT
    change = update(of).where(this, of.c.wrapped_key == wrapped).values(wrapped_key=anew)
    is_changed = tx.connection.execute(change).rowcount == 1
    return Rewrapped.DONE if is_changed else Rewrapped.CURRENT


def rewrap_lead(tx: Transaction, keyring: Keyring, lead_key: str) -> Rewrapped:
    """Wrap the key of a lead anew. Where it outlives its session's data, index its addresses anew.

    Only the lead still says them then.
    """
    rewrapped = rewrap_row(tx, keyring, "lead", lead_key)
    query = select(_lead.c.session_id, _lead.c.wrapped_key, _lead.c.details).join(
        statements.session, statements.session.c.session_id == _lead.c.session_id
    )
    is_left = (_lead.c.key == lead_key, statements.session.c.wrapped_key.is_(None))
    row = tx.connection.execute(query.where(*is_left)).one_or_none()
    if row is None or rewrapped is Rewrapped.UNREADABLE:
        return rewrapped
    try:
        sent: Any = unseal(keyring, lead_key, row.wrapped_key, row.details)
    except DataUnreadable:
        return Rewrapped.UNREADABLE
    if sent is not None:
        person_index.note_contact(tx, keyring, row.session_id, sent.get("contact") or {})
    return rewrapped


def rewrap_session(tx: Transaction, keyring: Keyring, session_id: str) -> Rewrapped:
    """Wrap a session's key anew, chain its history anew, and index its addresses anew.

    A key that is current says nothing of the history: while processes changed over to the current
    secret, one of them may have begun a session and another one gone on with it. An erased
    session has a history alone. Whoever is about to save the session finds that its head has
    moved, and goes on behind the new one.
    """
    chain = EventChain(keyring)
    row = tx.run(statements.LOCK_SESSION, {"session_id": session_id}).fetchone()
    if row is None:
        return Rewrapped.CURRENT
    wrapped, _, event_count, link, *_ = row
    try:
        anew = None if wrapped is None else keyring.rewrap(wrapped, session_id.encode())
    except DataUnreadable:
        return Rewrapped.UNREADABLE
    relinked = chain.relink(tx, session_id, Head(event_count, link))
    if relinked is None:
        return Rewrapped.UNREADABLE
    if anew is None and relinked == link:
        return Rewrapped.CURRENT
    current = anew or wrapped
    if current is not None:
        events = chain.events(tx, session_id, keyring.unwrap(current, session_id.encode()))
        person_index.erase(tx, session_id)
        person_index.note(tx, keyring, session_id, events)
    values = {"session_id": session_id, "wrapped_key": current, "head": relinked}
    tx.run(statements.REWRAP_SESSION, values)
    return Rewrapped.DONE
