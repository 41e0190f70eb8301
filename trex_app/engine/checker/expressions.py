"""Every expression of a definition: where it stands, and when it is evaluated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from trex_app.engine.conditions import Expression, ExpressionInvalid
from trex_app.engine.source import Json, Place, Problem, RawDefinition


class Moment(Enum):
    """When an expression is evaluated, which decides what it may read."""

    BEFORE = "before the step"
    """What the step shows or is given: only earlier steps."""
    WITHIN = "while the step is answered"
    """Rules: the step's own fields, too, as bare names."""
    AFTER = "after the step"
    """Ways on and derived results: the step's own answer and result, too."""
    END = "at every end"
    """The outputs."""


@dataclass(frozen=True, slots=True)
class Use:
    """One expression in its place.

    `is_condition` says that it must be true or false; `is_shown` that it only decides what is
    displayed, so that it may read what arrives later.
    """

    place: Place
    moment: Moment
    expression: Expression
    is_condition: bool = False
    is_shown: bool = False

    @property
    def step(self) -> str:
        """The id of the step it belongs to; "" for the outputs."""
        return str(self.place[1]) if self.place[0] == "steps" else ""


@dataclass(frozen=True, slots=True)
class _Text:
    place: Place
    moment: Moment
    text: str
    is_condition: bool = False
    is_shown: bool = False


def uses(raw: RawDefinition) -> tuple[list[Use], list[Problem]]:
    """Every expression, compiled, and the problems of those that are not valid."""
    found: list[Use] = []
    problems: list[Problem] = []
    for text in _texts(raw.source):
        try:
            expression = Expression(text.text)
        except ExpressionInvalid as error:
            problems.append(raw.problem(text.place, str(error), "Mend the expression."))
            continue
        found.append(Use(text.place, text.moment, expression, text.is_condition, text.is_shown))
    return found, problems


def _texts(source: Mapping[str, Json]) -> Iterator[_Text]:
    for step_id, step in source["steps"].items():
        top: Place = ("steps", step_id)
        yield from _screen_texts(top, step)
        yield from _data_texts((*top, "data"), step.get("data", ()))
        yield from _map_texts((*top, "input"), Moment.BEFORE, step.get("input", {}))
        for at, row in enumerate(step.get("next", ())):
            if "when" in row:
                place = (*top, "next", at, "when")
                yield _Text(place, Moment.AFTER, row["when"], is_condition=True)
    yield from _map_texts(("outputs",), Moment.END, source.get("outputs", {}))


def _screen_texts(top: Place, step: Mapping[str, Json]) -> Iterator[_Text]:
    if "prefill" in step:
        yield _Text((*top, "prefill"), Moment.BEFORE, step["prefill"])
    for name, field in step.get("fields", {}).items():
        place = (*top, "fields", name)
        if "required_when" in field:
            text = field["required_when"]
            yield _Text((*place, "required_when"), Moment.WITHIN, text, is_condition=True)
        if "prefill" in field:
            yield _Text((*place, "prefill"), Moment.BEFORE, field["prefill"])
    for at, rule in enumerate(step.get("rules", ())):
        place = (*top, "rules", at, "assert")
        yield _Text(place, Moment.WITHIN, rule["assert"], is_condition=True)
    yield from _map_texts((*top, "result"), Moment.AFTER, step.get("result", {}))


def _data_texts(top: Place, sources: list[Mapping[str, Json]]) -> Iterator[_Text]:
    for at, source in enumerate(sources):
        place = (*top, at)
        if "value" in source:
            yield _Text((*place, "value"), Moment.BEFORE, source["value"], is_shown=True)
        if "when" in source:
            text = source["when"]
            yield _Text((*place, "when"), Moment.BEFORE, text, is_condition=True, is_shown=True)
        yield from _map_texts((*place, "input"), Moment.BEFORE, source.get("input", {}))


def _map_texts(top: Place, moment: Moment, texts: Mapping[str, str]) -> Iterator[_Text]:
    for name, text in texts.items():
        yield _Text((*top, name), moment, text)
