"""What the buttons of a step's form do: each asks the journeys once and says what came of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from trex_app.api.installation import container_of, journeys_of
from trex_app.api.plain.answers import on_to, step_answer
from trex_app.api.plain.forms import Form, Stamp, answers_in, draft_in
from trex_app.api.plain.guest import Guest, token_of
from trex_app.api.plain.listing import offer_of
from trex_app.api.plain.pages import (
    DECODER,
    NO_DRAFT,
    Kept,
    Say,
    StepPage,
    address,
    errors_of,
    step_page,
    vin_field,
)
from trex_app.core.errors import (
    Conflict,
    IdempotencyMismatch,
    NotFound,
    SealedStep,
    SessionCompleted,
    StaleStep,
    TrexError,
    Unavailable,
    ValidationFailed,
)
from trex_app.core.texts import translate
from trex_app.display.faults import sentence
from trex_app.display.views import LinkView
from trex_app.services.journeys import Journeys
from trex_app.services.views import StepView

Json = Any

TOLD_BY_VIN: Final = ("make", "model", "year")


@dataclass(frozen=True)
class Attempt:
    """A form that came in: who sent it, for which step, and with what."""

    request: Request
    guest: Guest
    workflow: str
    step: str
    form: Form
    stamp: Stamp

    @cached_property
    def journeys(self) -> Journeys:
        """The service."""
        return journeys_of(self.request)

    async def configs(self) -> list[Mapping[str, Json]]:
        """What the step asks. Raises NotFound, Forbidden."""
        return await self.journeys.fields(self.guest.caller, self.stamp.session_id, self.step)

    async def current(self) -> StepView:
        """Where the journey stands."""
        return await self.journeys.show(self.guest.caller, self.stamp.session_id)

    def is_late(self, view: StepView) -> bool:
        """Whether the journey has moved on since the form was drawn.

        Such a form is not drawn anew without a word: sent again, it would overwrite unseen what
        was answered in another tab.
        """
        return (view.step_id, view.revision) != (self.step, self.stamp.revision)

    async def draft(self) -> dict[str, Json]:
        """What to draw the form with again."""
        return draft_in(self.form, await self.configs(), self.guest.locale)

    async def drawn(
        self,
        view: StepView,
        say: Say,
        *,
        status: int = HTTPStatus.OK,
        more: Mapping[str, Json] = NO_DRAFT,
    ) -> Response:
        """The step with what is to be said; what was typed stays in it where it is this step.

        `more` is filled in besides.
        """
        draft = {**await self.draft(), **more} if view.step_id == self.step else NO_DRAFT
        shown = await drawn(self.request, self.guest, view, say, draft)
        return step_answer(self.request, self.guest, view, shown, status=status)

    def says(self, error: TrexError) -> str:
        """What an error says, in the language of the page."""
        return sentence(error, self.guest.locale)


async def drawn(
    request: Request,
    guest: Guest,
    view: StepView,
    say: Say,
    draft: Mapping[str, Json] = NO_DRAFT,
) -> StepPage:
    """The page of a step; its form is stamped anew each time."""
    stamp = Stamp.new(token_of(request, guest), view.session_id, view.revision)
    offer = await offer_of(request, journeys_of(request), guest.caller, view, guest.locale)
    return step_page(view, stamp, offer, say, guest.locale, draft)


async def submit(attempt: Attempt) -> Response:
    """Answer the step and go on to the next one; refused, it is drawn with what is to mend."""
    stamp = attempt.stamp
    given = answers_in(attempt.form, await attempt.configs(), attempt.guest.locale)
    try:
        view = await attempt.journeys.submit(
            attempt.guest.caller,
            stamp.session_id,
            attempt.step,
            given,
            revision=stamp.revision,
            idempotency_key=stamp.key,
        )
    except ValidationFailed as error:
        return await refused(attempt, error)
    except StaleStep as error:
        return await too_late(attempt, error)
    except IdempotencyMismatch:
        # A form that the browser had kept, changed and sent once more: it is too late as well.
        return await too_late(attempt, StaleStep())
    except (SealedStep, SessionCompleted) as error:
        say = Say(attempt.says(error), can_return=True)
        return await attempt.drawn(await attempt.current(), say, status=error.status)
    except Unavailable as error:
        return await not_answered(attempt, error)
    return on_to(attempt.request, attempt.guest, view)


async def refused(attempt: Attempt, error: ValidationFailed) -> Response:
    """The step again, with each fault beside its field."""
    view = await attempt.current()
    if attempt.is_late(view):
        return await too_late(attempt, StaleStep())
    errors = errors_of(error, attempt.guest.locale)
    fields = view.ui_config["fields"]
    names = {config["name"] for config in fields if config["widget"] != "hidden"}
    # A fault of nothing that can be seen on the page is said above it.
    other = next((text for name, text in errors.items() if name not in names), "")
    return await attempt.drawn(view, Say(other, errors), status=error.status)


async def not_answered(attempt: Attempt, error: Unavailable) -> Response:
    """The step again as it was filled in, to be sent once more a little later."""
    view = await attempt.current()
    if attempt.is_late(view):
        return await too_late(attempt, StaleStep())
    return await attempt.drawn(view, Say(attempt.says(error)), status=error.status)


async def too_late(attempt: Attempt, error: StaleStep, resume_address: str = "") -> Response:
    """Where the journey stands now; what was typed for another step is offered to go back to."""
    view = await attempt.current()
    titles = {entry.step_id: entry.title for entry in view.path}
    kept = None
    if view.step_id != attempt.step and attempt.step in titles:
        step = LinkView(attempt.step, titles[attempt.step])
        kept = Kept(step, attempt.form.typed())
    say = Say(attempt.says(error), kept=kept, resume_address=resume_address)
    return await attempt.drawn(view, say, status=error.status)


async def reopen(attempt: Attempt) -> Response:
    """Go back to a step with what was typed into its late form."""
    try:
        stamp = attempt.stamp
        view = await attempt.journeys.goto(
            attempt.guest.caller, stamp.session_id, attempt.step, stamp.revision
        )
    except (Conflict, ValidationFailed):
        return on_to(attempt.request, attempt.guest, await attempt.current())
    if (view.step_id, view.revision) != (attempt.step, stamp.revision + 1):
        return await too_late(attempt, StaleStep())  # another tab was quicker once more
    text = "This is what you typed. Please check it and send it again."
    return await attempt.drawn(view, Say(translate(text, attempt.guest.locale)))


async def back(attempt: Attempt) -> Response:
    """Look at the step before."""
    stamp = attempt.stamp
    view = await attempt.journeys.back(
        attempt.guest.caller, stamp.session_id, attempt.step, stamp.revision
    )
    return on_to(attempt.request, attempt.guest, view)


async def save(attempt: Attempt) -> Response:
    """Make a link that leads back here from anywhere; what is typed stays."""
    caller, session_id = attempt.guest.caller, attempt.stamp.session_id
    link = await attempt.journeys.create_resume_link(caller, session_id)
    origin = container_of(attempt.request).settings.origins[0]
    resume = f"{origin}{address(attempt.guest.locale, '-', 'resume', link.token)}"
    view = await attempt.current()
    # The link itself moves the journey on, by one revision.
    if view.revision != attempt.stamp.revision + 1:
        return await too_late(attempt, StaleStep(), resume)
    return await attempt.drawn(view, Say(resume_address=resume))


async def decode(attempt: Attempt) -> Response:
    """Look up what a VIN tells, and fill in what is still empty."""
    view = await attempt.current()
    if attempt.is_late(view):
        return await too_late(attempt, StaleStep())
    draft, locale = await attempt.draft(), attempt.guest.locale
    name = vin_field(view.ui_config["fields"])
    if not draft.get(name):
        text = translate("Type the number first, then look it up.", locale)
        return await attempt.drawn(view, Say(errors={name: text}))
    caller, session_id = attempt.guest.caller, attempt.stamp.session_id
    given = {"vin": draft[name]}
    try:
        told = await attempt.journeys.lookup(caller, session_id, view.step_id, DECODER, given)
    except ValidationFailed as error:
        return await refused(attempt, error)
    except (NotFound, Unavailable) as error:
        return await attempt.drawn(view, Say(attempt.says(error)))
    known = {key: told[key] for key in TOLD_BY_VIN if told.get(key) and not draft.get(key)}
    return await attempt.drawn(view, Say(told=_told(told, locale)), more=known)


def _told(told: Mapping[str, Json], locale: str) -> str:
    """What a VIN tells, and what to do with it."""
    words = [str(told[key]) for key in ("year", "make", "model") if told.get(key)]
    if not words:
        return translate("The number is right, but it tells no more. Please add the rest.", locale)
    known = translate("The number tells: {vehicle}.", locale).format(vehicle=" ".join(words))
    if told.get("is_basic"):
        basic = (
            "This is a basic check of the number: the vehicle register is not answering right now. "
            "Please compare it with your papers."
        )
        return f"{known} {translate(basic, locale)}"
    if len(words) < len(TOLD_BY_VIN):
        rest = translate("That is all the number tells. Please add the rest below.", locale)
    else:
        rest = translate("Not quite right? Correct it below.", locale)
    return f"{known} {rest}"


Action = Callable[[Attempt], Awaitable[Response]]

ACTIONS: Final[Mapping[str, Action]] = {
    "submit": submit,
    "back": back,
    "save": save,
    "decode": decode,
    "reopen": reopen,
}
"""By the word that the buttons send."""
