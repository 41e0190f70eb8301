"""Sockets of frames: a ticket opens one, and what it says goes on with the handshake.

Browsers let a page add nothing to a websocket's handshake but subprotocols, so ticket and visitor
travel there: an address would end up in logs. Behind this point neither is to be seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from starlette.types import Scope

from trex_app.api.visitor import cookie_header
from trex_app.core.crypto import Keyring, TokenKind
from trex_app.core.embedding import HEADER, Embedding
from trex_app.core.visitor import framed_cookie_name, is_visitor
from trex_app.services.tickets import Tickets

TICKET_PREFIX: Final = "trex-ticket."
VISITOR_PREFIX: Final = "trex-visitor."
HOST_PREFIX: Final = "trex-host."
"""What follows is percent-encoded: an origin holds characters that a subprotocol may not."""
SCOPE_KEY: Final = "trex.embed"
PROTOCOLS: Final = b"sec-websocket-protocol"

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a socket offers as subprotocols: a ticket, a visitor, and those that are really one.

    `hosts` is the origin of the page around the frame, where the browser tells it.
    """

    tickets: tuple[str, ...]
    visitors: tuple[str, ...]
    hosts: tuple[str, ...]
    others: tuple[str, ...]

    @classmethod
    def of(cls, scope: Scope) -> "Handshake":
        """Taken apart by their beginnings."""
        # Not the header: some servers take it out of the headers once they have read it.
        offered: list[str] = list(scope.get("subprotocols") or ())
        return cls(
            tickets=_behind(TICKET_PREFIX, offered),
            visitors=_behind(VISITOR_PREFIX, offered),
            hosts=tuple(unquote(host) for host in _behind(HOST_PREFIX, offered)),
            others=tuple(p for p in offered if p and not _is_ours(p)),
        )


class EmbeddedSockets:
    """Redeems tickets and rewrites handshakes."""

    def __init__(self, tickets: Tickets, keyring: Keyring, *, is_secure: bool) -> None:
        self._tickets = tickets
        self._keyring = keyring
        self._is_secure = is_secure

    async def redeem(self, handshake: Handshake, origin: str) -> Embedding | None:
        """Whose frame the socket is. None without exactly one ticket that is good at `origin`."""
        if len(handshake.tickets) != 1:
            return None
        return await self._tickets.redeem(handshake.tickets[0], origin, handshake.hosts)

    def framed(
        self, scope: Scope, handshake: Handshake, embedding: Embedding, own_origin: str
    ) -> Scope:
        """The handshake as that of one of our own pages, with what the ticket said.

        The server behind checks origins against a fixed list of its own, so it is told ours.
        """
        headers = [
            (b"origin", own_origin.encode()),
            (HEADER.encode(), embedding.as_header().encode()),
        ]
        cookies = cookie_header(scope)
        bearer = self._visitor(handshake)
        if bearer is not None:
            # First, for the first one counts: the frame brings it where its cookie was not kept.
            name = framed_cookie_name(is_secure=self._is_secure)
            cookies = f"{name}={bearer}; {cookies}".removesuffix("; ")
        if cookies:
            headers.append((b"cookie", cookies.encode("latin-1")))
        plain = unframed(scope, handshake)
        kept = [pair for pair in plain["headers"] if pair[0] not in {b"origin", b"cookie"}]
        about: dict[str, Any] = {
            "tenant": embedding.tenant_id,
            "host_origin": embedding.host_origin,
            "session_key": embedding.session_key,
        }
        return {**plain, "headers": [*kept, *headers], SCOPE_KEY: about}

    def _visitor(self, handshake: Handshake) -> str | None:
        """The visitor of a token that we signed."""
        for token in handshake.visitors[:1]:
            visitor = self._keyring.verify(TokenKind.VISITOR, token)
            if visitor is not None and is_visitor(visitor):
                return visitor
        return None


def unframed(scope: Scope, handshake: Handshake) -> Scope:
    """The handshake without anything that only a frame's may hold."""
    headers: RawHeaders = [
        pair for pair in scope["headers"] if pair[0].lower() not in {PROTOCOLS, HEADER.encode()}
    ]
    if handshake.others:
        headers.append((PROTOCOLS, ", ".join(handshake.others).encode("latin-1")))
    return {**scope, "headers": headers, "subprotocols": list(handshake.others)}


def _behind(prefix: str, offered: Iterable[str]) -> tuple[str, ...]:
    return tuple(p.removeprefix(prefix) for p in offered if p.startswith(prefix))


def _is_ours(protocol: str) -> bool:
    return protocol.startswith((TICKET_PREFIX, VISITOR_PREFIX, HOST_PREFIX))
