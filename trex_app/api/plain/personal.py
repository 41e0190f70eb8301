"""Where something that was sent stands, and what is held of a person, without a line of script."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

import orjson
from fastapi import Path, Request
from starlette.responses import Response

from trex_app.api.installation import container_of
from trex_app.api.plain.answers import NO_STORE, page, sent_to
from trex_app.api.plain.forms import form_of
from trex_app.api.plain.guest import Guest, greet, guest_of, sender_of, token_of
from trex_app.api.plain.links import DATA_COOKIE, STATUS_COOKIE, keep_pass, kept_pass, read_link
from trex_app.api.plain.pages import address
from trex_app.api.plain.policy import framed_by_nobody
from trex_app.core.errors import Forbidden
from trex_app.core.texts import translate
from trex_app.services.lead_status import LeadStatusView
from trex_app.services.personal_overview import spoken_time
from trex_app.services.privacy import Who

ReferencePath = Annotated[str, Path(max_length=40)]

FILE_NAME: Final = "your-data.json"
ERASED: Final = "erased"
"""Kept in place of a secret once there is nothing left for it to open."""

NO_SUCH_LINK: Final = (
    "This is no link of a message from us, and no reference. Copy the whole address, up to its "
    "last character."
)


@dataclass(frozen=True, slots=True)
class MomentLine:
    """One line of a timeline, ready to be read."""

    title: str
    state: str
    at: str


async def ask_for_link(request: Request) -> Response:
    """Ask for the link of a message, or for a reference."""
    return _link_page(request, guest_of(request))


async def open_link(request: Request) -> Response:
    """Lead to what the pasted link opens; its secret goes into a cookie and into no address."""
    form = await form_of(request)
    guest = sender_of(request, form)
    typed = form.first("link")
    link = read_link(typed)
    if link is None:
        return _link_page(request, guest, typed, translate(NO_SUCH_LINK, guest.locale))
    answer = sent_to(address(guest.locale, "-", *link.parts))
    return keep_pass(request, answer, link.cookie, link.secret) if link.secret else answer


def _link_page(request: Request, guest: Guest, typed: str = "", fault: str = "") -> Response:
    title = translate("Open the link of a message", guest.locale)
    if fault:
        title = translate("Error: {title}", guest.locale).format(title=title)
    status = HTTPStatus.BAD_REQUEST if fault else HTTPStatus.OK
    token = token_of(request, guest)
    answer = page(request, "link.html", title, status=status, typed=typed, fault=fault, token=token)
    return greet(request, guest, answer)


async def show_status(request: Request, reference: ReferencePath) -> Response:
    """Where a lead stands, for its person; for anybody else whether there is one stays unsaid."""
    guest, wanted = guest_of(request), reference.upper()
    view = await _standing(request, guest, wanted)
    token = token_of(request, guest)
    if view is None:
        title = translate("We cannot show this here", guest.locale)
        hidden = page(request, "status.html", title, status=403, view=None, token=token)
        return greet(request, guest, hidden)
    moments = [
        MomentLine(
            moment.title, moment.state, spoken_time(moment.at, guest.locale) if moment.at else ""
        )
        for moment in view.timeline
    ]
    return greet(
        request, guest, page(request, "status.html", view.headline, view=view, moments=moments)
    )


async def _standing(request: Request, guest: Guest, reference: str) -> LeadStatusView | None:
    statuses = container_of(request).lead_statuses
    try:
        return await statuses.for_caller(guest.caller, reference, guest.locale)
    except Forbidden:
        pass
    try:
        secret = kept_pass(request, STATUS_COOKIE)
        return await statuses.by_link(reference, secret, guest.locale)
    except Forbidden:
        return None


async def your_data(request: Request) -> Response:
    """What is held of the person whose link was opened, section by section."""
    guest, secret = guest_of(request), kept_pass(request, DATA_COOKIE)
    token, locale = token_of(request, guest), guest.locale
    if secret == ERASED:
        title = translate("Your data is erased", locale)
        return framed_by_nobody(page(request, "erased.html", title))
    sections: Sequence[object] | None = None
    try:
        sections = await container_of(request).personal_overview.behind_link(secret, locale)
    except Forbidden:
        title = translate("This link does not open anything" if secret else "Your data", locale)
        status = HTTPStatus.FORBIDDEN if secret else HTTPStatus.OK
    else:
        title, status = translate("Your data", locale), HTTPStatus.OK
    answer = page(
        request,
        "your_data.html",
        title,
        status=status,
        sections=sections,
        was_refused=bool(secret),
        token=token,
    )
    return greet(request, guest, framed_by_nobody(answer))


async def take_along(request: Request) -> Response:
    """Everything that is held, as a file."""
    try:
        privacy = container_of(request).privacy
        held = await privacy.export(Who(link=kept_pass(request, DATA_COOKIE)))
    except Forbidden:
        return _to_your_data(guest_of(request))
    body = orjson.dumps(held, option=orjson.OPT_INDENT_2, default=str)
    named = {"content-disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(body, headers={**NO_STORE, **named}, media_type="application/json")


async def ask_to_erase(request: Request) -> Response:
    """Ask back before anything is lost for good."""
    guest, secret = guest_of(request), kept_pass(request, DATA_COOKIE)
    if secret in {"", ERASED}:
        return _to_your_data(guest)
    title = translate("Erase everything?", guest.locale)
    answer = page(request, "erase.html", title, token=token_of(request, guest))
    return greet(request, guest, framed_by_nobody(answer))


async def erase(request: Request) -> Response:
    """Erase everything; there is no way back."""
    guest = sender_of(request, await form_of(request))
    answer = _to_your_data(guest)
    try:
        await container_of(request).privacy.erase(Who(link=kept_pass(request, DATA_COOKIE)))
    except Forbidden:
        return answer
    return keep_pass(request, answer, DATA_COOKIE, ERASED)


def _to_your_data(guest: Guest) -> Response:
    return sent_to(address(guest.locale, "-", "your-data"))
