"""The honest path: which steps a person's answers really lead through.

A walk goes from step to step as long as every answer counts, every lookup has its result and
every effect is done. It stops at the first screen without a valid answer, at an end, or asks for
what it needs (a `Request`) and goes on once that is supplied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from trex_app.core.errors import SealedStep
from trex_app.engine.cells import Cells
from trex_app.engine.conditions import Expression
from trex_app.engine.definition import EMPTY, Effect, Json, Lookup
from trex_app.engine.digest import digest
from trex_app.engine.program import (
    AutomaticNode,
    CallNode,
    EndNode,
    Node,
    Program,
    ScreenNode,
    join_frame,
)
from trex_app.engine.session import Answer, Answers, Position, Results, Session, Source, StepResult

Environment = dict[str, Mapping[str, Any]]
"""What an expression of one frame sees: answers, results, inputs, context."""


class RequestKind(StrEnum):
    """What a walk may need from outside."""

    LOOKUP = "lookup"
    EFFECT = "effect"


@dataclass(frozen=True, slots=True)
class Request:
    """Something a walk needs before it can go on.

    `name` is the lookup's or effect's registered name, `workflow_id` the workflow that asks;
    `key` is the deterministic job key of an effect; `has_fallback` says whether saved data is
    acceptable for a lookup.
    """

    kind: RequestKind
    workflow_id: str
    position: Position
    name: str
    input: Mapping[str, Json]
    input_hash: str
    key: str | None = None
    has_fallback: bool = False


class _Values(Mapping[str, Any]):
    """Shows answers (or results) as the plain values an expression reads."""

    __slots__ = ("_attribute", "_cells")

    def __init__(self, cells: Mapping[str, Any], attribute: str) -> None:
        self._cells = cells
        self._attribute = attribute

    def __getitem__(self, step: str) -> Any:
        return getattr(self._cells[step], self._attribute)

    def __contains__(self, step: object) -> bool:
        return step in self._cells

    def __iter__(self) -> Any:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


def environment(
    program: Program,
    frame: str,
    answers: Answers,
    results: Results,
    inputs: Mapping[str, Mapping[str, Json]],
    context: Mapping[str, Json],
) -> Environment:
    """What expressions of `frame` may read; cheap, because nothing is copied."""
    set_by_calls = program.frames[frame].context
    return {
        "answers": _Values(answers.get(frame, EMPTY), "values"),
        "results": _Values(results.get(frame, EMPTY), "value"),
        "inputs": inputs.get(frame, EMPTY),
        "context": {**context, **set_by_calls} if set_by_calls else context,
    }


def environment_of(program: Program, session: Session, frame: str) -> Environment:
    """What expressions of `frame` may read of a session at rest."""
    return environment(
        program, frame, session.answers, session.results, session.inputs, session.context
    )


def evaluate_map(expressions: Mapping[str, Expression], env: Environment) -> dict[str, Json]:
    """The values of a map of expressions, by name."""
    return {name: expression.evaluate(env) for name, expression in expressions.items()}


class Walk:
    """One walk in progress over private copies of a session's answers and results.

    `fresh` is the screen that was just submitted: an effect may only be done right behind it, so
    that nothing is ever sent because of an answer that the person did not confirm now.
    """

    def __init__(self, program: Program, session: Session, now: datetime) -> None:
        self.program = program
        self.session = session
        self.now = now
        self.path = list(session.path)
        self.answers = Cells(session.answers)
        self.dormant = Cells(session.dormant)
        self.results = Cells(session.results)
        self.dormant_results = Cells(session.dormant_results)
        self.inputs = dict(session.inputs)
        self._sealed = dict(session.effects())
        self._may_act = not session.path
        self._supplied: set[Position] = set()

    def answer(self, node: ScreenNode, answer: Answer) -> None:
        """Give the answer of a screen on the path and forget the way that led on from it."""
        self._retreat_to(node.position)
        self.dormant.take(node.position)
        self._accept(node, answer)
        self._may_act = True

    def proceed(self) -> Request | None:
        """Go on until a person must answer, the session ends, or something is needed."""
        if not self.path:
            self.path.append(self.program.start)
            self.inputs[self.program.start.frame] = dict.fromkeys(self.program.workflow.inputs)
        while True:
            node = self.program.nodes[self.path[-1]]
            if isinstance(node, CallNode):
                self.path.append(self._enter(node))
                continue
            if isinstance(node, ScreenNode) and not self._counts(node):
                return None
            if isinstance(node, AutomaticNode):
                request = self._needed(node)
                if request is not None:
                    return self._ask(request)
            if isinstance(node, EndNode):
                if node.returns_to is None:
                    return None
                node = self._return(node, node.returns_to)
            self.path.append(self._next(node))

    def supply(self, request: Request, value: Json, source: Source) -> StepResult:
        """Set the result that `request` asked for."""
        self._supplied.add(request.position)
        result = StepResult(value, request.input_hash, self.now, source, request.key)
        self.results.put(request.position, result)
        return result

    def check_sealed(self) -> None:
        """Refuse a walk that no longer passes an effect that has been done. Raises SealedStep."""
        reached = set(self.path)
        lost = [position for position in self._sealed if position not in reached]
        if lost:
            raise self._sealed_error(lost)

    def _counts(self, node: ScreenNode) -> bool:
        """Whether the screen is answered; a dormant answer that is still valid is taken up."""
        if self.answers.get(node.position) is not None:
            return True
        answer = self.dormant.get(node.position)
        if answer is None or answer.basis != self.basis_of(node):
            return False
        if node.validator.errors(answer.values, self.env(node.position.frame)):
            return False
        self.dormant.take(node.position)
        self._accept(node, answer)
        self._may_act = False
        return True

    def _accept(self, node: ScreenNode, answer: Answer) -> None:
        position = node.position
        self.answers.put(position, answer)
        derived = node.step.result
        if not derived and not answer.snapshots:
            return
        values = {**answer.snapshots, **evaluate_map(derived, self.env(position.frame))}
        self.results.put(position, StepResult(values, digest(answer.values)))

    def basis_of(self, node: ScreenNode) -> str:
        """A digest of what the screen at `node` shows from earlier steps."""
        if not node.basis:
            return ""
        env = self.env(node.position.frame)
        return digest([self._shown(env, node, r.root, r.path) for r in node.basis])

    def _shown(self, env: Environment, node: ScreenNode, root: str, path: tuple[str, ...]) -> Json:
        if root == "results" and path:
            result = self.results.get(Position(node.position.frame, path[0]))
            return None if result is None else result.input_hash
        value: Any = env.get(root, EMPTY)
        for name in path[:2]:
            try:
                value = value[name]
            except (LookupError, TypeError):
                return None
        return value

    def _needed(self, node: AutomaticNode) -> Request | None:
        """What the automatic step still needs, or None once it has its result."""
        step = node.step
        values = evaluate_map(step.input, self.env(node.position.frame))
        input_hash = digest(values)
        if isinstance(step, Effect):
            return self._needed_effect(node, step, values, input_hash)
        known = self.results.get(node.position) or self.dormant_results.take(node.position)
        if known is not None and self._is_usable(node.position, known, input_hash, step):
            self.results.put(node.position, known)
            return None
        return Request(
            kind=RequestKind.LOOKUP,
            workflow_id=node.frame.workflow.id,
            position=node.position,
            name=step.lookup,
            input=values,
            input_hash=input_hash,
            has_fallback=step.has_fallback,
        )

    def _is_usable(
        self, position: Position, result: StepResult, input_hash: str, step: Lookup
    ) -> bool:
        if position in self._supplied:
            return True
        if result.input_hash != input_hash or result.at is None:
            return False
        is_young = self.now - result.at <= timedelta(minutes=step.max_age_minutes)
        return is_young and result.source is Source.LIVE

    def _needed_effect(
        self, node: AutomaticNode, step: Effect, values: Mapping[str, Json], input_hash: str
    ) -> Request | None:
        done = self._sealed.get(node.position) or self.results.get(node.position)
        if done is None:
            session = self.session
            key = digest([session.salt, session.session_id, *node.position, input_hash])
            return Request(
                kind=RequestKind.EFFECT,
                workflow_id=node.frame.workflow.id,
                position=node.position,
                name=step.effect,
                input=values,
                input_hash=input_hash,
                key=key,
            )
        if done.input_hash != input_hash:
            raise self._sealed_error([node.position])
        self.dormant_results.take(node.position)
        self.results.put(node.position, done)
        return None

    def _ask(self, request: Request) -> Request | None:
        """Pass the request on, unless it is an effect that nobody confirmed just now."""
        if request.kind is RequestKind.LOOKUP or self._may_act:
            return request
        last_answered = max(
            i for i, position in enumerate(self.path) if self.answers.get(position) is not None
        )
        self._retreat_to(self.path[last_answered])
        self._lay_aside(self.path[last_answered])
        return None

    def _enter(self, node: CallNode) -> Position:
        frame = join_frame(*node.position)
        declared = dict.fromkeys(self.program.frames[frame].workflow.inputs)
        given = evaluate_map(node.step.input, self.env(node.position.frame))
        self.inputs[frame] = {**declared, **given}
        return node.enters

    def _return(self, node: EndNode, call: Position) -> Node:
        """Hand the ended workflow's outputs to its caller, and go on from there."""
        outputs = evaluate_map(node.frame.workflow.outputs, self.env(node.position.frame))
        self.results.put(call, StepResult(outputs, digest(outputs)))
        return self.program.nodes[call]

    def _next(self, node: Node) -> Position:
        env = self.env(node.position.frame)
        for transition, target in node.transitions:
            if transition.when is None or transition.when.holds(env):
                return target
        raise AssertionError(f"{node.position} has no unconditional transition")

    def env(self, frame: str) -> Environment:
        """What expressions of `frame` may read at this point of the walk."""
        return environment(
            self.program,
            frame,
            self.answers.frames,
            self.results.frames,
            self.inputs,
            self.session.context,
        )

    def _retreat_to(self, position: Position) -> None:
        """Shorten the path to end at `position`; what lay behind it becomes dormant."""
        index = self.path.index(position)
        for later in self.path[index + 1 :]:
            self._lay_aside(later)
        del self.path[index + 1 :]

    def _lay_aside(self, position: Position) -> None:
        answer = self.answers.take(position)
        if answer is not None:
            self.dormant.put(position, answer)
        result = self.results.take(position)
        if result is not None and isinstance(self.program.nodes[position].step, Lookup):
            self.dormant_results.put(position, result)
        self.inputs.pop(join_frame(*position), None)

    def _sealed_error(self, positions: list[Position]) -> SealedStep:
        steps = [self.program.nodes[position].step for position in positions]
        return SealedStep(sent=[getattr(step, "title", "") or step.id for step in steps])
