"""What people are told, and when: each message is written once, in the transaction of its cause.

Sending is a job of its own (`sagas.send_message`), so that no caller waits for a mail server.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import Row, Select, select

from trex_app.core.clock import Clock
from trex_app.core.crypto import Keyring
from trex_app.core.errors import Forbidden
from trex_app.core.texts import DEFAULT_LOCALE
from trex_app.db import resume_links
from trex_app.db.sealed import unseal
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.engine.definition import Json
from trex_app.engine.session import Status
from trex_app.messaging import events
from trex_app.services.contacts import Contact, contact_of
from trex_app.services.lead_states import DealerStatus
from trex_app.services.messages import Draft, Messages, Purpose
from trex_app.services.personal_links import PersonalLinks
from trex_app.services.sale_mails import SaleMails, is_buyer_asked

BUYING: Final = "buying"
ANSWERS: Final = frozenset({"approved", "declined", "referred"})
"""What is news of a credit check. That nobody waits for it any longer is none."""
HAVING_IT: Final = (DealerStatus.ASSIGNED, DealerStatus.SENDING, DealerStatus.DELIVERED)
"""Dealers who are named to the person: not who will not have the lead, or no longer has it."""

_lead = METADATA.tables["lead"]
_check = METADATA.tables["credit_check"]
_lead_dealer = METADATA.tables["lead_dealer"]
_dealer = METADATA.tables["dealer"]


class Communications:
    """Writes messages to people, through the channels they agreed to."""

    def __init__(
        self,
        keyring: Keyring,
        store: SessionStore,
        messages: Messages,
        links: PersonalLinks,
        clock: Clock,
    ) -> None:
        self._keyring = keyring
        self._store = store
        self._messages = messages
        self._sale_mails = SaleMails(messages)
        self._links = links
        self._clock = clock

    def confirm(self, tx: Transaction, lead_key: str) -> bool:
        """Tell a person that their lead has arrived, who has it and what comes next.

        The dealer whom they sold to is told, too; whether there is one.
        """
        lead, subject = self._tell_of_lead(tx, lead_key, Purpose.CONFIRMATION)
        details = self._details_of(lead)
        return details is not None and self._sale_mails.tell_dealer(tx, lead, details, subject)

    def tell_cancelled(self, tx: Transaction, lead_key: str) -> None:
        """Tell a person, and those whom they named, that their lead was called off."""
        self._call_off(tx, lead_key, Purpose.LEAD_CANCELLED)

    def tell_compensated(self, tx: Transaction, lead_key: str) -> None:
        """Tell a person, and those whom they named, that their lead was undone."""
        self._call_off(tx, lead_key, Purpose.LEAD_COMPENSATED)

    def tell_credit_decided(self, tx: Transaction, session_id: str, check_key: str) -> None:
        """Tell a person that the bureau has answered, where their lead is already under way.

        Who is still in the journey sees it there.
        """
        lead = _first_lead(tx, session_id, is_held=True)
        if lead is not None:
            self._write_about(tx, lead, Purpose.CREDIT_DECIDED, subject=check_key)

    def send_link(
        self, tx: Transaction, session_id: str, token: str, address: str, locale: str
    ) -> None:
        """Send a resume link to the address that its person typed in for it, once a link.

        Raises Forbidden where the link has gone meanwhile.
        """
        self._store.hold(tx, session_id)
        if resume_links.session_of(tx, token) != session_id:
            raise Forbidden
        digest = self._keyring.fingerprint(f"{token} {address}".encode())
        draft = Draft(
            purpose=Purpose.SAVE_LINK,
            subject=digest,
            session_id=session_id,
            contact=Contact.by_email(address),
            locale=locale,
            values={"link": self._links.page(locale, f"/resume/{token}")},
        )
        self._messages.write(tx, draft)

    def remind(self, tx: Transaction, session_id: str) -> None:
        """Remind a person of a journey left half-way, once for as long as it is left alone.

        Nothing happens without consent, or where the journey has ended or sent something already.
        """
        self._store.hold(tx, session_id)
        stored = self._store.load(tx, session_id)
        now = self._clock()
        if stored is None or stored.session.status is not Status.ACTIVE:
            return
        if _first_lead(tx, session_id) is not None:
            return
        session = stored.session
        contact = contact_of(session)
        if contact is None or session.expires_at <= now:
            return
        by_email = contact.only_email()
        if not by_email.channels:
            return
        locale = str(session.context.get("locale") or DEFAULT_LOCALE)
        subject = f"{session_id}@{session.revision}"
        if self._messages.is_written(tx, Purpose.REMINDER, subject):
            return
        lifetime = session.expires_at - now
        token = resume_links.issue(tx, session_id, now, lifetime, keeps_others=True)
        draft = Draft(
            purpose=Purpose.REMINDER,
            subject=subject,
            session_id=session_id,
            contact=by_email,
            locale=locale,
            tenant=session.context.get("tenant"),
            values={"link": self._links.page(locale, f"/resume/{token}")},
        )
        self._messages.write(tx, draft)

    def hear(self, tx: Transaction, event: events.Event) -> None:
        """Tell people of what happened: the handler of the topics that concern them."""
        match event:
            case events.LeadCancelled():
                self.tell_cancelled(tx, event.lead_key)
            case events.LeadCompensated():
                self.tell_compensated(tx, event.lead_key)
            case events.CreditDecided():
                if self._is_answered(tx, event.check_key):
                    self.tell_credit_decided(tx, event.session_id, event.check_key)
            case events.JourneyAbandoned():
                self.remind(tx, event.session_id)
            case _:
                raise ValueError(f"nobody is told of {event.topic}")

    def withdraw(self, tx: Transaction, lead_key: str) -> None:
        """Take back what was not sent yet about a lead."""
        self._messages.withdraw(tx, lead_key)

    def _is_answered(self, tx: Transaction, check_key: str) -> bool:
        """Whether the bureau said something of a person, who was not erased since."""
        query = select(_check).where(_check.c.key == check_key)
        row = tx.connection.execute(query).one()
        decision = unseal(self._keyring, row.key, row.wrapped_key, row.decision)
        return decision is not None and decision["decision"] in ANSWERS

    def _call_off(self, tx: Transaction, lead_key: str, purpose: Purpose) -> None:
        lead, subject = self._tell_of_lead(tx, lead_key, purpose)
        details = self._details_of(lead)
        if details is not None:
            self._sale_mails.call_off(tx, lead, details, subject)

    def _tell_of_lead(
        self, tx: Transaction, lead_key: str, purpose: Purpose
    ) -> tuple[Row[Any], str]:
        """Write to the person of a lead; the lead, held, and what the message is about."""
        query = select(_lead).where(_lead.c.key == lead_key)
        lead = tx.connection.execute(_held(query)).one()
        # A lead that was undone may be sent off anew: what is told of its next trip is new as well.
        subject = f"{lead_key}:{lead.trip}" if lead.trip else lead_key
        self._write_about(tx, lead, purpose, subject)
        return lead, subject

    def _details_of(self, lead: Row[Any]) -> dict[str, Any] | None:
        return unseal(self._keyring, lead.key, lead.wrapped_key, lead.details)

    def _write_about(self, tx: Transaction, lead: Row[Any], purpose: Purpose, subject: str) -> None:
        """Write to the person of a lead; nothing happens where they were erased."""
        details = self._details_of(lead)
        if details is None:
            return
        given = cast("Mapping[str, Json]", details.get("contact") or {})
        values: dict[str, Json] = {
            "reference": lead.reference,
            "kind": details.get("kind"),
            "vehicle": _listing_of(details),
            "dealers": _dealer_names(tx, lead.key) if purpose is Purpose.CONFIRMATION else [],
            "is_buyer_asked": is_buyer_asked(details),
        }
        draft = Draft(
            purpose=purpose,
            subject=subject,
            session_id=lead.session_id,
            contact=Contact.of(given),
            locale=lead.locale,
            lead_key=lead.key,
            tenant=lead.tenant,
            values=values,
        )
        self._messages.write(tx, draft)


def _first_lead(tx: Transaction, session_id: str, *, is_held: bool = False) -> Row[Any] | None:
    of_session = select(_lead).where(_lead.c.session_id == session_id)
    query = of_session.order_by(_lead.c.created_at).limit(1)
    return tx.connection.execute(_held(query) if is_held else query).first()


def _held(leads: Select[Any]) -> Select[Any]:
    """The same leads, which nobody erases before what is written from them is committed."""
    return leads.with_for_update(read=True)


def _listing_of(details: Mapping[str, Json]) -> str | None:
    """Which listing it is about. What sellers type of their own vehicle is not repeated."""
    vehicle = cast("Mapping[str, Json]", details.get("vehicle") or {})
    if details.get("kind") != BUYING:
        return None
    parts = (vehicle.get("year"), vehicle.get("make"), vehicle.get("model"))
    return " ".join(str(part) for part in parts if part is not None) or None


def _dealer_names(tx: Transaction, lead_key: str) -> list[Json]:
    query = (
        select(_dealer.c.name)
        .join(_lead_dealer, _lead_dealer.c.dealer_id == _dealer.c.dealer_id)
        .where(_lead_dealer.c.lead_key == lead_key, _lead_dealer.c.status.in_(HAVING_IT))
        .order_by(_lead_dealer.c.rank)
    )
    return list(tx.connection.execute(query).scalars())
