"""One person's visit: step after step, correcting what is refused, to the end of the journey."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from trex_app.core.errors import Conflict, SealedStep, TrexError, ValidationFailed
from trex_app.engine.definition import EMPTY, Json
from trex_app.services.journeys import Journeys
from trex_app.services.simulation.person import Person
from trex_app.services.views import Caller, StepView

ACTIVE = "active"
MAX_TRIES = 40
"""How often a person answers one screen before they give it up."""
MAX_DETOURS = 10
"""How often a person who gave a screen up looks for another way to it."""
MAX_SUBMITS = 400


class DeadEnd(TrexError):
    """A person found no answer that the step takes, and no way around it."""

    code = "dead_end"
    default_message = "Nothing that was tried gets a person past the step {step}: {reason}"

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(step=step, reason=reason)
        self.step = step
        self.reason = reason


class Edge(Protocol):
    """Where a person meets the journey: the service itself, the REST API, a browser.

    Each call yields the step shown next, and raises what `services.journeys` raises.
    """

    async def submit(self, view: StepView, answers: Mapping[str, Json]) -> StepView:
        """Answer the step."""
        ...

    async def back(self, view: StepView) -> StepView:
        """Look at the step before it."""
        ...

    async def goto(self, view: StepView, step: str) -> StepView:
        """Look at a step on the path."""
        ...


class ServiceEdge:
    """The service itself, as one caller."""

    def __init__(self, journeys: Journeys, caller: Caller) -> None:
        self._journeys = journeys
        self._caller = caller

    async def start(self, workflow_id: str) -> StepView:
        """Begin a journey."""
        return await self._journeys.start(self._caller, workflow_id)

    async def submit(self, view: StepView, answers: Mapping[str, Json]) -> StepView:
        """Answer the step."""
        return await self._journeys.submit(
            self._caller, view.session_id, view.step_id, answers, view.revision
        )

    async def back(self, view: StepView) -> StepView:
        """Look at the step before it."""
        return await self._journeys.back(self._caller, view.session_id, view.step_id, view.revision)

    async def goto(self, view: StepView, step: str) -> StepView:
        """Look at a step on the path."""
        return await self._journeys.goto(self._caller, view.session_id, step, view.revision)


Notice = Callable[[StepView], Awaitable[None]]
"""Called with each step as it is shown."""


async def visit(
    person: Person, edge: Edge, view: StepView, doubt: float = 0.0, notice: Notice | None = None
) -> StepView:
    """Walk on from `view` to the end of the journey; yields the ending.

    `doubt` is how likely the person looks back before they answer. Raises DeadEnd, and whatever
    the edge raises that a person cannot mend.
    """
    detours: Counter[str] = Counter()
    is_detour = False
    for _ in range(MAX_SUBMITS):
        if notice is not None:
            await notice(view)
        if view.status != ACTIVE:
            return view
        if view.can_go_back and person.does(doubt):
            view = await edge.back(view)
            continue
        try:
            # On a detour something has to become different, so nothing that is held counts.
            held = EMPTY if is_detour else view.answers
            view, is_detour = await _answer(person, edge, view, held), False
        except DeadEnd:
            detours[view.step_id] += 1
            earlier = await _earlier(edge, view)
            if earlier is None or detours[view.step_id] > MAX_DETOURS:
                raise
            view, is_detour = earlier, True
    raise DeadEnd(view.step_id, f"the journey goes on after {MAX_SUBMITS} answers")


async def _answer(person: Person, edge: Edge, view: StepView, held: Mapping[str, Json]) -> StepView:
    """Answer until an answer is taken. Raises DeadEnd."""
    step, fields = view.step_id, view.ui_config["fields"]
    answers = person.answer(step, fields, view.data, held)
    reason = ""
    for attempt in range(1, MAX_TRIES + 1):
        try:
            return await edge.submit(view, answers)
        except ValidationFailed as error:
            reason = "; ".join(f"{fault.field}: {fault.message}" for fault in error.errors)
            faulty = {fault.field for fault in error.errors}
            if attempt % 8 == 0:  # a fresh look, since the fault may lie in another field
                answers = person.answer(step, fields, view.data)
            else:
                answers = person.correct(step, fields, answers, faulty, view.data)
        except SealedStep:
            # What was sent stands: go on from where the journey had come to.
            return await edge.goto(view, view.path[-1].step_id)
    raise DeadEnd(step, reason)


async def _earlier(edge: Edge, view: StepView) -> StepView | None:
    """Where the step's own link leads (refine, change answers), else the screen before it."""
    links = view.ui_config["links"]
    try:
        if links:
            return await edge.goto(view, links[0]["to"])
        return await edge.back(view)
    except Conflict:
        return None  # this is the first step: there is nothing before it
