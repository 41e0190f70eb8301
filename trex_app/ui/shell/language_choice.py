"""The language a person wants: what they chose, else what their browser prefers."""

from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trex_app.core.texts import DEFAULT_LOCALE, locales, preferred_locale
from trex_app.display.addresses import locale_of, path_in

COOKIE_NAME: Final = "trex_language"
MAX_AGE_SECONDS: Final = 365 * 24 * 3600
CONDITIONS: Final = frozenset({b"if-none-match", b"if-modified-since"})
ASKED: Final = ("Accept-Language", "Cookie", "Referer", "Sec-Fetch-Site")
"""The headers that the answer at `/` depends on."""


class LanguageChoice:
    """ASGI middleware: `/` leads a newcomer to the start page in their own language.

    Only the language switch leads from a page in one language to one in another. So whoever comes
    that way has chosen, and a cookie remembers it. All other links keep the language they are in.
    """

    def __init__(self, app: ASGIApp, *, is_secure: bool) -> None:
        self.app = app
        self.is_secure = is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a newcomer on, or let the page be answered and remember a choice."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        chosen = chosen_by_switch(path, headers)
        if chosen:
            # A page that the browser has kept would be answered 304, which can bring no cookie.
            kept = [pair for pair in scope["headers"] if pair[0] not in CONDITIONS]
            scope = {**scope, "headers": kept}

        async def send_with_choice(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name in ASKED if path == "/" else ():
                    answer.add_vary_header(name)
                if chosen and answer.get("content-type", "").startswith("text/html"):
                    answer.append("set-cookie", self._cookie(chosen))
            await send(message)

        answering = self.app
        if path == "/" and (locale := greeted_in(headers)) != DEFAULT_LOCALE:
            target = path_in(locale, "/")
            answering = RedirectResponse(target, 302, {"cache-control": "private, no-store"})
        await answering(scope, receive, send_with_choice)

    def _cookie(self, locale: str) -> str:
        cookie: SimpleCookie = SimpleCookie({COOKIE_NAME: locale})
        morsel = cookie[COOKIE_NAME]
        morsel["path"] = "/"
        morsel["max-age"] = MAX_AGE_SECONDS
        morsel["httponly"] = True
        morsel["samesite"] = "lax"
        if self.is_secure:
            morsel["secure"] = True
        return morsel.OutputString()


def greeted_in(headers: Headers) -> str:
    """The language to answer `/` in. Who comes from our own pages wants the one they asked for."""
    if headers.get("sec-fetch-site") == "same-origin" or _page_before(headers) is not None:
        return DEFAULT_LOCALE
    chosen = cookie_parser(headers.get("cookie", "")).get(COOKIE_NAME)
    return chosen if chosen in locales() else preferred_locale(headers.get("accept-language"))


def chosen_by_switch(path: str, headers: Headers) -> str:
    """The language of the page at `path` where its link stood on a page in another; else empty."""
    before = _page_before(headers)
    is_page = "text/html" in headers.get("accept", "")
    if before is None or not is_page or locale_of(before) == locale_of(path):
        return ""
    return locale_of(path)


def _page_before(headers: Headers) -> str | None:
    """The path of our own page that the person comes from."""
    referrer = urlsplit(headers.get("referer", ""))
    return referrer.path if referrer.netloc and referrer.netloc == headers.get("host") else None
