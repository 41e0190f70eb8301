"""Saved for later by e-mail: the way back, sent to an address that is used for nothing else."""

import re
from collections.abc import Callable
from typing import Final

from trex_app.core.addresses import email_key
from trex_app.core.clock import Clock
from trex_app.core.crypto import Keyring
from trex_app.core.errors import FieldError, Forbidden, Unavailable, ValidationFailed
from trex_app.db import resume_links
from trex_app.db.transaction import Database
from trex_app.services.communications import Communications
from trex_app.services.sessions import Sessions
from trex_app.services.views import Caller

ADDRESS: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}")
ADDRESS_LENGTH: Final = 254
FAULT: Final = "Enter an e-mail address such as name@example.com."


class MailedLinks:
    """Sends resume links. Whether an address is known here makes no difference to the answer."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        sessions: Sessions,
        communications: Communications,
        clock: Clock,
        has_mailer: Callable[[], bool],
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._sessions = sessions
        self._communications = communications
        self._clock = clock
        self._has_mailer = has_mailer

    @property
    def is_offered(self) -> bool:
        """Whether mail can be sent at all."""
        return self._has_mailer()

    async def limits_of(self, token: str, address: str) -> tuple[str, str]:
        """What sending is counted by: the session, and the address (which cannot be read back).

        Raises Forbidden for a link that leads nowhere.
        """
        return self.limits_for(await self._session_behind(token), address)

    def limits_for(self, session_id: str, address: str) -> tuple[str, str]:
        """The same, where the session is known."""
        return session_id, self._keyring.fingerprint(email_key(address).encode())

    async def send(self, caller: Caller, token: str, address: str, locale: str) -> None:
        """Send the caller's own link to an address, and forget the address once it went out.

        Raises ValidationFailed for what is no address, Forbidden for somebody else's link,
        Unavailable where no mail can be sent.
        """
        check_address(address)
        if not self.is_offered:
            raise Unavailable
        session_id = await self._session_behind(token)
        await self._sessions.open_for_change(caller, session_id, self._clock())
        await self._database.write(
            lambda tx: self._communications.send_link(
                tx, session_id, token, address.strip(), locale
            )
        )

    async def _session_behind(self, token: str) -> str:
        session_id = await self._database.read(lambda tx: resume_links.session_of(tx, token))
        if session_id is None:
            raise Forbidden
        return session_id


def check_address(address: str) -> None:
    """Raises ValidationFailed for what no mail can be sent to."""
    if len(address) > ADDRESS_LENGTH or not ADDRESS.fullmatch(address.strip()):
        raise ValidationFailed([FieldError("email", "pattern", FAULT)])
