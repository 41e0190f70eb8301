"""Who asks: the credentials and the language of a request."""

from datetime import datetime, timedelta

from fastapi import Request
from starlette.requests import cookie_parser
from starlette.responses import Response

from trex_app.api.installation import container_of
from trex_app.api.origin_guard import SAFE_METHODS
from trex_app.core.errors import OriginNotAllowed, Unauthenticated
from trex_app.core.texts import preferred_locale
from trex_app.core.visitor import visitor_of
from trex_app.services.views import Caller

SESSION_COOKIE_PREFIX = "trex_session_"
SESSION_COOKIE_PATH = "/api"
RESTART_TIME = timedelta(days=7)
"""How long after its end a session can be taken up again with its cookie, by a restart."""


# Both are coroutines although they wait for nothing: FastAPI would run them in a thread.
async def caller_of(request: Request) -> Caller:
    """Who asks, from the bearer token or else the cookies.

    Raises Unauthenticated without any credential, and OriginNotAllowed where cookies would carry
    out a change for a page that is not ours: a browser sends cookies whoever asks it to.
    """
    bearer = _bearer_token(request.headers.get("authorization", ""))
    if bearer:
        return Caller(tokens=frozenset({bearer}), locale=_locale_of(request))
    caller = _cookie_caller(request)
    if caller.visitor is None and not caller.tokens:
        raise Unauthenticated
    if request.method not in SAFE_METHODS and not is_from_our_pages(request):
        raise OriginNotAllowed
    return caller


async def new_caller_of(request: Request) -> Caller:
    """Who asks for a session, for which nobody needs a credential.

    Cookies that a foreign page may have sent along do not count.
    """
    bearer = _bearer_token(request.headers.get("authorization", ""))
    if bearer:
        return Caller(tokens=frozenset({bearer}), locale=_locale_of(request))
    if is_from_our_pages(request):
        return _cookie_caller(request)
    return Caller(locale=_locale_of(request))


def hand_out_credential(
    request: Request, response: Response, session_id: str, token: str, expires_at: datetime
) -> None:
    """Give the session's token to the browser, in a cookie that no script can read.

    It goes with the session: cookies that stayed would make requests too long for proxies.
    """
    container = container_of(request)
    left = expires_at + RESTART_TIME - container.clock()
    response.set_cookie(
        SESSION_COOKIE_PREFIX + session_id,
        token,
        max_age=max(0, int(left.total_seconds())),
        path=SESSION_COOKIE_PATH,
        secure=container.settings.has_secure_cookies,
        httponly=True,
        samesite="lax",
    )


def session_cookie_of(request: Request, session_id: str) -> str | None:
    """The token of one session, where its cookie came along."""
    return request.cookies.get(SESSION_COOKIE_PREFIX + session_id) or None


def take_back_credential(response: Response, session_id: str) -> None:
    """Remove the cookie of a session that another one has replaced."""
    response.delete_cookie(SESSION_COOKIE_PREFIX + session_id, path=SESSION_COOKIE_PATH)


def _bearer_token(authorization: str) -> str:
    scheme, _, token = authorization.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _cookie_caller(request: Request) -> Caller:
    header = "; ".join(request.headers.getlist("cookie"))
    tokens = {
        value
        for name, value in cookie_parser(header).items()
        if name.startswith(SESSION_COOKIE_PREFIX) and value
    }
    visitor = visitor_of(header, is_secure=container_of(request).settings.has_secure_cookies)
    return Caller(visitor=visitor, tokens=frozenset(tokens), locale=_locale_of(request))


def is_from_our_pages(request: Request) -> bool:
    """Whether a page of ours, or no browser at all, sends this request."""
    origin = request.headers.get("origin")
    if origin is None:
        # Browsers name an origin, or at least the site, with every change. Who names neither is a
        # program that holds its cookies itself.
        return request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    return origin in container_of(request).settings.origins


def _locale_of(request: Request) -> str | None:
    """The language asked for; without a wish the session's own counts."""
    wish = request.headers.get("accept-language")
    return preferred_locale(wish) if wish else None
