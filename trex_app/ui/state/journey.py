"""The journey a person is in, as the page sees it; each handler is one call into the services."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Coroutine
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

import reflex as rx
import structlog
from reflex.event import EventSpec
from reflex_base.utils.form import FormData

from trex_app.container import get_container
from trex_app.core.errors import (
    Conflict,
    Forbidden,
    SealedStep,
    SessionCompleted,
    StaleStep,
    TrexError,
    Unavailable,
    ValidationFailed,
)
from trex_app.core.texts import translate
from trex_app.display.addresses import (
    is_embedded_page,
    journey_at,
    locale_of,
    path_in,
    step_path,
)
from trex_app.display.faults import sentence
from trex_app.display.forms import Asked, answers_of, draft_of
from trex_app.display.screens import step_view
from trex_app.display.views import ProblemView, StepView
from trex_app.engine.lifecycle import StillUnderWay
from trex_app.services import views as shown
from trex_app.services.journeys import Journeys
from trex_app.ui.state.event_limit import admit_start
from trex_app.ui.state.framed_end import FramedEnd, framed_end
from trex_app.ui.state.notice import NoticeState
from trex_app.ui.state.troubles import TROUBLES, UNAVAILABLE, problems_of
from trex_app.ui.state.visitor import caller_of

log = structlog.get_logger(__name__)

TITLE_ID: Final = "step-title"
NOTICE_ID: Final = "step-notice"
LINK_ID: Final = "resume-address"
PATIENCE_SECONDS: Final = 0.15
"""A move that takes longer is shown to be under way; a quicker one would only flicker."""

Events = list[EventSpec]


class JourneyState(rx.State):
    """What the journey page binds to."""

    view: StepView = StepView()
    errors: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """What to mend, by field."""
    problems: rx.Field[list[ProblemView]] = rx.field(default_factory=list)
    """The same with the fields' titles, for the summary."""
    attempt: int = 0
    """Grows with each refused answer, so that the summary takes the focus anew."""
    journey_title: str = ""
    """What the journey is called, for a page that is not made for it alone."""
    trouble: str = ""
    """Why there is no step to draw: empty, expired, not_found, lost or unavailable."""
    notice: str = ""
    """What became of the last thing the person tried, where it needs saying."""
    can_return: bool = False
    """Whether the notice offers the way to where the journey stands."""
    found: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    """What the step's lookups found, by lookup."""
    resume_address: str = ""
    """The link that leads back here, once it was asked for."""
    shared_answers: str = ""
    """What the page around a frame may be told of the answers, as JSON; empty for nothing."""
    is_busy: bool = False
    _journey_id: str = ""
    _session_id: str = ""
    _lookups: rx.Field[list[str]] = rx.field(default_factory=list)
    """What may be asked at the step that is shown."""
    _pushed_path: str = ""
    _used_link: str = ""
    _asked: rx.Field[dict[str, list[Asked]]] = rx.field(default_factory=dict)
    """What each step asked when this tab last showed it: a late form may be an earlier one's."""
    _drafts: rx.Field[dict[str, dict[str, Any]]] = rx.field(default_factory=dict)
    """What was typed and not accepted, by step: offered again when the step is drawn anew."""

    @rx.event
    async def open(self) -> Events:
        """Show the step that the address names, or the one the journey stands on."""
        path = self.router.url.path
        is_ours, self._pushed_path = path == self._pushed_path, ""
        if is_ours:
            return []
        journey_id, wanted = journey_at(path)
        if journey_id != self._journey_id:
            self._forget(journey_id)
        elif self.view.locale != self._locale():
            self._forget_language()
        return await self._show(self._entered(wanted), is_canonical=True)

    @rx.event
    async def submit(
        self, step: str, revision: int, form: FormData[str, str]
    ) -> AsyncGenerator[Events | None]:
        """Answer the step that the person saw, at the revision they saw it."""
        if step not in self._asked:
            # A restarted server has forgotten what this tab shows.
            yield await self.open()
        fields = self._asked.get(step, ())
        given = answers_of(fields, form, self._locale())
        self._drafts[step] = draft_of(fields, given)
        journeys, caller = self._backend()
        asked = journeys.submit(caller, self._session_id, step, given, revision)
        async for events in self._moved(asked, answered_step=step):
            yield events

    @rx.event
    async def back(self, step: str, revision: int) -> AsyncGenerator[Events | None]:
        """Look at the step before."""
        journeys, caller = self._backend()
        asked = journeys.back(caller, self._session_id, step, revision)
        async for events in self._moved(asked):
            yield events

    @rx.event
    async def goto(self, step: str, revision: int) -> AsyncGenerator[Events | None]:
        """Look at an answered step."""
        journeys, caller = self._backend()
        asked = journeys.goto(caller, self._session_id, step, revision)
        async for events in self._moved(asked):
            yield events

    @rx.event
    async def return_to_latest(self) -> AsyncGenerator[Events | None]:
        """Go to where the journey stands, leaving what was typed here."""
        self._drafts = {}
        async for events in self.goto(self.view.path[-1].step, self.view.revision):
            yield events

    @rx.event
    async def look_up(self, name: str, given: dict[str, Any]) -> None:
        """Ask something while the step is open; the answer stands in `found`.

        A fault of what was given stands beside its field. Nothing given, nothing found. Where
        nobody answers, the step says so: it goes on without.
        """
        self.found = {key: value for key, value in self.found.items() if key != name}
        self.errors = {field: fault for field, fault in self.errors.items() if field not in given}
        if not any(given.values()):
            return
        journeys, caller = self._backend()
        asked = journeys.lookup(caller, self._session_id, self.view.step_id, name, given)
        try:
            self.found = {**self.found, name: await asked}
        except ValidationFailed as error:
            self.errors |= {fault.field: self._sentence(fault) for fault in error.errors}
        except Unavailable as error:
            log.info("lookup_refused", code=error.code)
            self.found = {**self.found, name: {"is_away": True}}

    @rx.event
    async def refresh(self) -> None:
        """Show what has become known since the step was drawn; what is typed stays as it is."""
        journeys, caller = self._backend()
        step = await journeys.show(caller, self._session_id)
        if step.step_id == self.view.step_id:
            self.view = replace(self.view, data=dict(step.data))

    @rx.event
    async def start_over(self) -> AsyncGenerator[Events | None]:
        """Begin the journey again with nothing filled in."""
        self._drafts = {}
        async for events in self._moved(self._started()):
            yield events

    @rx.event
    async def restart(self) -> AsyncGenerator[Events | None]:
        """Begin anew with those answers of an expired journey that are still valid."""
        async for events in self._moved(self._restarted()):
            yield events

    @rx.event
    async def retry(self) -> AsyncGenerator[Events | None]:
        """Try once more to show the step."""
        async for events in self._moved(self._entered(""), is_canonical=True):
            yield events

    @rx.event
    async def save_for_later(self) -> Events:
        """Make a link that leads back here from anywhere."""
        journeys, caller = self._backend()
        link = await journeys.create_resume_link(caller, self._session_id)
        path = path_in(self._locale(), f"/resume/{link.token}")
        self.resume_address = f"{self.router.url.origin}{path}"
        # Moved on by more than the link, the form stays late: another tab has answered meanwhile.
        if link.revision == self.view.revision + 1:
            self.view = replace(self.view, revision=link.revision)
        return [rx.set_focus(LINK_ID)]

    @rx.event
    async def resume(self) -> AsyncGenerator[Events | None]:
        """Use the resume link of the address up and go on with its journey here."""
        token = self.router.url.path.rpartition("/")[2]
        if token == self._used_link:
            return  # pressed twice: its journey is on display
        journeys, caller = self._backend()
        self._forget("")
        async for events in self._moved(journeys.resume(caller, token)):
            yield events
        self._used_link = "" if self.trouble else token

    @rx.event
    def dismiss(self) -> None:
        """Take away what is said beside the step."""
        self.notice, self.can_return = "", False
        self.resume_address = ""

    def _backend(self) -> tuple[Journeys, shown.Caller]:
        return get_container().journeys, caller_of(self.router)

    def _locale(self) -> str:
        return locale_of(self.router.url.path)

    def _sentence(self, error: Any) -> str:
        return sentence(error, self._locale())

    def _forget(self, journey_id: str) -> None:
        """Leave everything of another journey behind."""
        self.reset()
        self._journey_id = journey_id

    def _forget_language(self) -> None:
        """Leave behind what was said in another language; the journey stays."""
        session_id, drafts = self._session_id, self._drafts
        self._forget(self._journey_id)
        self._session_id, self._drafts = session_id, drafts

    async def _entered(self, wanted: str) -> shown.StepView:
        """The journey at the wanted step where the answers lead there, else where it stands."""
        journeys, caller = self._backend()
        step = await self._own_session(journeys, caller)
        # A frame's address does not say that it shows the end.
        is_framed_end = self.view.is_completed and is_embedded_page(self.router.url.path)
        if step.status == "completed" and not (wanted or is_framed_end):
            return await self._started()
        if wanted and wanted != step.step_id:
            try:
                return await journeys.goto(caller, step.session_id, wanted)
            except (Conflict, ValidationFailed):
                log.info("address_not_reached")
        return step

    async def _title_of(self, journey_id: str) -> str:
        """What a journey is called now; empty where it is no longer offered."""
        offered = await self._backend()[0].definitions()
        titles = {one["id"]: one["title"] for one in offered}
        return translate(titles.get(journey_id, ""), self._locale())

    async def _own_session(self, journeys: Journeys, caller: shown.Caller) -> shown.StepView:
        if self._session_id:
            try:
                return await journeys.show(caller, self._session_id)
            except Forbidden:
                self._session_id = ""
        latest = await journeys.latest_session(caller, self._journey_id)
        if latest is None:
            return await self._started()
        return await journeys.show(caller, latest)

    async def _started(self) -> shown.StepView:
        await admit_start()
        journeys, caller = self._backend()
        return await journeys.start(caller, self._journey_id)

    async def _restarted(self) -> shown.StepView:
        journeys, caller = self._backend()
        old = self._session_id or await journeys.latest_session(caller, self._journey_id)
        if old is None:
            return await self._started()
        await admit_start()
        try:
            return await journeys.restart(caller, old)
        except StillUnderWay:  # pressed twice: it has begun anew
            return await journeys.show(caller, old)

    async def _moved(
        self,
        asked: Coroutine[Any, Any, shown.StepView],
        *,
        answered_step: str = "",
        is_canonical: bool = False,
    ) -> AsyncGenerator[Events | None]:
        """Show a step; say that it is under way where that takes longer than people notice.

        Only the question runs beside the sending. Whatever a browser sees of this state is changed
        after it: Reflex takes all that changed while it sends for sent.
        """
        answering = asyncio.ensure_future(asked)
        done, _ = await asyncio.wait({answering}, timeout=PATIENCE_SECONDS)
        if not done:
            self.is_busy = True
            yield None
        try:
            events = await self._show(
                answering, answered_step=answered_step, is_canonical=is_canonical
            )
        finally:
            self.is_busy = False
        yield events

    async def _show(
        self,
        asked: Awaitable[shown.StepView],
        *,
        answered_step: str = "",
        is_canonical: bool = False,
    ) -> Events:
        """Draw the step asked for, or say why it cannot be."""
        try:
            step = await asked
            end = await self._framed_end(step)
        except TrexError as error:
            log.info("journey_refused", code=error.code)
            return await self._explain(error)
        before = self.view
        self.journey_title = self.journey_title or await self._title_of(step.workflow_type)
        self._drafts.pop(answered_step, None)
        self._draw(step, end)
        is_same = (before.step_id, before.revision) == (step.step_id, step.revision)
        if not (is_canonical and is_same):
            self._clear()
            (await self.get_state(NoticeState)).message = ""
        self.trouble = ""
        moved = [rx.set_focus(TITLE_ID)] if before.step_id not in {"", step.step_id} else []
        # The focus first: the page that is drawn anew for an address forgets which title is shown.
        return [*moved, *self._pushed(is_canonical=is_canonical)]

    async def _framed_end(self, step: shown.StepView) -> FramedEnd:
        return await framed_end(get_container(), caller_of(self.router), step)

    def _draw(self, step: shown.StepView, end: FramedEnd) -> None:
        self.shared_answers = end.shared_answers
        self._session_id = step.session_id
        self._lookups = list(step.lookups)
        self._journey_id = step.workflow_type
        # A copy: what Reflex hands out of a state follows every change, lists inside it too.
        draft = deepcopy(self._drafts.get(step.step_id, {}))
        self.view = step_view(step, self._locale(), draft, end.status_links)
        self._asked[step.step_id] = [Asked.of(field) for field in self.view.fields]

    def _clear(self) -> None:
        self.errors, self.problems, self.found = {}, [], {}
        self.dismiss()

    def _pushed(self, *, is_canonical: bool) -> Events:
        """The move of the address to the step that is shown."""
        url = self.router.url
        path = step_path(url.path, self._journey_id, self.view.step_id)
        is_framed = is_embedded_page(path)
        # The router would draw the page anew that has just appeared; nobody sees a frame's address.
        if url.path == path or (is_framed and is_canonical and not journey_at(url.path)[1]):
            return []
        self._pushed_path = path
        if not is_framed:
            return [rx.redirect(path, replace=is_canonical)]
        # A frame leaves no entries in the history of the page around it, and stays its tenant's.
        return [rx.redirect(f"{path}?{url.query}".rstrip("?"), replace=True)]

    async def _explain(self, error: TrexError) -> Events:
        if isinstance(error, ValidationFailed) and self._mark(error):
            return []  # the summary takes the focus by itself
        if isinstance(error, StaleStep) and isinstance(error.current, shown.StepView):
            self._draw(error.current, await self._framed_end(error.current))
            self._clear()
            self.notice = self._sentence(error)
            return [rx.set_focus(NOTICE_ID), *self._pushed(is_canonical=False)]
        if type(error) in TROUBLES or not self.view.step_id:
            self.trouble = TROUBLES.get(type(error), UNAVAILABLE)
            return []
        self.notice = self._sentence(error)
        self.can_return = isinstance(error, SealedStep | SessionCompleted)
        return [rx.set_focus(NOTICE_ID)]

    def _mark(self, error: ValidationFailed) -> bool:
        """Put each fault beside its field; whether there is any such field."""
        self.problems = problems_of(error, self.view.fields, self._locale())
        self.errors = {fault.field: self._sentence(fault) for fault in error.errors}
        self.attempt += 1
        self.notice, self.can_return = "", False
        return bool(self.problems)
