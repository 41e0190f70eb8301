"""Expressions tried out on sample values, to find those that fail for some of them.

A field that was not given is null, and CEL refuses to compare null with a number. Such a mistake
would only show when a person leaves that field out, so it is looked for here. What a lookup finds
has no declared shape: expressions that read it are left alone.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

import orjson

from trex_app.engine.checker.calls import Raws
from trex_app.engine.checker.expressions import Moment, Use
from trex_app.engine.checker.samples import Literals, answers_to, input_check, passed_as
from trex_app.engine.conditions import (
    STEP_ROOTS,
    EvaluationFailed,
    Expression,
    ExpressionInvalid,
    Reference,
)
from trex_app.engine.source import Json, Place, Problem, RawDefinition

MAX_TRIES = 4096
SHOWN_LENGTH = 40

Cell = tuple[str, ...]
"""What is tried: (field,), ("answers", step, field), ("inputs", name), ("context", key),
("results", step, name), or whether a step was passed: ("answers", step), ("results", step)."""

Trial = dict[Cell, Json]
Choices = dict[Cell, list[Json]]


class _Absent:
    """In the place of a value: there is none, not even null."""


ABSENT: Final = _Absent()


class Unknown(Exception):
    """It cannot be told which values something takes."""


class _Fault(NamedTuple):
    message: str
    hint: str = ""


class Probes:
    """Tries the expressions of some definitions, whose references have been checked."""

    def __init__(self, raws: Raws) -> None:
        self._raws = raws
        self._outcomes: dict[tuple[str, Place], list[Json] | None] = {}

    def problems(self, raw: RawDefinition, use: Use) -> Iterator[Problem]:
        """Tell of the first sample values an expression fails for."""
        try:
            choices = self._choices(raw, use)
            judge = self._judge(raw, use)
        except (Unknown, ValueError):
            return
        for tried in _combinations(choices):
            fault = judge(tried)
            if fault is not None:
                culprits = _culprits(tried, choices, lambda trial: judge(trial) is not None)
                where = _where(culprits) or ", whatever is answered" * (not fault.hint)
                yield raw.problem(
                    use.place, f"{fault.message}{where}", fault.hint or _hint(culprits)
                )
                return

    def _judge(self, raw: RawDefinition, use: Use) -> Callable[[Trial], _Fault | None]:
        """Says what is wrong with an expression for the values tried."""
        callee = self._callee_given(raw, use)
        name = str(use.place[-1])
        fits = input_check(callee.source["inputs"][name]) if callee else None

        def judge(tried: Trial) -> _Fault | None:
            try:
                value = use.expression.evaluate(_environment(tried))
            except EvaluationFailed:
                return _Fault("This cannot be decided")
            if use.is_condition and not isinstance(value, bool | None):
                message = "This is not a condition: it can be neither true nor false"
                return _Fault(message, "Compare it with something.")
            if callee is not None and fits is not None and not fits(value):
                message = f"This does not fit the input {name!r} of {callee.id}"
                return _Fault(message, "Pass what is declared there, or declare what is passed.")
            return None

        return judge

    def _callee_given(self, raw: RawDefinition, use: Use) -> RawDefinition | None:
        """The workflow an expression passes a declared input to, if it does that."""
        if len(use.place) != 4 or use.place[2] != "input":
            return None
        callee = self._raws.get(raw.source["steps"][use.step].get("call", ""))
        return callee if callee and use.place[3] in callee.source.get("inputs", ()) else None

    def _choices(self, raw: RawDefinition, use: Use) -> Choices:
        """The values to try for everything an expression reads. Raises Unknown."""
        choices: Choices = {}
        literals = use.expression.literals
        try:
            for reference in use.expression.references:
                self._add(choices, raw, use, reference, literals)
        except (KeyError, ValueError):
            raise Unknown from None  # a mistake in a definition, which is told of where it stands
        if not all(choices.values()):
            raise Unknown
        return choices

    def _add(
        self, choices: Choices, raw: RawDefinition, use: Use, read: Reference, literals: Literals
    ) -> None:
        source = raw.source
        match read.root:
            case "answers":
                choices |= _answer_choices(source["steps"][read.path[0]], read, literals)
            case "results":
                choices |= self._result_choices(raw, read)
            case "context":
                texts = ["sample", *(text for text in literals if isinstance(text, str))]
                choices["context", read.path[0]] = [*texts, ABSENT]
            case "inputs":
                cell, schema = ("inputs", read.path[0]), source["inputs"][read.path[0]]
                known = choices.get(cell) or passed_as(schema, literals)
                full = (_with(value, read.path[1:]) for value in known if _is_map(value))
                choices[cell] = [*known, *filter(input_check(schema), full)]
            case name:
                choices[name,] = _values(source["steps"][use.step]["fields"][name], literals)

    def _result_choices(self, raw: RawDefinition, read: Reference) -> Choices:
        cell: Cell = ("results", read.path[0])
        choices: Choices = {cell: [True, ABSENT] if read.is_guarded else [True]}
        if len(read.path) > 1:
            choices[*cell, read.path[1]] = self._outcomes_of(raw, *read.path[:2])
        elif not read.is_presence:
            raise Unknown
        return choices

    def _outcomes_of(self, raw: RawDefinition, step_id: str, name: str) -> list[Json]:
        """What a step's result can hold under a name. Raises Unknown."""
        step = raw.source["steps"][step_id]
        place: Place = ("steps", step_id, "result", name)
        moment, text = Moment.AFTER, step.get("result", {}).get(name)
        callee = self._raws.get(step.get("call", ""))
        if callee is not None:
            raw, place, moment = callee, ("outputs", name), Moment.END
            text = callee.source["outputs"][name]
        key = raw.id, place
        if text is not None and key not in self._outcomes:
            self._outcomes[key] = None  # should it be asked for once more on the way
            self._outcomes[key] = self._tried_out(raw, place, moment, text)
        known = self._outcomes.get(key)
        if known is None:
            raise Unknown
        return known

    def _tried_out(
        self, raw: RawDefinition, place: Place, moment: Moment, text: str
    ) -> list[Json] | None:
        try:
            use = Use(place, moment, Expression(text))
            trials = _combinations(self._choices(raw, use))
            values = [use.expression.evaluate(_environment(tried)) for tried in trials]
        except (Unknown, EvaluationFailed, ExpressionInvalid):
            return None
        return list({repr(value): value for value in values}.values())


def _answer_choices(step: Mapping[str, Json], read: Reference, literals: Literals) -> Choices:
    cell: Cell = ("answers", read.path[0])
    choices: Choices = {cell: [True, ABSENT] if read.is_guarded else [True]}
    names = read.path[1:] or tuple(step["fields"]) * (not read.is_presence)
    for name in names:
        # Of a screen that is passed, every field can be tried; of a whole answer, one way will do.
        values = _values(step["fields"][name], literals)
        choices[*cell, name] = values if read.path[1:] else values[:1]
    return choices


def _values(field: Mapping[str, Json], literals: Literals) -> list[Json]:
    given = answers_to(field, literals)
    return given if field.get("required") or not given else [*given, None]


def _with(value: Json, path: tuple[str, ...]) -> Json:
    """A map with a text where the path leads, unless something stands there."""
    if not path or not _is_map(value):
        return value
    inner = value.get(path[0], {} if path[1:] else "sample")
    return {**value, path[0]: _with(inner, path[1:])}


def _is_map(value: Json) -> bool:
    return isinstance(value, dict)


def _combinations(choices: Choices) -> Iterator[Trial]:
    """Each value beside usual ones first; then all combinations, or some from everywhere."""
    rows = list(choices.values())
    for at in (0, 1, -1):
        usual = {cell: values[at % len(values)] for cell, values in choices.items()}
        for cell, values in choices.items():
            yield from ({**usual, cell: value} for value in values)
    total = math.prod(len(row) for row in rows)
    stride = max(1, total // MAX_TRIES)
    while math.gcd(stride, total) > 1:
        stride += 1  # else a value that comes round as often would always meet the same ones
    for number in range(0, total, stride):
        yield dict(zip(choices, _at(rows, number), strict=True))


def _at(rows: list[list[Json]], number: int) -> Iterator[Json]:
    for row in rows:
        number, at = divmod(number, len(row))
        yield row[at]


def _environment(tried: Trial) -> dict[str, Json]:
    env: dict[str, Json] = {"answers": {}, "results": {}, "inputs": {}, "context": {}}
    absent = {cell for cell, value in tried.items() if value is ABSENT}
    for cell, value in tried.items():
        if cell in absent or cell[:2] in absent:
            continue
        around = env
        for name in cell[:-1]:
            around = around.setdefault(name, {})
        around[cell[-1]] = {} if _is_step(cell) else value
    return env


def _is_step(cell: Cell) -> bool:
    return len(cell) == 2 and cell[0] in STEP_ROOTS


def _culprits(tried: Trial, choices: Choices, fails: Callable[[Trial], bool]) -> Trial:
    """The part of a failing trial without which it would not fail."""
    shrunk, culprits = dict(tried), dict[Cell, Json]()
    for cell, value in tried.items():
        others = [other for other in choices[cell] if other is not value]
        if all(fails({**shrunk, cell: other}) for other in others):
            shrunk[cell] = (*others, value)[0]
        else:
            culprits[cell] = value
    return culprits


def _where(culprits: Trial) -> str:
    said = [f"{'.'.join(cell)} {_state(cell, value)}" for cell, value in culprits.items()]
    return f" where {' and '.join(said)}" if said else ""


def _state(cell: Cell, value: Json) -> str:
    if _is_step(cell):
        return "is not passed" if value is ABSENT else "is passed"
    if value is ABSENT or value is None:
        return "is not set" if value is ABSENT else "is not given"
    text = orjson.dumps(value).decode()
    return f"is {text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + '…'}"


def _hint(culprits: Trial) -> str:
    if None in culprits.values():
        return "Compare with null first, as in x != null && x > 1."
    absent = next((cell for cell, value in culprits.items() if value is ABSENT), None)
    if absent is not None:
        return f"Ask has({'.'.join(absent)}) first."
    if culprits:
        return "Rule such values out first, as in x != 0 && 10 / x > 1, or allow fewer of them."
    return "Compare and compute only with values of one kind."
