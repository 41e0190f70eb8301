"""The mail server: real SMTP that keeps what it is given."""

import asyncio
import logging
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any, Final
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from trex_app.sandbox.counter import BODY_LIMIT
from trex_app.sandbox.ledger import Entry
from trex_app.sandbox.world import World

TAKEN: Final = "250 2.0.0 Taken"
IDLE_S: Final = 700.0
"""Longer than the longest latency, which is no idleness."""
GARBLED: Final = "%~ 2x0 {no reply"


# Below that it logs every command, and with them the addresses of people.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class MailServer:
    """Listens for SMTP in the running loop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._server: asyncio.Server | None = None
        self._connections: WeakSet[SMTP] = WeakSet()

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, which is a free one for 0. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Listen no longer, and close what is open."""
        if self._server is not None:
            self._server.close()
            for connection in list(self._connections):
                if connection.transport is not None:
                    connection.transport.close()
            await self._server.wait_closed()

    def _connection(self) -> SMTP:
        connection = SMTP(
            MailHandler(self._world),
            data_size_limit=BODY_LIMIT,
            enable_SMTPUTF8=True,
            hostname="sandbox.localhost",
            ident="T-Rex sandbox",
            timeout=IDLE_S,
            auth_require_tls=False,
            authenticator=_let_in,
            loop=asyncio.get_running_loop(),
        )
        self._connections.add(connection)
        return connection


def _let_in(*_: Any) -> AuthResult:
    """Whoever gives a name and a password may send."""
    return AuthResult(success=True)


class MailHandler:
    """Takes messages, and spoils them as the fault for `email` says."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Answer a message; nothing is kept of one that a fault hits before."""
        del session
        fault = self._world.faults.strike("email", is_write=True)
        if fault is None:
            self._keep(envelope)
            return TAKEN
        await self._world.pause(fault.latency_ms / 1_000)
        is_lost = fault.kind in ("error", "hang", "drop") and fault.when == "before"
        if not is_lost:
            self._keep(envelope)
        if fault.kind == "error":
            return f"{fault.status} 4.3.0 The sandbox was told to fail here"
        if fault.kind == "malformed":
            return GARBLED
        if fault.kind == "hang":
            await self._world.stopped()
        if fault.kind in ("hang", "drop") and server.transport is not None:
            server.transport.close()
            # The lost connection cancels this; an answer would go nowhere.
            await asyncio.get_running_loop().create_future()
        return TAKEN

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=modern)
        key = _clean(message["Message-ID"] or "").strip() or None
        is_repeat = key is not None and self._world.ledger.answered("email", key) is not None
        self._world.take(
            Entry(
                partner="email",
                at=self._world.clock().isoformat(),
                method="DATA",
                path=_clean(",".join(envelope.rcpt_tos)),
                idempotency_key=key,
                repeat=is_repeat,
                body=_body(message, envelope),
                is_read=False,
                status=250,
                answer="",
                media_type="message/rfc822",
            )
        )


def _body(message: EmailMessage, envelope: Envelope) -> dict[str, Any]:
    return {
        "from": _clean(envelope.mail_from or ""),
        "to": [_clean(address) for address in envelope.rcpt_tos],
        "subject": _clean(message["Subject"] or ""),
        "text": _part(message, "plain"),
        "html": _part(message, "html"),
        "headers": {name: _clean(value) for name, value in message.items()},
    }


def _clean(text: str) -> str:
    """The text without the half characters that stand for bytes in no known encoding."""
    return str(text).encode("utf-8", "replace").decode()


def _part(message: EmailMessage, subtype: str) -> str | None:
    part = message.get_body((subtype,))
    if part is None:
        return None
    try:
        text = _clean(part.get_content())
    except (LookupError, UnicodeError):  # a character set that nobody knows
        text = part.as_bytes().decode("utf-8", "replace")
    return text.replace("\r\n", "\n")
