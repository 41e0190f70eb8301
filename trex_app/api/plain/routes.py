"""The addresses of the plain journeys: each reads a request, asks the journeys and answers.

A page is asked for with GET; whatever is sent with POST leads on to a page, so that reloading and
going back send nothing again. What is refused is drawn at once, with everything as it was typed.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from trex_app.api.framing import TENANT_PARAMETER, is_framed, tenant_of
from trex_app.api.installation import container_of, journeys_of
from trex_app.api.plain.actions import ACTIONS, Attempt, drawn
from trex_app.api.plain.answers import on_to, page, sent_to, step_answer
from trex_app.api.plain.forms import form_of
from trex_app.api.plain.guest import Visit, greet, guest_of, sender_of, token_of
from trex_app.api.plain.pages import FILES, Say, address, file_address
from trex_app.api.plain.personal import (
    ask_for_link,
    ask_to_erase,
    erase,
    open_link,
    show_status,
    take_along,
    your_data,
)
from trex_app.api.plain.refusals import CookieNeeded, FormUnreadable
from trex_app.api.plain.troubles import PlainRoute
from trex_app.core.errors import NotFound
from trex_app.core.texts import locales, translate
from trex_app.display.addresses import PLAIN_PREFIX, locale_of, path_in

WorkflowPath = Annotated[str, Path(pattern="^[A-Za-z][A-Za-z0-9_]{0,99}$")]
StepPath = Annotated[str, Path(pattern="^[A-Za-z][A-Za-z0-9_]{0,99}$")]
TokenPath = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{1,100}$")]

ASKED_FOR_COOKIE: Final = "cookie"
FOR_EVER: Final = "public, max-age=31536000, immutable"
SHORTLY: Final = "public, max-age=60"


async def journeys(request: Request) -> Response:
    """The journeys there are; on a tenant's page, those that it may show."""
    locale = locale_of(request.url.path)
    tenant_id = tenant_of(request.scope)
    tenants = await container_of(request).tenant_directory.current()
    tenant = tenants.framed(tenant_id) if tenant_id else None
    found = await journeys_of(request).offered()
    offered = [
        (address(locale, one["id"]), translate(one["title"], locale))
        for one in found
        if tenant is None or tenant.offers(one["id"])
    ]
    title = translate("What would you like to do?", locale)
    return page(request, "journeys.html", title, journeys=offered)


async def file(digest: str, name: str) -> Response:
    """A file that pages draw with; under its own digest it never changes."""
    if name not in FILES:
        raise NotFound
    path, media_type = FILES[name]
    is_current = file_address(name).split("/")[-2] == digest
    headers = {"cache-control": FOR_EVER if is_current else SHORTLY}
    return Response(path.read_bytes(), headers=headers, media_type=media_type)


async def look_at_link(request: Request, token: TokenPath) -> Response:
    """Offer to go on behind a resume link; looking at it does not use it up."""
    guest = guest_of(request)
    is_usable = await journeys_of(request).can_resume(token)
    title = translate("Welcome" if is_usable else "This link no longer works", guest.locale)
    given = {"is_usable": is_usable, "resume_token": token, "token": token_of(request, guest)}
    return greet(request, guest, page(request, "resume.html", title, **given))


async def use_link(request: Request, token: TokenPath) -> Response:
    """Use a resume link up and go on where it leads."""
    guest = sender_of(request, await form_of(request))
    view = await journeys_of(request).resume(guest.caller, token)
    return on_to(request, guest, view)


async def enter(request: Request, workflow: WorkflowPath) -> Response:
    """The way to the step where one's journey stands; a new one begins once a cookie is kept."""
    guest = guest_of(request)
    if guest.is_new:
        if ASKED_FOR_COOKIE in request.query_params:
            raise CookieNeeded
        target = f"{address(guest.locale, workflow)}?{ASKED_FOR_COOKIE}=asked"
        if is_framed(request.scope):
            # Where no cookie is kept, the page that says so is still the tenant's to frame.
            target = f"{target}&{TENANT_PARAMETER}={guest.tenant}"
        return greet(request, guest, sent_to(target))
    return on_to(request, guest, await Visit(request, guest, workflow).entered())


async def show(request: Request, workflow: WorkflowPath, step: StepPath) -> Response:
    """A step of one's journey."""
    guest = guest_of(request)
    if guest.is_new:
        return sent_to(address(guest.locale, workflow))
    view = await Visit(request, guest, workflow).entered(step)
    if view.step_id != step:
        return on_to(request, guest, view)
    return step_answer(request, guest, view, await drawn(request, guest, view, Say()))


async def act(request: Request, workflow: WorkflowPath, step: StepPath) -> Response:
    """Do with a form what the pressed button asks for."""
    form = await form_of(request)
    guest = sender_of(request, form)
    action = ACTIONS.get(form.action)
    if action is None:
        raise FormUnreadable
    return await action(Attempt(request, guest, workflow, step, form, form.stamp()))


async def ask_to_start_over(request: Request, workflow: WorkflowPath) -> Response:
    """Ask back before answers are left behind."""
    guest = guest_of(request)
    title = translate("Start over with nothing filled in?", guest.locale)
    token = token_of(request, guest)
    answer = page(request, "start_over.html", title, journey=workflow, token=token)
    return greet(request, guest, answer)


async def start_over(request: Request, workflow: WorkflowPath) -> Response:
    """Begin the journey again with nothing filled in."""
    guest = sender_of(request, await form_of(request))
    return on_to(request, guest, await Visit(request, guest, workflow).started())


async def restart(request: Request, workflow: WorkflowPath) -> Response:
    """Begin anew with those answers of an expired journey that are still valid."""
    guest = sender_of(request, await form_of(request))
    return on_to(request, guest, await Visit(request, guest, workflow).restarted())


async def nowhere(path: str) -> Response:  # noqa: ARG001
    """Every other address here, which a mounted frontend would answer else."""
    raise NotFound


ROUTES: Final[tuple[tuple[str, str, Callable[..., Awaitable[Response]]], ...]] = (
    ("GET", "", journeys),
    ("GET", "/", journeys),
    ("GET", "/-/files/{digest}/{name}", file),
    ("GET", "/-/resume/{token}", look_at_link),
    ("POST", "/-/resume/{token}", use_link),
    ("GET", "/-/link", ask_for_link),
    ("POST", "/-/link", open_link),
    ("GET", "/-/status/{reference}", show_status),
    ("GET", "/-/your-data", your_data),
    ("GET", "/-/your-data/file", take_along),
    ("GET", "/-/your-data/erase", ask_to_erase),
    ("POST", "/-/your-data/erase", erase),
    ("GET", "/{workflow}", enter),
    ("GET", "/{workflow}/{step}", show),
    ("POST", "/{workflow}/{step}", act),
    ("GET", "/{workflow}/-/start-over", ask_to_start_over),
    ("POST", "/{workflow}/-/start-over", start_over),
    ("POST", "/{workflow}/-/restart", restart),
    ("GET", "/{path:path}", nowhere),
    ("POST", "/{path:path}", nowhere),
)


def router_in(locale: str) -> APIRouter:
    """The same addresses in one language."""
    prefix = path_in(locale, PLAIN_PREFIX)
    router = APIRouter(prefix=prefix, route_class=PlainRoute, include_in_schema=False)
    for method, path, endpoint in ROUTES:
        router.add_api_route(path, endpoint, methods=[method])
    return router


ROUTERS: Final = tuple(router_in(locale) for locale in locales())
