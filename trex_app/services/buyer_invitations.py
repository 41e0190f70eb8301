"""Asks a private buyer about financing: by a journey of their own, behind a link mailed to them.

Nobody consents for another. Where a seller says that the buyer applies, a session of the journey
`buyer_financing` is begun that nobody owns yet. It knows the amount and the address it was offered
to; whoever reads that mailbox takes it over by the link.
"""

import secrets
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from sqlalchemy import Row, select

from trex_app.core.clock import Clock
from trex_app.core.crypto import Keyring
from trex_app.db import resume_links
from trex_app.db.person_index import INVITED_EMAIL
from trex_app.db.sealed import unseal
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.engine import machine
from trex_app.engine.definition import Json
from trex_app.engine.lifecycle import Outcome
from trex_app.engine.program import Program
from trex_app.engine.session import Answer, Answers
from trex_app.services.carried_over import OFFERED_ONLY
from trex_app.services.contacts import Channel, Contact
from trex_app.services.messages import Draft, Messages, Purpose
from trex_app.services.personal_links import PersonalLinks
from trex_app.services.programs import Programs
from trex_app.services.sale_mails import (
    PRIVATE_SALE,
    Details,
    is_buyer_asked,
    part,
    spoken_seller,
    spoken_vehicle,
)

WORKFLOW: Final = "buyer_financing"
AMOUNT: Final = "amount"
SALT_BYTES: Final = 16

Invite = Callable[[Transaction], bool]
"""Invites the buyer of one lead, once; whether it has one to be asked."""
PrepareInvitation = Callable[[str], Awaitable[Invite | None]]
"""Looks up what a lead's invitation takes, by its key, before a transaction is open."""

log = structlog.get_logger(__name__)
_lead = METADATA.tables["lead"]


class BuyerInvitations:
    """Begins the buyer's session and writes the invitation, in one transaction."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        store: SessionStore,
        messages: Messages,
        links: PersonalLinks,
        programs: Programs,
        clock: Clock,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._store = store
        self._messages = messages
        self._links = links
        self._programs = programs
        self._clock = clock

    async def prepare(self, lead_key: str) -> Invite | None:
        """What invites, with the journey as it is now; None for a lead that names no buyer.

        Raises NotFound, Unavailable.
        """
        query = select(_lead.c.kind).where(_lead.c.key == lead_key)
        kind = await self._database.read(lambda tx: tx.connection.execute(query).scalar_one())
        if kind != PRIVATE_SALE:
            return None
        program = await self._programs.current(WORKFLOW)
        await self._programs.store(program)
        return lambda tx: self._invite(tx, lead_key, program)

    def _invite(self, tx: Transaction, lead_key: str, program: Program) -> bool:
        query = select(_lead).where(_lead.c.key == lead_key).with_for_update(read=True)
        lead = tx.connection.execute(query).one()
        details = unseal(self._keyring, lead_key, lead.wrapped_key, lead.details)
        if details is None or not is_buyer_asked(details):
            return False
        if not self._messages.is_written(tx, Purpose.BUYER_INVITATION, lead_key):
            self._write(tx, lead, details, program)
        return True

    def _write(self, tx: Transaction, lead: Row[Any], details: Details, program: Program) -> None:
        more = part(details, "details")
        buyer = part(more, "buyer")
        address, amount = str(buyer["buyer_email"]).strip(), more.get(AMOUNT)
        outcome = self._begun(program, lead, address, amount)
        session, now = outcome.session, outcome.session.created_at
        self._store.insert(tx, session, outcome.events)
        token = resume_links.issue(tx, session.session_id, now, session.expires_at - now)
        own = session.session_id
        values: dict[str, Json] = {
            "seller": spoken_seller(part(details, "contact")),
            "vehicle": spoken_vehicle(part(details, "vehicle")),
            "price": buyer.get("agreed_price"),
            AMOUNT: amount,
            "link": self._links.page(lead.locale, f"/resume/{token}"),
            "data": self._links.to_data(own, own, Channel.EMAIL, lead.locale, now),
        }
        draft = Draft(
            purpose=Purpose.BUYER_INVITATION,
            subject=lead.key,
            session_id=own,
            contact=Contact.by_email(address),
            locale=lead.locale,
            lead_key=lead.key,
            tenant=lead.tenant,
            values=values,
        )
        self._messages.write(tx, draft)
        log.info("buyer_invited", session_id=own, workflow=program.id)

    def _begun(self, program: Program, lead: Row[Any], address: str, amount: Json) -> Outcome:
        """A session that nobody owns; the seller's page is its page, whoever opens it."""
        context: dict[str, Json] = {"locale": lead.locale}
        if lead.tenant:
            context["tenant"] = lead.tenant
        offered, salt = _offered(program, amount), secrets.token_hex(SALT_BYTES)
        session_id = str(uuid.uuid4())
        turn = machine.start(program, session_id, self._clock(), context, offered, salt)
        if turn.pending is not None:
            raise ValueError(f"{WORKFLOW} has to begin with a screen.")
        plain, personal = machine.started_facts(program, context, offered, salt)
        return turn.finish(plain, {**personal, INVITED_EMAIL: address})


def _offered(program: Program, amount: Json) -> Answers:
    """The amount as an answer that is not given yet: offered, for the buyer to confirm."""
    first = program.screen(program.start)
    if first is None or AMOUNT not in first.step.fields or amount is None:
        return {}
    values = first.validator.normalise({AMOUNT: amount})
    frame, step = program.start
    return {frame: {step: Answer(values, OFFERED_ONLY)}}
