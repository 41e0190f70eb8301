"""What a person can ask of us: to see what is held of them, to take it along, to have it erased.

A person is found by an address they gave (as a keyed hash), by the reference of something they
sent, by the signed link in a message to them, which shows that they read that address, or by one
of their sessions, which then is all that is meant.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import structlog
from sqlalchemy import Row, select

from trex_app.core.clock import Clock
from trex_app.core.crypto import Keyring
from trex_app.core.errors import Forbidden, NotFound
from trex_app.db import person_index
from trex_app.db.person_index import email_place, phone_place
from trex_app.db.sealed import unseal
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.definition import Json
from trex_app.services.contacts import Channel, Contact
from trex_app.services.erasure import Erasure
from trex_app.services.lead_progress import normalised
from trex_app.services.personal_links import PersonalLinks
from trex_app.services.personal_records import PersonalRecords

log = structlog.get_logger(__name__)

Recall = Callable[[Transaction, str], None]
"""Has those who got a lead told that its person is to be forgotten, by the lead's key."""

_lead = METADATA.tables["lead"]
_session = METADATA.tables["session"]


class LinkRefused(Forbidden):
    """A link to one's data that is not one of ours, has expired, or has nothing behind it."""

    code = "link_refused"
    default_message = (
        "This link does not open anything (any more). It may have expired, or the data it led to "
        "has been erased. A newer message from us holds a newer link."
    )


@dataclass(frozen=True, slots=True)
class Who:
    """Whose data is meant: by one of these."""

    email: str | None = None
    phone: str | None = None
    reference: str | None = None
    link: str | None = None
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took."""

    sessions: int
    leads: int


class Privacy:
    """Exports and erases all that is held of a person."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        records: PersonalRecords,
        erasure: Erasure,
        links: PersonalLinks,
        clock: Clock,
        recall: Recall,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._records = records
        self._erasure = erasure
        self._links = links
        self._clock = clock
        self._recall = recall

    async def export(self, who: Who) -> dict[str, Json]:
        """All that is held of a person, as JSON data. Raises NotFound, LinkRefused."""

        def work(tx: Transaction) -> list[Json]:
            return [self._records.of_session(tx, found) for found in self._sessions(tx, who)]

        sessions = await self._database.read(work)
        return {"exported_at": self._clock().isoformat(), "sessions": sessions}

    async def erase(self, who: Who) -> Erased:
        """Destroy all that is held of a person, for good. Raises NotFound, LinkRefused.

        In one transaction; whoever got a lead is told by a job that this transaction enqueues.
        """

        def work(tx: Transaction) -> Erased:
            sessions = self._held(tx, who)
            leads = [key for found in sessions for key in self._leads_of(tx, found)]
            for key in leads:
                self._recall(tx, key)
            for found in sessions:
                self._erasure.erase_person(tx, found)
            return Erased(len(sessions), len(leads))

        erased = await self._database.write(work)
        log.info("person_erased", sessions=erased.sessions, leads=erased.leads)
        return erased

    async def sessions_of(self, who: Who) -> list[str]:
        """The ids of a person's sessions. Raises NotFound, LinkRefused."""
        return await self._database.read(lambda tx: self._sessions(tx, who))

    def _held(self, tx: Transaction, who: Who) -> list[str]:
        """The sessions of a person, which nobody else changes until this transaction ends.

        Raises NotFound, LinkRefused.
        """
        held: list[str] = []
        found = self._sessions(tx, who)
        while found:
            for session_id in found:
                self._erasure.store.hold(tx, session_id)
            held += found
            # Whoever was waited for may have begun anew with the same answers, or erased them.
            with contextlib.suppress(NotFound, LinkRefused):
                found = self._sessions(tx, who)
            found = [session_id for session_id in found if session_id not in held]
        return held

    def _sessions(self, tx: Transaction, who: Who) -> list[str]:
        if who.link is not None:
            return self._behind_link(tx, who.link)
        if who.session_id is not None:
            return _one_session(tx, who.session_id)
        if who.reference is not None:
            found = self._by_reference(tx, who.reference)
        elif who.email is not None:
            found = self._by_place(tx, email_place(who.email))
        else:
            found = self._by_place(tx, phone_place(who.phone or ""))
        if not found:
            raise NotFound("Nothing is held of this person.")
        return found

    def _by_place(self, tx: Transaction, place: str) -> list[str]:
        return person_index.sessions_of(tx, self._keyring, place)

    def _by_reference(self, tx: Transaction, reference: str) -> list[str]:
        found: set[str] = set()
        for lead in self._leads_by_reference(tx, reference):
            found |= {lead.session_id, *self._of_same_address(tx, lead, Channel.EMAIL)}
        return sorted(found)

    def _behind_link(self, tx: Transaction, token: str) -> list[str]:
        named = self._links.data_pass(token)
        if named is None:
            raise LinkRefused
        if named.is_for(self._keyring, named.reference):
            # An invitation names the session that was begun for whoever reads that mailbox.
            return self._one_kept_session(tx, named.reference)
        for lead in self._leads_by_reference(tx, named.reference):
            if named.is_for(self._keyring, lead.key):
                same = self._of_same_address(tx, lead, named.channel)
                return sorted({lead.session_id, *same})
        raise LinkRefused

    def _one_kept_session(self, tx: Transaction, session_id: str) -> list[str]:
        if self._erasure.store.load(tx, session_id) is None:
            raise LinkRefused
        return [session_id]

    def _of_same_address(self, tx: Transaction, lead: Row[Any], channel: Channel) -> list[str]:
        """The sessions in which the address of this lead was given, by the channel it is for."""
        details = unseal(self._keyring, lead.key, lead.wrapped_key, lead.details)
        given = cast("Mapping[str, Json]", details["contact"] if details else {})
        address = Contact.of(given).addresses.get(channel)
        if address is None:
            return []
        place = email_place(address) if channel is Channel.EMAIL else phone_place(address)
        return self._by_place(tx, place)

    def _leads_by_reference(self, tx: Transaction, reference: str) -> list[Row[Any]]:
        """Those whose person is still known."""
        query = select(_lead).where(_lead.c.reference == normalised(reference))
        return list(tx.connection.execute(query.where(_lead.c.wrapped_key.is_not(None))))

    def _leads_of(self, tx: Transaction, session_id: str) -> list[str]:
        query = select(_lead.c.key).where(_lead.c.session_id == session_id)
        return list(tx.connection.execute(query.where(_lead.c.wrapped_key.is_not(None))).scalars())


def _one_session(tx: Transaction, session_id: str) -> list[str]:
    """The session of this id, erased or not. Raises NotFound."""
    query = select(_session.c.session_id).where(_session.c.session_id == session_id)
    if tx.connection.execute(query).first() is None:
        raise NotFound("There is no session of this id.")
    return [session_id]
