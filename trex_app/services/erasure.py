"""Erasing what people gave: every room that keeps some of it, in one transaction.

What is erased can never be read again, for its key is destroyed; bare facts (that a step was
answered, that a lead was sent, and when) stay, and the history stays verifiable.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from trex_app.db import person_index, resume_links
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction

_lead = METADATA.tables["lead"]

EraseOf = Callable[[Transaction, str], None]
"""Destroys what one kind of record says about the person of a session, by the session's id."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Every record of a session that says something of a person."""

    store: SessionStore
    erase_credit_checks: EraseOf
    erase_leads: EraseOf
    erase_messages: EraseOf

    def erase_session(self, tx: Transaction, session_id: str) -> None:
        """Erase a session whose time is over; a lead that was sent is a record of its own.

        As long as there is one, its person can be found by their address.
        """
        self.store.erase(tx, session_id)
        self.erase_credit_checks(tx, session_id)
        resume_links.revoke(tx, session_id)
        if not _has_lead(tx, session_id):
            person_index.erase(tx, session_id)

    def erase_person(self, tx: Transaction, session_id: str) -> None:
        """Erase everything that the person of a session gave in it, leads included."""
        # A submit that is about to commit may be sending a lead.
        self.store.hold(tx, session_id)
        self.erase_leads(tx, session_id)
        self.erase_messages(tx, session_id)
        self.erase_session(tx, session_id)


def _has_lead(tx: Transaction, session_id: str) -> bool:
    """Whether a session has sent something that still says whose it is."""
    query = select(_lead.c.key).where(
        _lead.c.session_id == session_id, _lead.c.details.is_not(None)
    )
    return tx.connection.execute(query.limit(1)).first() is not None
