"""How a person can be reached, and by which ways they agreed to be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, cast

from trex_app.core.addresses import phone_digits
from trex_app.engine.definition import Json
from trex_app.engine.lifecycle import REMINDER_EMAIL
from trex_app.engine.session import Session

SPOKEN_NAME_LETTERS: Final = 40
# Whoever types somebody else's address must not be able to have us send them a text of their own.
NAME: Final = re.compile(r"[^\W\d_]+(?:[ '\u2019.-]{1,2}[^\W\d_]+)*\.?")


class Channel(StrEnum):
    """A way to send somebody a message."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to. `channels` are those agreed to, the preferred one first."""

    name: str
    addresses: Mapping[Channel, str]
    channels: tuple[Channel, ...]

    @classmethod
    def of(cls, given: Mapping[str, Json]) -> Self:
        """From the fields of the group `contact`; without consent there is no channel.

        Who asked to be called only still gets the confirmation of what they sent, by e-mail.
        """
        addresses: dict[Channel, str] = {}
        if given.get("email"):
            addresses[Channel.EMAIL] = str(given["email"]).strip()
        if given.get("phone"):
            addresses[Channel.SMS] = "+" + phone_digits(str(given["phone"]))
        chosen = cast("list[str]", given.get("contact_channels") or [])
        channels = tuple(Channel(name) for name in chosen if name in addresses)
        if not channels and Channel.EMAIL in addresses:
            channels = (Channel.EMAIL,)
        agreed = channels if given.get("consent_contact") else ()
        return cls(spoken_name(str(given.get("first_name") or "")), addresses, agreed)

    @classmethod
    def by_email(cls, address: str) -> Self:
        """Somebody of whom nothing but an address is known, for which they asked us to write."""
        return cls("", {Channel.EMAIL: address.strip()}, (Channel.EMAIL,))

    def only_email(self) -> "Contact":
        """The same person without any other channel: for what needs room, such as a link."""
        channels = tuple(c for c in self.channels if c is Channel.EMAIL)
        return Contact(self.name, self.addresses, channels)


def contact_of(session: Session) -> Contact | None:
    """How the person of a session agreed to be reached: for a reminder, else as a contact."""
    reminder = session.context.get(REMINDER_EMAIL)
    if reminder:
        return Contact.by_email(str(reminder))
    found: Contact | None = None
    for position in session.path:
        answer = session.answer_at(position)
        if answer is not None and "email" in answer.values:
            contact = Contact.of(answer.values)
            found = contact if contact.channels else found
    return found


def spoken_name(name: str) -> str:
    """A name as a greeting may say it; empty for anything that is not written like one."""
    name = " ".join(name.split())
    return name if len(name) <= SPOKEN_NAME_LETTERS and NAME.fullmatch(name) else ""
