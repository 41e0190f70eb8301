"""Who sits at a plain page, and which of their journeys it shows."""

import re
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

from trex_app.api.caller import RESTART_TIME, is_from_our_pages
from trex_app.api.framing import is_framed, tenant_of
from trex_app.api.installation import container_of, journeys_of
from trex_app.api.plain.cookies import keep_cookie
from trex_app.api.plain.forms import Form, check_token, token_for
from trex_app.api.plain.refusals import CookieNeeded, FormNotOurs
from trex_app.api.rate_limit import admit_start
from trex_app.api.schemas.requests import UUID_PATTERN
from trex_app.api.visitor import cookie_header, cookie_of, framed_cookie_of
from trex_app.core.errors import Conflict, Forbidden, ValidationFailed
from trex_app.core.visitor import framed_visitor_of, new_visitor, visitor_of
from trex_app.display.addresses import locale_of
from trex_app.services.journeys import Journeys
from trex_app.services.views import Caller, StepView

JOURNEY_COOKIE: Final = "trex_journey_"
"""With the workflow's id: which session this browser was in last. It opens nothing by itself."""

COMPLETED: Final = "completed"


@dataclass(frozen=True, slots=True)
class Guest:
    """A browser by its visitor cookie; a new one has to be given its cookie yet.

    It comes from a page of the `tenant`, or stands in a frame on one.
    """

    visitor: str
    locale: str
    is_new: bool = False
    tenant: str | None = None

    @property
    def caller(self) -> Caller:
        """The same as the services want to know it."""
        return Caller(visitor=self.visitor, locale=self.locale, tenant=self.tenant)


def guest_of(request: Request) -> Guest:
    """Who asks; whoever has no cookie is somebody new."""
    is_secure = container_of(request).settings.has_secure_cookies
    of_its_place = framed_visitor_of if is_framed(request.scope) else visitor_of
    visitor = of_its_place(cookie_header(request.scope), is_secure=is_secure)
    locale, tenant = locale_of(request.url.path), tenant_of(request.scope)
    if visitor is None:
        return Guest(new_visitor(), locale, is_new=True, tenant=tenant)
    return Guest(visitor, locale, tenant=tenant)


def greet(request: Request, guest: Guest, response: Response) -> Response:
    """Give a new guest the cookie."""
    if guest.is_new:
        is_secure = container_of(request).settings.has_secure_cookies
        of_its_place = framed_cookie_of if is_framed(request.scope) else cookie_of
        response.headers.append("set-cookie", of_its_place(guest.visitor, is_secure=is_secure))
    return response


def sender_of(request: Request, form: Form) -> Guest:
    """Whose form this is. Raises FormNotOurs, or CookieNeeded from a browser that keeps none."""
    guest = guest_of(request)
    if not is_from_our_pages(request):
        raise FormNotOurs
    if guest.is_new:
        raise CookieNeeded
    check_token(container_of(request).keyring, guest.visitor, form.first("trex.token"))
    return guest


def token_of(request: Request, guest: Guest) -> str:
    """What the forms of this guest's pages carry."""
    return token_for(container_of(request).keyring, guest.visitor)


class Visit:
    """A guest in a journey: finds the session that the browser is in, or begins one."""

    def __init__(self, request: Request, guest: Guest, workflow: str) -> None:
        self.request = request
        self.guest = guest
        self.workflow = workflow
        self.journeys: Journeys = journeys_of(request)
        self.caller = guest.caller

    async def entered(self, wanted: str = "") -> StepView:
        """The journey at the wanted step where the answers lead there, else where it stands.

        A journey that is over begins anew, unless one of its own steps is asked for.
        """
        view = await self._latest()
        if view is None or (not wanted and view.status == COMPLETED):
            return await self.started()
        if wanted and wanted != view.step_id:
            try:
                return await self.journeys.goto(self.caller, view.session_id, wanted)
            except (Conflict, ValidationFailed):
                return view
        return view

    async def started(self) -> StepView:
        """A new journey with nothing filled in. Raises NotFound, RateLimited."""
        await admit_start(self.request)
        return await self.journeys.start(self.caller, self.workflow)

    async def restarted(self) -> StepView:
        """A new journey with those answers of the last one that are still valid."""
        await admit_start(self.request)
        for session_id in await self._known():
            try:
                return await self.journeys.restart(self.caller, session_id)
            except Forbidden:
                continue
        return await self.journeys.start(self.caller, self.workflow)

    async def _latest(self) -> StepView | None:
        for session_id in await self._known():
            try:
                view = await self.journeys.show(self.caller, session_id)
            except Forbidden:
                continue
            if view.workflow_type == self.workflow:
                return view
        return None

    async def _known(self) -> list[str]:
        """The session this browser was in last, as far as it says so, and the one begun last."""
        marked = self.request.cookies.get(JOURNEY_COOKIE + self.workflow, "")
        latest = await self.journeys.latest_session(self.caller, self.workflow)
        known = [marked] if re.fullmatch(UUID_PATTERN, marked) else []
        return known if latest is None or latest in known else [*known, latest]


def mark(request: Request, response: Response, view: StepView) -> Response:
    """Let the browser remember which session it is in."""
    container = container_of(request)
    if view.expires_at is not None:
        left = view.expires_at + RESTART_TIME - container.clock()
        seconds = max(0, int(left.total_seconds()))
        name = JOURNEY_COOKIE + view.workflow_type
        keep_cookie(request, response, name, view.session_id, seconds=seconds)
    return response
