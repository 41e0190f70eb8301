"""Signed links in messages: to where a lead stands, and to what is held of a person.

What is signed stands behind the `#` of the address: browsers send that part to nobody, so it
reaches no log and no other site.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from trex_app.core.clock import Clock
from trex_app.core.crypto import Keyring, TokenKind
from trex_app.core.texts import DEFAULT_LOCALE, supported_locale
from trex_app.services.contacts import Channel

STATUS_LIFETIME: Final = timedelta(days=90)
DATA_LIFETIME: Final = timedelta(days=30)
SEPARATOR: Final = "~"
STAMP_DIGITS_MAX: Final = 11


@dataclass(frozen=True, slots=True)
class DataPass:
    """What a link to one's data names."""

    reference: str
    channel: Channel
    expires: str
    signature: str

    def is_for(self, keyring: Keyring, lead_key: str) -> bool:
        """Whether it was made for the lead with this key."""
        subject = SEPARATOR.join((lead_key, self.channel, self.expires))
        return keyring.verify(TokenKind.PERSON, f"{subject}.{self.signature}") is not None


class PersonalLinks:
    """Makes links and reads them; a link opens its one thing until it expires."""

    def __init__(self, keyring: Keyring, clock: Clock, origin: str) -> None:
        self._keyring = keyring
        self._clock = clock
        self._origin = origin

    @property
    def host(self) -> str:
        """The name of this installation, as message ids need one."""
        return urlsplit(self._origin).hostname or "localhost"

    def page(self, locale: str, path: str) -> str:
        """The address of a page in a language."""
        language = supported_locale(locale)
        prefix = "" if language == DEFAULT_LOCALE else f"/{language}"
        return f"{self._origin}{prefix}{path}"

    def to_status(self, reference: str, lead_key: str, locale: str, made_at: datetime) -> str:
        """Where a lead stands."""
        expires = _stamp(made_at + STATUS_LIFETIME)
        signed = self._keyring.sign(TokenKind.STATUS, lead_key + SEPARATOR + expires)
        signature = signed.rpartition(".")[2]
        return self.page(locale, f"/status/{reference}#{expires}.{signature}")

    def to_data(
        self, reference: str, lead_key: str, channel: Channel, locale: str, made_at: datetime
    ) -> str:
        """What is held of the person who reads the address that `channel` goes to."""
        expires = _stamp(made_at + DATA_LIFETIME)
        subject = SEPARATOR.join((lead_key, channel, expires))
        signature = self._keyring.sign(TokenKind.PERSON, subject).rpartition(".")[2]
        given = SEPARATOR.join((reference, channel, expires))
        return self.page(locale, f"/your-data#{given}.{signature}")

    def opens_status(self, lead_key: str, token: str) -> bool:
        """Whether the part of a status link behind the # opens this lead's status, now."""
        expires = token.partition(".")[0]
        signed = f"{lead_key}{SEPARATOR}{token}"
        is_ours = self._keyring.verify(TokenKind.STATUS, signed) is not None
        return is_ours and not self._is_over(expires)

    def data_pass(self, token: str) -> DataPass | None:
        """What a link to one's data names; None where it is no such link, or has expired."""
        given, _, signature = token.rpartition(".")
        parts = given.split(SEPARATOR)
        if len(parts) != len(("reference", "channel", "expires")):
            return None
        reference, channel, expires = parts
        if channel not in tuple(Channel) or self._is_over(expires):
            return None
        return DataPass(reference, Channel(channel), expires, signature)

    def _is_over(self, stamp: str) -> bool:
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= STAMP_DIGITS_MAX):
            return True
        return datetime.fromtimestamp(int(stamp), UTC) <= self._clock()


def _stamp(moment: datetime) -> str:
    return str(int(moment.timestamp()))
