"""Who may speak to us from a browser: our own pages, and the frames that tenants let stand.

CORS turns away an unknown origin, but lets a request without Origin pass, and cannot stop a
simple POST from being carried out. This guard closes both.
"""

from collections.abc import Sequence

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from trex_app.api.cross_origin import EMBED_PREFIX
from trex_app.api.embedded_sockets import EmbeddedSockets, Handshake, unframed
from trex_app.api.problems import problem_of
from trex_app.core.errors import OriginNotAllowed, TrexError, Unavailable
from trex_app.core.telemetry import SOCKETS_REFUSED
from trex_app.services.tenant_directory import TenantDirectory

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
POLICY_VIOLATION = 1008
TRY_AGAIN_LATER = 1013

log = structlog.get_logger(__name__)


class OriginGuard:
    """ASGI middleware that refuses foreign websockets and foreign writes that carry a cookie.

    A websocket must name an origin of ours, or bring a ticket that is good where it comes from; a
    ticket that is not good is refused wherever it comes from. An unsafe request that carries a
    cookie may name none (it is no browser's then) but not a foreign one, unless it is one that the
    frames of an exported bundle make.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        own_origins: Sequence[str],
        directory: TenantDirectory,
        embedded: EmbeddedSockets,
    ) -> None:
        self.app = app
        self.own_origin = own_origins[0]
        self.own_origins = frozenset(own_origins)
        self.directory = directory
        self.embedded = embedded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an acceptable request on, refuse any other."""
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http" and (refusal := await self._refusal(scope)) is not None:
            await problem_of(refusal, scope)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = Headers(scope=scope).get("origin", "")
        handshake = Handshake.of(scope)
        if not handshake.tickets:
            if origin in self.own_origins:
                await self.app(unframed(scope, handshake), receive, send)
            else:
                await self._refuse("origin", scope, receive, send)
            return
        try:
            embedding = await self.embedded.redeem(handshake, origin)
        except Unavailable:
            await WebSocketClose(TRY_AGAIN_LATER, "unavailable")(scope, receive, send)
            return
        if embedding is None:
            await self._refuse("ticket", scope, receive, send)
            return
        framed = self.embedded.framed(scope, handshake, embedding, self.own_origin)
        await self.app(framed, receive, send)

    async def _refuse(self, what: str, scope: Scope, receive: Receive, send: Send) -> None:
        SOCKETS_REFUSED.labels(what).inc()
        log.info("socket_refused", because=what)
        await WebSocketClose(POLICY_VIOLATION, f"{what} not allowed")(scope, receive, send)

    async def _refusal(self, scope: Scope) -> TrexError | None:
        """Why a request may change nothing here."""
        headers = Headers(scope=scope)
        if scope["method"] in SAFE_METHODS or "cookie" not in headers:
            return None
        origin = headers.get("origin")
        if origin is None or origin in self.own_origins:
            return None
        if not scope["path"].startswith(EMBED_PREFIX):
            return OriginNotAllowed()
        try:
            known = await self.directory.current()
        except Unavailable as error:
            return error
        return None if origin in known.bundle_origins else OriginNotAllowed()
