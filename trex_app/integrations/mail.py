"""E-mail by SMTP."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from trex_app.core.clock import Clock, utc_now
from trex_app.core.errors import PartnerRefused, SettingsInvalid
from trex_app.integrations.gateway import Gateway, PartnerFault
from trex_app.ports import Mail

PARTNER: Final = "email"
PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""Scheme → its usual port: plain, encrypted after the greeting, encrypted from the first byte."""
NO_SUCH_MAILBOX: Final = 553
PERMANENT: Final = range(500, 600)
SAYS_NOTHING: Final = -1
FAREWELL_SECONDS: Final = 2.0
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MESSAGE_ID: Final = re.compile(r"<?([A-Za-z0-9._:+-]+)(@[A-Za-z0-9._-]+)?>?")
_ADDRESS: Final = re.compile(r"[^@\s\x00-\x1f\x7f<>,;:\"()\\]+@[^@\s\x00-\x1f\x7f<>,;:\"()\\]+")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    scheme: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """Read smtp://user:password@host:port, or smtp+starttls, or smtps.

        Raises SettingsInvalid, which repeats nothing of it.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
            parts = urlsplit("")
        if not host or parts.scheme not in PORTS:
            known = ", ".join(f"{scheme}://" for scheme in PORTS)
            raise SettingsInvalid(f"TREX_SMTP_URL must be an address that begins with {known}.")
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        return cls(host, port or PORTS[parts.scheme], parts.scheme, user, password)


class SmtpMailer:
    """A mail server as a `Mailer`: multipart text and HTML, one connection a mail."""

    def __init__(
        self, gateway: Gateway, server: MailServer, sender: str, clock: Clock = utc_now
    ) -> None:
        self._gateway = gateway
        self._server = server
        self._sender = _sender(sender)
        self._clock = clock

    async def send(self, mail: Mail) -> None:
        """Hand the mail over. Raises PartnerUnavailable, PartnerRefused.

        May be repeated: whoever gets it knows it by its Message-ID.
        """
        message = self._message(mail)

        async def hand_over() -> None:
            await _translated(lambda: self._hand_over(message, mail.to))

        await self._gateway.guard(PARTNER, hand_over, is_idempotent=True)

    async def _hand_over(self, message: EmailMessage, to: str) -> None:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.scheme == "smtps",
            start_tls=server.scheme == "smtp+starttls",
            timeout=None,  # the gateway's deadline covers all of it
        )
        try:
            await client.connect()
            await client.send_message(message, sender=self._sender.addr_spec, recipients=[to])
            # The mail is taken: a farewell that goes wrong changes nothing.
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=FAREWELL_SECONDS)
        finally:
            # Also when the deadline cancels: a farewell to a server that hangs would never end.
            client.close()

    def _message(self, mail: Mail) -> EmailMessage:
        """The mail as it travels. No text becomes a header of its own. Raises PartnerRefused."""
        message_id = _MESSAGE_ID.fullmatch(mail.message_id)
        if not _ADDRESS.fullmatch(mail.to) or message_id is None:
            raise PartnerRefused(PARTNER, NO_SUCH_MAILBOX)
        name, at_host = message_id.groups()
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = mail.to
        message["Subject"] = _CONTROLS.sub(" ", mail.subject).strip()
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = f"<{name}{at_host or '@' + self._sender.domain}>"
        # Away notices and other programs answer no mail that says so (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        # Of the whole: set before, it would have gone to the first part.
        message["Content-Language"] = _CONTROLS.sub("", mail.locale)
        return message


async def _translated(work: Callable[[], Awaitable[object]]) -> None:
    """Do it, with what SMTP says told as the gateway understands it."""
    try:
        await work()
    except aiosmtplib.SMTPAuthenticationError as error:
        # Wrong credentials are ours to mend: the mail is good and waits.
        raise PartnerFault("unauthorised", status=error.code) from error
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _spoken(error.recipients[0].code) from error
    except aiosmtplib.SMTPResponseException as error:
        raise _spoken(error.code) from error
    except aiosmtplib.SMTPTimeoutError as error:
        raise PartnerFault("timeout") from error
    except aiosmtplib.SMTPNotSupported as error:
        raise PartnerRefused(PARTNER, NO_SUCH_MAILBOX) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise PartnerFault("connection") from _cause(error)


def _cause(error: BaseException) -> BaseException:
    """What went wrong at the bottom: a certificate that is not trusted, say."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _spoken(code: int) -> PartnerFault | PartnerRefused:
    """A refusal for good (5xx), one for now (4xx), or words that are no SMTP."""
    if code in PERMANENT:
        return PartnerRefused(PARTNER, code)
    return PartnerFault("malformed") if code == SAYS_NOTHING else PartnerFault(status=code)


def _sender(text: str) -> Address:
    """Read `T-Rex <mail@host>` or `mail@host`. Raises SettingsInvalid."""
    name, _, rest = text.rpartition("<")
    try:
        return Address(name.strip().strip('"'), addr_spec=rest.rstrip(">").strip())
    except (ValueError, IndexError, HeaderParseError) as error:
        raise SettingsInvalid(
            f"TREX_MAIL_FROM is no address such as T-Rex <mail@example.com>: {text}"
        ) from error
