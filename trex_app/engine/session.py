"""The state of one person's walk through a workflow, as a frozen value with a JSON form.

The seeds call this `WorkflowState`. Answers and results are kept by frame and step; a frame is
named by the path of call-step ids that leads to it ("" is the workflow the session was started
in, "replacement/vehicle_discovery" a call within a call).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from trex_app.engine.definition import EMPTY, Json


class Status(StrEnum):
    """Where a session stands as a whole.

    `FAILED` belongs to the published form of the state. Nothing sets it: what fails is refused or
    tried again, and no session is lost to a fault.
    """

    ACTIVE = "active"
    COMPLETED = "completed"
    EXPIRED = "expired"
    FAILED = "failed"


class Position(NamedTuple):
    """A step within a frame."""

    frame: str
    step: str


class Source(StrEnum):
    """Where a result came from: the thing itself, or a declared fallback's saved data."""

    LIVE = "live"
    SAVED = "saved"


class Answer(NamedTuple):
    """What a person gave on one screen.

    `basis` is a digest of what the screen showed when it was answered; an answer counts only as
    long as the basis is the same. `snapshots` hold what each `exists` field named at that time.
    """

    values: Mapping[str, Json]
    basis: str = ""
    snapshots: Mapping[str, Json] = EMPTY

    def holds(self, values: Mapping[str, Json]) -> bool:
        """Whether these are its values, kind by kind: to Python, true equals 1."""
        return self.values == values and all(
            _is_of_one_kind(value, values[name]) for name, value in self.values.items()
        )


def _is_of_one_kind(one: Json, other: Json) -> bool:
    """Whether two JSON values that are equal are of the same kind, items and members too."""
    if isinstance(one, list):
        return all(map(_is_of_one_kind, one, other))  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(one, dict):
        return all(_is_of_one_kind(one[name], other[name]) for name in one)  # pyright: ignore[reportUnknownVariableType]
    return type(one) is type(other)


class StepResult(NamedTuple):
    """What an automatic step (or a screen's `result`) yielded, with a hash of its input.

    `key` is set for effects only: the deterministic key of the job that was started.
    """

    value: Json
    input_hash: str = ""
    at: datetime | None = None
    source: Source = Source.LIVE
    key: str | None = None


Answers = Mapping[str, Mapping[str, Answer]]
Results = Mapping[str, Mapping[str, StepResult]]


@dataclass(frozen=True, slots=True)
class Session:
    """One journey of one person.

    `path` is the honest walk up to its frontier, automatic steps included; `answers` and
    `results` hold only what is on it. What was given elsewhere is `dormant`: kept, invisible,
    offered as prefill when the person comes by again. `cursor` is the step being looked at.
    `salt` is random: keys of effects outlive the session, and without it they tell nothing of it.
    """

    session_id: str
    workflow_id: str
    workflow_hash: str
    status: Status
    cursor: Position
    path: tuple[Position, ...]
    revision: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    answers: Answers = field(default=EMPTY)
    dormant: Answers = field(default=EMPTY)
    results: Results = field(default=EMPTY)
    dormant_results: Results = field(default=EMPTY)
    inputs: Mapping[str, Mapping[str, Json]] = field(default=EMPTY)
    context: Mapping[str, Json] = field(default=EMPTY)
    salt: str = ""

    @property
    def current_step(self) -> str:
        """The id of the step being looked at."""
        return self.cursor.step

    @property
    def user_data(self) -> dict[str, dict[str, Mapping[str, Json]]]:
        """The answers on the path, by frame and step."""
        return {
            frame: {step: answer.values for step, answer in steps.items()}
            for frame, steps in self.answers.items()
        }

    @property
    def completed_steps(self) -> tuple[str, ...]:
        """The ids of the steps behind the frontier, automatic ones included, in order."""
        return tuple(position.step for position in self.path[:-1])

    @property
    def navigation_history(self) -> tuple[Position, ...]:
        """The answered screens before the cursor, in order: where Back leads."""
        return tuple(p for p in self.path[: self.path.index(self.cursor)] if self.answer_at(p))

    @property
    def intent(self) -> str | None:
        """What the person came for, where a step or the context says so."""
        for steps in self.answers.values():
            for answer in steps.values():
                if "intent" in answer.values:
                    return answer.values["intent"]
        return self.context.get("primaryIntent")

    def answer_at(self, position: Position) -> Answer | None:
        """The answer on the path at `position`, if there is one."""
        return self.answers.get(position.frame, EMPTY).get(position.step)

    def dormant_at(self, position: Position) -> Answer | None:
        """The answer kept off the path at `position`, if there is one."""
        return self.dormant.get(position.frame, EMPTY).get(position.step)

    def result_at(self, position: Position) -> StepResult | None:
        """The result on the path at `position`, if there is one."""
        return self.results.get(position.frame, EMPTY).get(position.step)

    def effects(self) -> Iterator[tuple[Position, StepResult]]:
        """Every effect that has been done, with its result."""
        for frame, steps in self.results.items():
            for step, result in steps.items():
                if result.key is not None:
                    yield Position(frame, step), result


def to_json(session: Session) -> dict[str, Any]:
    """The session as a JSON value; `from_json` reads it back."""
    return {
        "session_id": session.session_id,
        "workflow_id": session.workflow_id,
        "workflow_hash": session.workflow_hash,
        "status": session.status.value,
        "cursor": list(session.cursor),
        "path": [list(position) for position in session.path],
        "revision": session.revision,
        "created_at": session.created_at.isoformat(),
        "updated_at": session.updated_at.isoformat(),
        "expires_at": session.expires_at.isoformat(),
        "answers": _nested(session.answers, answer_to_json),
        "dormant": _nested(session.dormant, answer_to_json),
        "results": _nested(session.results, result_to_json),
        "dormant_results": _nested(session.dormant_results, result_to_json),
        "inputs": dict(session.inputs),
        "context": dict(session.context),
        "salt": session.salt,
    }


def from_json(value: Mapping[str, Any]) -> Session:
    """Read back what `to_json` wrote."""
    return Session(
        session_id=value["session_id"],
        workflow_id=value["workflow_id"],
        workflow_hash=value["workflow_hash"],
        status=Status(value["status"]),
        cursor=Position(*value["cursor"]),
        path=tuple(Position(*position) for position in value["path"]),
        revision=value["revision"],
        created_at=datetime.fromisoformat(value["created_at"]),
        updated_at=datetime.fromisoformat(value["updated_at"]),
        expires_at=datetime.fromisoformat(value["expires_at"]),
        answers=_nested(value["answers"], answer_from_json),
        dormant=_nested(value["dormant"], answer_from_json),
        results=_nested(value["results"], result_from_json),
        dormant_results=_nested(value["dormant_results"], result_from_json),
        inputs=value["inputs"],
        context=value["context"],
        salt=value.get("salt", ""),  # there was none in sessions that began before it
    )


def _nested(frames: Mapping[str, Mapping[str, Any]], convert: Any) -> dict[str, dict[str, Any]]:
    return {
        frame: {step: convert(item) for step, item in steps.items()}
        for frame, steps in frames.items()
        if steps
    }


def answer_to_json(answer: Answer) -> list[Json]:
    """An answer as a compact list."""
    return [dict(answer.values), answer.basis, dict(answer.snapshots)]


def answer_from_json(value: list[Json]) -> Answer:
    """Read back what `answer_to_json` wrote."""
    return Answer(*value)


def result_to_json(result: StepResult) -> list[Json]:
    """A result as a compact list."""
    at = result.at.isoformat() if result.at else None
    return [result.value, result.input_hash, at, result.source.value, result.key]


def result_from_json(value: list[Json]) -> StepResult:
    """Read back what `result_to_json` wrote."""
    at = datetime.fromisoformat(value[2]) if value[2] else None
    return StepResult(value[0], value[1], at, Source(value[3]), value[4])
