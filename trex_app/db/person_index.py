"""Finds the sessions of a person by an address they gave, without storing the address.

What is stored is a keyed hash: whoever copies the database cannot try addresses against it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Insert, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from trex_app.core.addresses import email_key, phone_digits
from trex_app.core.crypto import Keyring
from trex_app.db.statements import SQLITE
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.engine.history import Event

INVITED_EMAIL: Final = "invited_email"
"""The address a session was offered to before anybody opened it."""
OWN_ADDRESSES: Final = ("reminder_email", INVITED_EMAIL)
EMAIL_FIELDS: Final = ("email", *OWN_ADDRESSES)
PHONE_FIELD: Final = "phone"

_index = METADATA.tables["person_index"]


def email_place(address: str) -> str:
    """What an e-mail address is found by."""
    return f"email:{email_key(address)}"


def phone_place(number: str) -> str:
    """What a phone number is found by."""
    return f"phone:{phone_digits(number)}"


def note(tx: Transaction, keyring: Keyring, session_id: str, events: Sequence[Event]) -> None:
    """Remember that a session holds the addresses that its person gave in these events."""
    given = {place for event in events if event.personal for place in _places_in(event.personal)}
    _add(tx, keyring, session_id, given)


def note_contact(
    tx: Transaction, keyring: Keyring, session_id: str, contact: Mapping[str, Any]
) -> None:
    """Remember the addresses of a session's person from what was sent of them."""
    _add(tx, keyring, session_id, set(_places_of(contact)))


def sessions_of(tx: Transaction, keyring: Keyring, place: str) -> list[str]:
    """The ids of the sessions in which this address was given."""
    hashes = keyring.fingerprints(place.encode())
    query = select(_index.c.session_id).where(_index.c.hash.in_(hashes)).distinct()
    return sorted(tx.connection.execute(query).scalars())


def erase(tx: Transaction, session_id: str) -> None:
    """Forget that any address belongs to this session."""
    tx.connection.execute(delete(_index).where(_index.c.session_id == session_id))


def _add(tx: Transaction, keyring: Keyring, session_id: str, given: set[str]) -> None:
    if not given:
        return
    rows = [
        {"hash": keyring.fingerprint(place.encode()), "session_id": session_id}
        for place in sorted(given)
    ]
    dialect_insert = sqlite.insert if tx.dialect == SQLITE else postgresql.insert
    known = cast("Insert", dialect_insert(_index).on_conflict_do_nothing())
    tx.connection.execute(known, rows)


def _places_in(personal: Mapping[str, Any]) -> Iterator[str]:
    """The person's own addresses: of what was answered or taken over, of a reminder or invitation.

    A partner's answers, which stand there as well, name other people.
    """
    yield from _places_of({name: personal.get(name) for name in OWN_ADDRESSES})
    yield from _places_of(personal.get("values") or {})
    dormant: Mapping[str, Mapping[str, Any]] = personal.get("dormant") or {}
    for steps in dormant.values():
        for answer in steps.values():
            yield from _places_of(answer[0])


def _places_of(values: Mapping[str, Any]) -> Iterator[str]:
    for name in EMAIL_FIELDS:
        if values.get(name):
            yield email_place(str(values[name]))
    if values.get(PHONE_FIELD):
        yield phone_place(str(values[PHONE_FIELD]))
