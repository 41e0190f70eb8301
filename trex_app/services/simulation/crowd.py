"""Many made-up people in one workflow, and what became of them."""

import random
from collections import Counter
from dataclasses import dataclass, field

from trex_app.core.errors import TrexError
from trex_app.db.session_store import SessionStore
from trex_app.db.transaction import Database
from trex_app.engine.program import Program
from trex_app.services.journeys import Journeys
from trex_app.services.programs import Programs
from trex_app.services.simulation.coverage import Coverage
from trex_app.services.simulation.person import Person
from trex_app.services.simulation.report import Report, Trouble, passed
from trex_app.services.simulation.visit import DeadEnd, ServiceEdge, visit
from trex_app.services.views import Caller, StepView

DOUBT = 0.1
"""How likely a simulated person looks back before they answer."""


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of an installation that a simulation needs."""

    database: Database
    store: SessionStore
    programs: Programs
    journeys: Journeys


@dataclass(slots=True)
class _Troubles:
    """What stopped people, by step and message."""

    people: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    first: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    def note(self, step: str, message: str, number: int) -> None:
        self.people[step, message] += 1
        self.first.setdefault((step, message), number)

    def found(self) -> list[Trouble]:
        return [
            Trouble(step, message, people, self.first[step, message])
            for (step, message), people in sorted(self.people.items())
        ]


async def simulate(site: Site, workflow_id: str, people: int, seed: int) -> Report:
    """Send `people` random people through a workflow. Raises NotFound for an unknown one.

    Each person's answers follow from the seed and their number alone.
    """
    program = await site.programs.current(workflow_id)
    crowd = _Crowd(site, program, seed)
    for number in range(people):
        await crowd.send(number)
    return crowd.report(people)


class _Crowd:
    """The people sent so far, and what they passed."""

    def __init__(self, site: Site, program: Program, seed: int) -> None:
        self._site = site
        self._program = program
        self._seed = seed
        self._coverage = Coverage(program)
        self._endings: Counter[str] = Counter()
        self._dead_ends = _Troubles()
        self._errors = _Troubles()
        self._answers = 0
        self._last_step = program.workflow.start

    async def send(self, number: int) -> None:
        """Let one more person walk to an ending, or as far as they get."""
        person = Person(random.Random(f"{self._seed}/{number}"))  # noqa: S311 - repeatable
        edge = ServiceEdge(self._site.journeys, Caller(visitor=f"simulated-{number}"))
        self._last_step = self._program.workflow.start
        try:
            view = await edge.start(self._program.id)
            ending = await visit(person, edge, view, DOUBT, self._note)
            self._endings[ending.step_id] += 1
        except DeadEnd as error:
            self._dead_ends.note(error.step, error.reason, number)
        except TrexError as error:
            self._errors.note(self._last_step, f"{error.code}: {error}", number)
        except Exception as error:  # noqa: BLE001 - finding any failure is what this is for
            self._errors.note(self._last_step, f"{type(error).__name__}: {error}", number)
        self._coverage.end_visit()

    def report(self, people: int) -> Report:
        """What was found."""
        workflows = self._program.workflows()
        counts = self._coverage.counts()
        return Report(
            workflow=self._program.id,
            people=people,
            seed=self._seed,
            answers=self._answers,
            endings=dict(sorted(self._endings.items())),
            steps=[passed(p, n, workflows) for p, n in counts if p.transition is None],
            transitions=[passed(p, n, workflows) for p, n in counts if p.transition is not None],
            dead_ends=self._dead_ends.found(),
            errors=self._errors.found(),
        )

    async def _note(self, view: StepView) -> None:
        self._answers += 1
        self._last_step = view.step_id
        stored = await self._site.database.read(
            lambda tx: self._site.store.load(tx, view.session_id)
        )
        if stored is not None:
            self._coverage.note(stored.session)
