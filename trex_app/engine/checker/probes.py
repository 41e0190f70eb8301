"""Expressions tried out on sample answers, to find those that fail for some of them.

A field that was not given is null, and CEL refuses to compare null with a number. Such a mistake
would only show when a person leaves that field out, so it is looked for here.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from trex_app.engine.checker.expressions import Moment, Use
from trex_app.engine.conditions import EvaluationFailed, Reference
from trex_app.engine.source import Json, Problem, RawDefinition

MAX_TRIES = 512

Cell = tuple[str, ...]
"""A field as ("answers", step, field) or (field,), or the presence of a step ("answers", step)."""

_SAMPLES: Mapping[str, list[Json]] = {
    "string": ["sample"],
    "boolean": [True, False],
}
_FORMATS: Mapping[str, str] = {"date": "2000-01-31", "email": "name@example.com"}


def probe_problems(raw: RawDefinition, use: Use) -> Iterator[Problem]:
    """Tell of the first sample answers an expression cannot be evaluated for."""
    choices = _choices(raw.source["steps"], use)
    if choices is None:
        return
    cells = list(choices)
    for values in itertools.islice(itertools.product(*choices.values()), MAX_TRIES):
        env = _environment(dict(zip(cells, values, strict=True)))
        try:
            value = use.expression.evaluate(env)
        except EvaluationFailed:
            missing = _missing(cells, values)
            hint = "Compare with null first, as in x != null && x > 1."
            if not missing:
                hint = "Compare and compute only with values of one kind."
            yield raw.problem(use.place, f"This cannot be decided{missing}", hint)
            return
        if use.is_condition and not isinstance(value, bool | None):
            message = "This is not a condition: it can be neither true nor false"
            yield raw.problem(use.place, message, "Compare it with something.")
            return


def _missing(cells: list[Cell], values: tuple[Json, ...]) -> str:
    names = [".".join(c) for c, v in zip(cells, values, strict=True) if v is None]
    if not names:
        return ""
    return f" where {', '.join(names)} {'is' if len(names) == 1 else 'are'} not given"


def _choices(steps: Mapping[str, Json], use: Use) -> dict[Cell, list[Json]] | None:
    """The values to try for everything an expression reads; None where that is not known."""
    choices: dict[Cell, list[Json]] = {}
    for reference in use.expression.references:
        if reference.root == "answers":
            choices |= _answer_choices(steps[reference.path[0]], reference)
        elif use.moment is Moment.WITHIN and not reference.path:
            choices[reference.root,] = _values(steps[use.step]["fields"][reference.root])
        else:
            return None
    return choices


def _answer_choices(step: Mapping[str, Json], reference: Reference) -> dict[Cell, list[Json]]:
    step_cell: Cell = ("answers", reference.path[0])
    choices: dict[Cell, list[Json]] = {}
    if reference.is_guarded:
        choices[step_cell] = [True, False]
    names = reference.path[1:] or tuple(step["fields"]) * (not reference.is_presence)
    for name in names:
        # Of a screen that is passed, every field can be tried; of a whole answer, one way will do.
        values = _values(step["fields"][name])
        choices[*step_cell, name] = values if reference.path[1:] else values[:1]
    return choices


def _values(field: Mapping[str, Json]) -> list[Json]:
    samples = _samples(field)
    return samples if field.get("required") else [*samples, None]


def _samples(field: Mapping[str, Json]) -> list[Json]:
    if "const" in field:
        return [field["const"]]
    if "enum" in field:
        return field["enum"]
    if field.get("format") in _FORMATS:
        return [_FORMATS[field["format"]]]
    if field["type"] == "array":
        return [_samples(field.get("items", {"type": "string"}))[:1]]
    if field["type"] in {"integer", "number"}:
        kind = int if field["type"] == "integer" else float
        # A small and a large one, so that comparisons come out both ways.
        return [kind(field.get("minimum", 0)), kind(field.get("maximum", 1_000_000))]
    return _SAMPLES[field["type"]]


def _environment(tried: Mapping[Cell, Json]) -> dict[str, Any]:
    answers: dict[str, dict[str, Json]] = {}
    env: dict[str, Any] = {"answers": answers}
    absent = {cell[1] for cell, value in tried.items() if len(cell) == 2 and not value}
    for cell, value in tried.items():
        if len(cell) == 1:
            env[cell[0]] = value
        elif cell[1] not in absent:
            own = answers.setdefault(cell[1], {})
            own.update({cell[2]: value} if len(cell) == 3 else {})
    return env
