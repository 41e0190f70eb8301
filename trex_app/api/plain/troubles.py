"""Why there is no step to draw, and what a person can do about it: every refusal as a page."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, Literal

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from trex_app.api.framing import TENANT_PARAMETER, is_framed, tenant_of
from trex_app.api.plain.answers import page
from trex_app.api.plain.guest import greet, guest_of, token_of
from trex_app.api.plain.pages import address
from trex_app.api.plain.refusals import CookieNeeded, FormNotOurs, FormUnreadable
from trex_app.api.problems import headers_of
from trex_app.core.errors import (
    BodyTooLarge,
    Conflict,
    Forbidden,
    NotFound,
    SessionExpired,
    TrexError,
    Unauthenticated,
)
from trex_app.core.telemetry import correlation_id
from trex_app.core.texts import translate
from trex_app.display.addresses import plain_path
from trex_app.display.faults import sentence
from trex_app.services import refusals

log = structlog.get_logger(__name__)

Way = Literal["again", "home", "outside", "restart", "start-over"]
PERSONAL: Final = frozenset({"link", "status", "your-data"})
"""Pages of one's own behind `/h/-/`, which belong to no journey."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, in words, and the way on: a link, or a button that begins anew."""

    title: str
    text: str
    way: Way
    call: str


class PlainRoute(APIRoute):
    """A route whose refusals are pages."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The usual handler, with words for what goes wrong in it."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except TrexError as error:
                _log(error)
                return trouble_page(request, error)
            except RequestValidationError:
                return trouble_page(request, NotFound())
            except HTTPException as error:
                return trouble_page(request, NotFound(), status=error.status_code)

        return handle


def _log(error: TrexError) -> None:
    if error.status == TrexError.status:
        log.error("request_failed", code=error.code, exc_info=error)
    elif error.status > TrexError.status:
        log.warning("request_unavailable", code=error.code, cause=type(error.__cause__).__name__)


def trouble_of(error: TrexError, scope: Scope) -> Response:
    """The page of an error that a layer met, before a route or in place of one."""
    return trouble_page(Request(scope), error)


def trouble_page(request: Request, error: TrexError, *, status: int = 0) -> Response:
    """The page of an error, with its status and the headers that programs read."""
    refusals.note(error)
    guest = guest_of(request)
    trouble = _trouble(error, guest.locale)
    if isinstance(error, CookieNeeded) and is_framed(request.scope):
        call = translate("Open it in a tab of its own", guest.locale)
        trouble = replace(trouble, way="outside", call=call)
    answer = page(
        request,
        "trouble.html",
        trouble.title,
        status=status or error.status,
        headers=headers_of(error),
        trouble=trouble,
        token=token_of(request, guest),
        target=_target(request, trouble.way, guest.locale),
        leaves_frame=trouble.way == "outside",
        correlation_id=correlation_id() if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "",
    )
    return greet(request, guest, answer)


def _target(request: Request, way: Way, locale: str) -> str:
    """Where the way on leads: into the journey that the address names, where it names one."""
    _, workflow, place = [*plain_path(request.url.path).strip("/").split("/"), "", ""][:3]
    if workflow == "-" and place in PERSONAL and way == "again":
        return address(locale, "-", "your-data" if place == "your-data" else "link")
    if way == "home" or workflow in {"", "-"}:
        return address(locale)
    if way == "outside":
        # There it is still the tenant's, whose frame this was.
        return f"{address(locale, workflow)}?{TENANT_PARAMETER}={tenant_of(request.scope)}"
    return address(locale, workflow) if way == "again" else address(locale, workflow, "-", way)


def _trouble(error: TrexError, locale: str) -> Trouble:
    def _say(english: str) -> str:
        return translate(english, locale)

    words = sentence(error, locale)
    match error:
        case SessionExpired():
            begin_anew = _say("Start anew with my answers")
            return Trouble(_say("This journey has expired"), words, "restart", begin_anew)
        case NotFound():
            gone = _say("The address may be mistyped, or the journey is no longer offered.")
            home = _say("To the start page")
            return Trouble(_say("There is no such journey"), gone, "home", home)
        case CookieNeeded():
            return Trouble(_say("This page needs a cookie"), words, "again", _say("Try again"))
        case FormNotOurs() | FormUnreadable() | BodyTooLarge() | Conflict():
            again = _say("Open the page again")
            return Trouble(_say("This form could not be taken"), words, "again", again)
        case Forbidden() | Unauthenticated():
            lost = _say("It belongs to another browser, or its data has been removed.")
            title, start = _say("This journey cannot be opened here"), _say("Start a new one")
            return Trouble(title, lost, "start-over", start)
        case _:
            title = _say("This is not available right now")
            return Trouble(title, words, "again", _say("Try again"))
