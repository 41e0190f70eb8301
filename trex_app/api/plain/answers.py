"""What plain pages answer with: HTML and its headers, or the way to another page."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from trex_app.api.embed import theme_address
from trex_app.api.framing import tenant_of
from trex_app.api.plain.guest import Guest, greet, mark
from trex_app.api.plain.pages import StepPage, address, render
from trex_app.api.plain.policy import policy_of
from trex_app.core.texts import translate
from trex_app.services.views import StepView

NO_STORE: Final = {"cache-control": "no-store"}
BETWEEN: Final = " · "


def page(
    request: Request,
    template: str,
    title: str,
    *,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] = NO_STORE,
    **values: Any,
) -> Response:
    """A page in the language of the address that was asked for."""
    html = render(template, request.url.path, title, theme=theme_of(request), **values)
    policy = {"content-security-policy": policy_of(request)}
    return HTMLResponse(html, int(status), {**NO_STORE, **headers, **policy})


def theme_of(request: Request) -> str:
    """The address of the stylesheet of the tenant whose page this is for; empty without one."""
    tenant = tenant_of(request.scope)
    return theme_address(tenant) if tenant else ""


def step_answer(
    request: Request, guest: Guest, step: StepView, drawn: StepPage, *, status: int = HTTPStatus.OK
) -> Response:
    """The page of a step. A title that begins with “Error” is heard before anything else is."""
    named = drawn.view.title
    if drawn.problems:
        named = translate("Error: {title}", guest.locale).format(title=named)
    answer = page(request, "step.html", named, status=status, page=drawn)
    return mark(request, answer, step)


def on_to(request: Request, guest: Guest, step: StepView) -> Response:
    """Send the browser to a step: what it loads there again is sent to nobody twice."""
    target = address(guest.locale, step.workflow_type, step.step_id)
    return greet(request, guest, mark(request, sent_to(target), step))


def sent_to(target: str) -> Response:
    """The way to another page of ours."""
    return RedirectResponse(target, int(HTTPStatus.SEE_OTHER), NO_STORE)
