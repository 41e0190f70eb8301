"""What a simulation found, for people and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trex_app.engine.definition import Json, Workflow
from trex_app.services.simulation.coverage import Place


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that stopped people at a step, how many, and the first of them (from 0)."""

    step: str
    message: str
    people: int
    first_person: int


@dataclass(frozen=True, slots=True)
class Passed:
    """A step, or one of its transitions (with its target and condition), and who passed it."""

    workflow: str
    step: str
    people: int
    to: str | None = None
    when: str | None = None

    def as_json(self) -> dict[str, Json]:
        """The shape in `workflows simulate --json`."""
        plain: dict[str, Json] = {"workflow": self.workflow, "step": self.step}
        if self.to is not None:
            plain |= {"to": self.to, "when": self.when}
        return {**plain, "people": self.people}

    def __str__(self) -> str:
        place = f"{self.workflow}.{self.step}"
        if self.to is None:
            return place
        return f"{place} → {self.to}" + (f" when {self.when}" if self.when else "")


@dataclass(frozen=True, slots=True)
class Report:
    """One simulated crowd in one workflow. The same seed gives the same report."""

    workflow: str
    people: int
    seed: int
    answers: int
    endings: Mapping[str, int]
    steps: Sequence[Passed]
    transitions: Sequence[Passed]
    dead_ends: Sequence[Trouble] = field(default_factory=tuple[Trouble, ...])
    errors: Sequence[Trouble] = field(default_factory=tuple[Trouble, ...])

    @property
    def never(self) -> list[Passed]:
        """The steps and transitions that nobody passed."""
        return [place for place in (*self.steps, *self.transitions) if place.people == 0]

    @property
    def is_sound(self) -> bool:
        """Whether everybody reached an ending. What nobody passed may need more people."""
        return not self.dead_ends and not self.errors

    def as_json(self) -> dict[str, Json]:
        """The shape that `workflows simulate --json` prints."""
        return {
            "workflow": self.workflow,
            "people": self.people,
            "seed": self.seed,
            "answers": self.answers,
            "endings": dict(self.endings),
            "steps": [place.as_json() for place in self.steps],
            "transitions": [place.as_json() for place in self.transitions],
            "never": [str(place) for place in self.never],
            "dead_ends": [_trouble(trouble) for trouble in self.dead_ends],
            "errors": [_trouble(trouble) for trouble in self.errors],
        }


def _trouble(trouble: Trouble) -> dict[str, Json]:
    return {
        "step": trouble.step,
        "message": trouble.message,
        "people": trouble.people,
        "first_person": trouble.first_person,
    }


def passed(place: Place, people: int, workflows: Mapping[str, Workflow]) -> Passed:
    """A counted place with what its definition says of it."""
    if place.transition is None:
        return Passed(place.workflow, place.step, people)
    step = workflows[place.workflow].steps[place.step]
    transition = getattr(step, "next", ())[place.transition]
    when = transition.when.text if transition.when is not None else None
    return Passed(place.workflow, place.step, people, transition.to, when)
