"""Every page brings the visitor cookie, before any socket opens."""

from http.cookies import SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trex_app.api.framing import FRAMED_COOKIE, is_framed
from trex_app.core.origins import is_loopback
from trex_app.core.visitor import (
    cookie_name,
    framed_cookie_name,
    framed_visitor_of,
    new_visitor,
    visitor_of,
)
from trex_app.display.addresses import is_embedded_page
from trex_app.embed.lifetimes import loader_headers

MAX_AGE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie
CONDITIONS = frozenset({b"if-none-match", b"if-modified-since"})


class VisitorCookie:
    """ASGI middleware: every HTML page that goes to a browser without the cookie brings it one.

    Reflex freezes a socket's cookies at its handshake, so the cookie must be there before.
    """

    def __init__(self, app: ASGIApp, *, is_secure: bool) -> None:
        self.app = app
        self.is_secure = is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the cookie to an HTML answer."""
        if scope["type"] != "http" or self._is_done(scope):
            await self.app(scope, receive, send)
            return
        # A page that the browser has kept would be answered 304, which can bring no cookie.
        headers = [pair for pair in scope["headers"] if pair[0] not in CONDITIONS]
        scope = {**scope, "headers": headers}

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                if self._needs_cookie(answer):
                    answer.append("set-cookie", self._new_cookie(scope))
                    # A shared cache must not hand one visitor's cookie to the next.
                    answer["cache-control"] = "private, no-cache"
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    def _is_done(self, scope: Scope) -> bool:
        """Whether the browser has the cookie, or would not take it."""
        path: str = scope["path"]
        # A page in a frame asks for the visitor by its script, one frame after the other: of two
        # pages that bring a cookie at once, one would belong to nobody. What sites load is no page.
        if is_embedded_page(path) or loader_headers(path):
            return True
        header = cookie_header(scope)
        if not is_framed(scope):
            return visitor_of(header, is_secure=self.is_secure) is not None
        is_known = framed_visitor_of(header, is_secure=self.is_secure) is not None
        return is_known or not takes_framed_cookie(scope, is_secure=self.is_secure)

    def _new_cookie(self, scope: Scope) -> str:
        of_its_place = framed_cookie_of if is_framed(scope) else cookie_of
        return of_its_place(new_visitor(), is_secure=self.is_secure)

    def _needs_cookie(self, answer: MutableHeaders) -> bool:
        """An HTML page needs it, unless who made the page has made the visitor, too."""
        named = (cookie_name, framed_cookie_name)
        own = tuple(f"{name(is_secure=self.is_secure)}=" for name in named)
        is_there = any(cookie.startswith(own) for cookie in answer.getlist("set-cookie"))
        return answer.get("content-type", "").startswith("text/html") and not is_there


def cookie_of(visitor: str, *, is_secure: bool) -> str:
    """The Set-Cookie header that makes a browser this visitor."""
    cookie: SimpleCookie = SimpleCookie()
    name = cookie_name(is_secure=is_secure)
    cookie[name] = visitor
    morsel = cookie[name]
    morsel["path"] = "/"
    morsel["max-age"] = MAX_AGE_SECONDS
    morsel["httponly"] = True
    morsel["samesite"] = "lax"
    if is_secure:
        morsel["secure"] = True
    return morsel.OutputString()


def framed_cookie_of(visitor: str, *, is_secure: bool) -> str:
    """The same for a page in a frame: kept apart for each site that the frame stands in."""
    name = framed_cookie_name(is_secure=is_secure)
    return f"{name}={visitor}; {FRAMED_COOKIE}; Max-Age={MAX_AGE_SECONDS}"


def takes_framed_cookie(scope: Scope, *, is_secure: bool) -> bool:
    """Whether browsers take a Secure cookie from this address: over https, or on loopback."""
    return is_secure or is_loopback(Headers(scope=scope).get("host", ""))


def cookie_header(scope: Scope) -> str:
    """The cookies of a request, however many headers they came in."""
    return "; ".join(
        value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"
    )
