"""What pages of other origins may read of the API: a list that is asked anew with each request."""

from collections.abc import Collection
from enum import Enum
from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from trex_app.core.errors import Unavailable
from trex_app.core.origins import is_origin
from trex_app.services.tenant_directory import TenantDirectory

TICKETS_PATH: Final = "/api/embed/tickets"
EMBED_PREFIX: Final = "/api/embed/"
HEADERS_READABLE: Final = ("Retry-After", "WWW-Authenticate", "X-Correlation-Id")
HEADERS_ACCEPTED: Final = ("Authorization", "Content-Type", "Idempotency-Key", "X-Correlation-Id")
PREFLIGHT_SECONDS: Final = 60
ANY: Final = ".*"
"""Which origins are let in is decided here; Starlette then writes the headers."""


class Admission(Enum):
    """What a page of an origin may do."""

    WITH_COOKIES = "with cookies"
    READING = "reading"
    NOTHING = "nothing"


class CrossOrigin:
    """ASGI middleware: CORS headers for our own origins and, without cookies, for tenants'.

    Where an exported bundle lives, frames ask with cookies, but under /api/embed/ alone. The answer
    about a ticket can be read by every page: a refusal says how to allow the page, and nothing
    else.
    """

    def __init__(
        self, app: ASGIApp, *, own_origins: Collection[str], directory: TenantDirectory
    ) -> None:
        self.own_origins = frozenset(own_origins)
        self.directory = directory
        self.app = app
        self.answering = {
            Admission.WITH_COOKIES: _cors(app, origins=ANY, with_cookies=True),
            Admission.READING: _cors(app, origins=ANY, with_cookies=False),
            Admission.NOTHING: _cors(app, origins=None, with_cookies=False),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the origin of the request may read it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin", "")
        admission = await self._admission(origin, scope["path"])
        await self.answering[admission](scope, receive, send)

    async def _admission(self, origin: str, path: str) -> Admission:
        if origin in self.own_origins:
            return Admission.WITH_COOKIES
        if not is_origin(origin):
            return Admission.NOTHING
        if path == TICKETS_PATH:
            return Admission.READING
        try:
            known = await self.directory.current()
        except Unavailable:
            # The request itself will be told so; a page of an origin nobody can vouch for is not.
            return Admission.NOTHING
        if origin in known.bundle_origins and path.startswith(EMBED_PREFIX):
            return Admission.WITH_COOKIES
        is_known = origin in known.host_origins or origin in known.bundle_origins
        return Admission.READING if is_known else Admission.NOTHING


def _cors(app: ASGIApp, *, origins: str | None, with_cookies: bool) -> CORSMiddleware:
    return CORSMiddleware(
        app,
        allow_origin_regex=origins,
        allow_credentials=with_cookies,
        allow_methods=["GET", "POST"],
        allow_headers=HEADERS_ACCEPTED,
        expose_headers=HEADERS_READABLE,
        max_age=PREFLIGHT_SECONDS,
    )
