"""Which pages may stand in a page of somebody else's, and in whose."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trex_app.api.problems import problem_of
from trex_app.core.errors import Unavailable
from trex_app.core.origins import is_loopback
from trex_app.display.addresses import (
    is_embedded_page,
    is_plain_html,
    journey_at,
    locale_of,
    path_in,
)
from trex_app.services.tenant_directory import TenantDirectory
from trex_app.services.tenants import Tenant

TENANT_PARAMETER: Final = "tenant"
TENANT_COOKIE: Final = "trex_tenant"
FRAMED_TENANT_COOKIE: Final = "trex_framed_tenant"
FRAMED_COOKIE: Final = "Path=/; HttpOnly; Secure; SameSite=None; Partitioned"
"""What a cookie of a frame is: kept apart for each site that the frame stands in."""
ANCESTORS: Final = "trex.frame_ancestors"
TENANT: Final = "trex.tenant"
NOWHERE: Final = "/embed/unknown-tenant"
NO_JOURNEY: Final = frozenset({"", "-"})
FRAMES: Final = frozenset({"iframe", "frame"})


class Framing:
    """ASGI middleware: finds the tenant of a page that may be framed, by the address it names.

    Behind it, the scope says who may frame the page and whose leads it makes. A journey that the
    tenant may not show is none of its pages, and an embedded page without a tenant does not exist.
    Forms, links and steps do not name the tenant again, so a cookie keeps it until the browser is
    closed; in a frame, one of the frame's own.
    """

    def __init__(self, app: ASGIApp, *, directory: TenantDirectory, is_secure: bool) -> None:
        self.app = app
        self.directory = directory
        self.is_secure = is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with what is known of its tenant."""
        if scope["type"] != "http" or ANCESTORS in scope:
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        is_embedded = is_embedded_page(path)
        if not is_embedded and not is_plain_html(path):
            await self.app(scope, receive, send)
            return
        try:
            tenant = await self._tenant(scope)
        except Unavailable as error:
            # A plain page explains itself to its reader, framed by nobody.
            answer = problem_of(error, scope) if is_embedded else self.app
            await answer(scope, receive, send)
            return
        if tenant is not None:
            scope = {**scope, ANCESTORS: tenant.origins, TENANT: tenant.tenant_id}
            if is_embedded:
                send = _revalidated(send)
            if is_in_frame(scope) or not is_embedded:
                send = self._remembering(tenant, scope, send)
        elif is_embedded:
            nowhere = path_in(locale_of(path), NOWHERE)
            scope = {**scope, "path": nowhere, "raw_path": nowhere.encode()}
        await self.app(scope, receive, send)

    async def _tenant(self, scope: Scope) -> Tenant | None:
        named = tenant_named(scope)
        if not named and (is_in_frame(scope) or is_plain_html(scope["path"])):
            cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
            named = cookies.get(self._cookie_name(scope), "")
        tenant = (await self.directory.current()).framed(named) if named else None
        journey, _ = journey_at(scope["path"])
        # A page of no journey, such as the way in by a link, is any tenant's.
        if tenant is None or journey in NO_JOURNEY or tenant.offers(journey):
            return tenant
        return None

    def _remembering(self, tenant: Tenant, scope: Scope, send: Send) -> Send:
        """Have the browser remember whose pages these are."""
        takes_secure = self.is_secure or is_loopback(Headers(scope=scope).get("host", ""))
        if not tenant_named(scope) or (is_in_frame(scope) and not takes_secure):
            return send
        cookie = f"{self._cookie_name(scope)}={tenant.tenant_id}; {self._attributes(scope)}"

        async def send_with_tenant(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        return send_with_tenant

    def _cookie_name(self, scope: Scope) -> str:
        name = FRAMED_TENANT_COOKIE if is_in_frame(scope) else TENANT_COOKIE
        return f"__Host-{name}" if self.is_secure else name

    def _attributes(self, scope: Scope) -> str:
        if is_in_frame(scope):
            return FRAMED_COOKIE
        return "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if self.is_secure else "")


def is_framed(scope: Scope) -> bool:
    """Whether a page is made to stand in a frame, or is being loaded into one it may stand in."""
    if not frame_ancestors(scope):
        return False
    return is_embedded_page(scope["path"]) or is_in_frame(scope)


def frame_ancestors(scope: Scope) -> Sequence[str]:
    """Who may frame the page of this request, as CSP sources; nobody where it is empty."""
    return scope.get(ANCESTORS, ())


def tenant_of(scope: Scope) -> str | None:
    """The id of the tenant whose page this is for."""
    return scope.get(TENANT)


def tenant_named(scope: Scope) -> str:
    """The tenant that the address of a request names."""
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    named = [value for name, value in query if name == TENANT_PARAMETER]
    return named[0] if len(named) == 1 else ""


def is_in_frame(scope: Scope) -> bool:
    """Whether a browser loads this into a frame."""
    return Headers(scope=scope).get("sec-fetch-dest") in FRAMES


def _revalidated(send: Send) -> Send:
    """Let browsers keep the page but ask each time: who may frame it can change at any moment."""

    async def send_to_be_asked_again(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["cache-control"] = "private, no-cache"
        await send(message)

    return send_to_be_asked_again
