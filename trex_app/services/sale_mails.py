"""Mails to those whom a seller names: to the dealer who buys, and that a sale is called off.

Their addresses come from the seller, so what is said to them is the sale and nothing else: no text
that a seller can write freely.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import Row, select

from trex_app.db import resume_links
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.engine.definition import Json
from trex_app.services.contacts import Contact, spoken_name
from trex_app.services.messages import SENT, Draft, Messages, Purpose

DEALER_SALE: Final = "dealer_sale"
PRIVATE_SALE: Final = "private_sale"
BY_THE_BUYER: Final = "buyer"
WORD_LETTERS: Final = 60
# As with names: whoever types somebody else's address must not have us send them a link.
WORD: Final = re.compile(r"(?!.*(?://|www\.|[^\W\d_]\.[^\W\d_]{2}))[\w+&()'/. -]+")

Details = Mapping[str, Json]

_session = METADATA.tables["session"]


class SaleMails:
    """Writes to a named dealer, and calls off what a dealer or a buyer was written."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def tell_dealer(self, tx: Transaction, lead: Row[Any], details: Details, subject: str) -> bool:
        """Tell the dealer of a sale what is sold, and by whom; whether there is one to tell."""
        more = part(details, "details")
        address = more.get("dealer_email")
        if details.get("kind") != DEALER_SALE or not address:
            return False
        contact, vehicle = part(details, "contact"), part(details, "vehicle")
        values: dict[str, Json] = {
            "reference": lead.reference,
            "vehicle": spoken_vehicle(vehicle),
            "price": more.get("offer"),
            "seller": spoken_seller(contact),
            **{name: vehicle.get(name) for name in ("vin", "mileage_km", "condition")},
            **{name: contact.get(name) for name in ("email", "phone", "postal_code")},
            "channels": contact.get("contact_channels"),
        }
        self._write(tx, lead, Purpose.DEALER_SALE, subject, str(address), values)
        return True

    def call_off(self, tx: Transaction, lead: Row[Any], details: Details, subject: str) -> None:
        """Tell whoever was written about a sale that it is called off; what is unsent stays so."""
        more, buyer = part(details, "details"), part(part(details, "details"), "buyer")
        values: dict[str, Json] = {"vehicle": spoken_vehicle(part(details, "vehicle"))}
        dealer_mail = self._messages.standing(tx, Purpose.DEALER_SALE, subject)
        if dealer_mail is not None and dealer_mail.status == SENT:
            said = {**values, "to": "dealer", "reference": lead.reference}
            address = str(more.get("dealer_email"))
            self._write(tx, lead, Purpose.SALE_CALLED_OFF, subject, address, said)
        invitation = self._messages.standing(tx, Purpose.BUYER_INVITATION, lead.key)
        if invitation is None:
            return
        resume_links.revoke(tx, invitation.session_id)
        if invitation.status == SENT and not _is_erased(tx, invitation.session_id):
            address, own = str(buyer.get("buyer_email")), invitation.session_id
            self._write(tx, lead, Purpose.SALE_CALLED_OFF, subject, address, values, own)

    def _write(
        self,
        tx: Transaction,
        lead: Row[Any],
        purpose: Purpose,
        subject: str,
        address: str,
        values: Mapping[str, Json],
        session_id: str | None = None,
    ) -> None:
        draft = Draft(
            purpose=purpose,
            subject=subject,
            session_id=session_id or lead.session_id,
            contact=Contact.by_email(address),
            locale=lead.locale,
            lead_key=lead.key,
            tenant=lead.tenant,
            values=values,
        )
        self._messages.write(tx, draft)


def _is_erased(tx: Transaction, session_id: str) -> bool:
    """Whether the buyer had their own session erased; they are not written to again."""
    query = select(_session.c.wrapped_key).where(_session.c.session_id == session_id)
    return tx.connection.execute(query).scalar_one_or_none() is None


def is_buyer_asked(details: Details) -> bool:
    """Whether the private buyer of a sale is to be asked about financing."""
    more = part(details, "details")
    has_address = bool(part(more, "buyer").get("buyer_email"))
    is_private = details.get("kind") == PRIVATE_SALE
    return is_private and more.get("applicant") == BY_THE_BUYER and has_address


def part(given: Details, name: str) -> Details:
    """A map within a map; an empty one where there is none."""
    found = given.get(name)
    return cast("Details", found) if isinstance(found, Mapping) else {}


def spoken_seller(contact: Details) -> str:
    """The seller's name as a letter may say it."""
    names = (spoken_name(str(contact.get(name) or "")) for name in ("first_name", "last_name"))
    return " ".join(filter(None, names))


def spoken_vehicle(vehicle: Details) -> str:
    """Year, make and model as a letter may say them: what holds a link is left out."""
    words = (str(vehicle.get(name) or "") for name in ("year", "make", "model"))
    return " ".join(word for word in words if len(word) <= WORD_LETTERS and WORD.fullmatch(word))
