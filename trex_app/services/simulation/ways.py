"""Every way through a program, with the answers that lead there, found without running it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from trex_app.engine.conditions import EvaluationFailed, Expression, Reference
from trex_app.engine.definition import EMPTY, Field, Json
from trex_app.engine.program import CallNode, EndNode, Node, Program, ScreenNode
from trex_app.engine.session import Position

_TEXT_LITERAL = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")
_NUMBER_LITERAL = re.compile(r"(?<![\w.'\"])-?\d+(?![\w.'\"])")
_OWN = "answers"


@dataclass(frozen=True, slots=True)
class Way:
    """One way from the start to an ending.

    `choices` are the answers that decide it, by step and field (None: left empty); `path` is
    where they lead. Where a condition reads something else than answers (a lookup's result, an
    input), both outcomes are ways, and `is_certain` is false.
    """

    choices: Mapping[tuple[str, str], Json]
    path: tuple[Position, ...]
    is_certain: bool

    def screens(self, program: Program) -> tuple[str, ...]:
        """The ids of the screens on the way, in order."""
        return tuple(p.step for p in self.path if program.screen(p) is not None)


def walks(program: Program) -> Iterator[Way]:
    """Every way, one for each set of deciding answers, in the order of the definition.

    What decides is what conditions read: yes and no, each choice of a list of choices, and for
    numbers and texts the values around those that a condition compares them with.
    """
    finder = _Finder(program)
    yield from finder.ways_from(_Trail((program.start,), {}, is_certain=True))


@dataclass(frozen=True, slots=True)
class _Trail:
    """A way so far. `answers` are the decided ones, by position and field."""

    path: tuple[Position, ...]
    answers: Mapping[Position, Mapping[str, Json]]
    is_certain: bool

    def to(self, target: Position) -> "_Trail":
        return _Trail((*self.path, target), self.answers, self.is_certain)

    def decided(self, position: Position, field: str) -> bool:
        return field in self.answers.get(position, EMPTY)

    def deciding(self, choices: Mapping[tuple[Position, str], Json]) -> "_Trail":
        answers = {position: dict(fields) for position, fields in self.answers.items()}
        for (position, field), value in choices.items():
            answers.setdefault(position, {})[field] = value
        return _Trail(self.path, answers, self.is_certain)

    def unsure(self) -> "_Trail":
        return _Trail(self.path, self.answers, is_certain=False)

    def way(self) -> Way:
        choices = {
            (position.step, name): value
            for position, fields in self.answers.items()
            for name, value in fields.items()
        }
        return Way(choices, self.path, self.is_certain)


class _Finder:
    """Goes every way at once; at a condition it decides the answers that the condition reads."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._conditions = [
            (node.position.frame, transition.when)
            for node in program.nodes.values()
            for transition, _ in node.transitions
            if transition.when is not None
        ]

    def ways_from(self, trail: _Trail) -> Iterator[Way]:
        """Every ending that can be reached from here."""
        node = self._program.nodes[trail.path[-1]]
        if isinstance(node, CallNode):
            yield from self.ways_from(trail.to(node.enters))
        elif isinstance(node, EndNode) and node.returns_to is None:
            yield trail.way()
        elif isinstance(node, EndNode) and node.returns_to is not None:
            yield from self._ways_on(self._program.nodes[node.returns_to], trail)
        else:
            yield from self._ways_on(node, trail)

    def _ways_on(self, node: Node, trail: _Trail, number: int = 0) -> Iterator[Way]:
        """The ways from the transition of this number on, the ones before it not being taken."""
        transition, target = node.transitions[number]
        if transition.when is None:
            yield from self.ways_from(trail.to(target))
            return
        for forked in self._decided(node, transition.when, trail):
            for outcome, settled in self._outcomes(node, transition.when, forked):
                if outcome:
                    yield from self.ways_from(settled.to(target))
                else:
                    yield from self._ways_on(node, settled, number + 1)

    def _decided(self, node: Node, condition: Expression, trail: _Trail) -> Iterator[_Trail]:
        """The trail with each possible set of answers that the condition reads."""
        open_choices: dict[tuple[Position, str], tuple[Json, ...]] = {}
        for reference in condition.references:
            choice = self._choice(node.position.frame, reference, trail)
            if choice is not None:
                position, field = choice
                open_choices[position, field.name] = self._values(position, field)
        for values in product(*open_choices.values()):
            forked = trail.deciding(dict(zip(open_choices, values, strict=True)))
            if all(self._is_possible(position, forked) for position, _ in open_choices):
                yield forked

    def _choice(
        self, frame: str, reference: Reference, trail: _Trail
    ) -> tuple[Position, Field] | None:
        """The field that the reference reads, where it is on the trail and still open."""
        if reference.root != _OWN or len(reference.path) < 2:
            return None
        position = Position(frame, reference.path[0])
        screen = self._program.screen(position) if position in trail.path else None
        if screen is None or trail.decided(position, reference.path[1]):
            return None
        return position, screen.step.fields[reference.path[1]]

    def _outcomes(
        self, node: Node, condition: Expression, trail: _Trail
    ) -> Iterator[tuple[bool, _Trail]]:
        """How the condition turns out; both ways where answers alone do not say."""
        reads_else = any(r.root != _OWN and not _asks_for_step(r) for r in condition.references)
        if not reads_else:
            try:
                yield condition.holds(self._environment(node.position.frame, trail)), trail
            except EvaluationFailed:
                reads_else = True
        if reads_else:
            yield True, trail.unsure()
            yield False, trail.unsure()

    def _environment(self, frame: str, trail: _Trail) -> dict[str, Any]:
        """What is answered in the frame; fields that were not decided are null."""
        answered: dict[str, dict[str, Json]] = {}
        done: dict[str, Json] = {}
        for position in trail.path:
            if position.frame != frame:
                continue
            screen = self._program.screen(position)
            if screen is None:
                done[position.step] = None
                continue
            decided = trail.answers.get(position, EMPTY)
            answered[position.step] = {name: decided.get(name) for name in screen.step.fields}
            if _has_result(screen):
                done[position.step] = None
        return {"answers": answered, "results": done, "inputs": EMPTY, "context": EMPTY}

    def _values(self, position: Position, field: Field) -> tuple[Json, ...]:
        compared = [
            condition.text
            for frame, condition in self._conditions
            if frame == position.frame and _reads(condition, position.step, field.name)
        ]
        values = _values_of(field, compared)
        return values if field.is_required else (*values, None)

    def _is_possible(self, position: Position, trail: _Trail) -> bool:
        """Whether what is decided on a screen can be answered, as far as that says."""
        screen = self._program.screen(position)
        decided = trail.answers[position]
        return screen is not None and not any(_faults(screen, decided))


def _faults(screen: ScreenNode, decided: Mapping[str, Json]) -> Iterator[str]:
    """The conditions between fields that are all decided, and that do not hold."""
    for field in screen.step.fields.values():
        condition = field.required_when
        if condition is None or field.name not in decided or decided[field.name] is not None:
            continue
        if _is_decided(condition, decided) and condition.holds(decided):
            yield field.name
    for rule in screen.step.rules:
        if _is_decided(rule.claim, decided) and not rule.claim.holds(decided):
            yield rule.field


def _has_result(screen: ScreenNode) -> bool:
    fields = screen.step.fields.values()
    return bool(screen.step.result) or any(field.exists is not None for field in fields)


def _asks_for_step(reference: Reference) -> bool:
    """Whether it only asks if a step is on the path: `has(results.credit_check)`."""
    return reference.is_presence and reference.root == "results" and len(reference.path) == 1


def _is_decided(condition: Expression, decided: Mapping[str, Json]) -> bool:
    return all(reference.root in decided for reference in condition.references)


def _reads(condition: Expression, step: str, field: str) -> bool:
    return any(
        reference.root == _OWN and reference.path[:2] == (step, field)
        for reference in condition.references
    )


def _values_of(field: Field, compared: list[str]) -> tuple[Json, ...]:
    """Values of the field that conditions tell apart."""
    schema = field.schema
    if "const" in schema:
        return (schema["const"],)
    if schema.get("enum"):
        return tuple(schema["enum"])
    match schema.get("type"):
        case "boolean":
            return (True, False)
        case "integer" | "number":
            return tuple(_numbers(schema, compared))
        case "array":
            choices = schema.get("items", EMPTY).get("enum", ())
            return tuple([choice] for choice in choices)
        case _:
            return tuple(_texts(schema, compared))


def _numbers(schema: Mapping[str, Json], compared: list[str]) -> list[Json]:
    """The numbers that the conditions name, and those beside them, within the field's range."""
    named = {int(number) for text in compared for number in _NUMBER_LITERAL.findall(text)}
    beside = sorted({number + step for number in named for step in (-1, 0, 1)})
    low, high = schema.get("minimum"), schema.get("maximum")
    return [n for n in beside if (low is None or n >= low) and (high is None or n <= high)]


def _texts(schema: Mapping[str, Json], compared: list[str]) -> list[Json]:
    """The texts that the conditions name, a short one and a longer one."""
    named = {
        quoted or double for text in compared for quoted, double in _TEXT_LITERAL.findall(text)
    }
    longest = schema.get("maxLength", 8)
    return [text for text in (*sorted(named), "a", "abcdefgh"[:longest]) if len(text) <= longest]
