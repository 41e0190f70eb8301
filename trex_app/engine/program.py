"""A workflow with everything it calls, compiled into one acyclic graph of nodes.

Calls expand into frames, so a walk never has to look anything up in two places. Compiling costs
once per definition; a node then knows its validator, its way on and how many screens may follow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import TypeAlias

from trex_app.engine.conditions import Expression, Reference
from trex_app.engine.definition import (
    EMPTY,
    Call,
    Effect,
    End,
    Json,
    Lookup,
    Screen,
    Step,
    Transition,
    Workflow,
)
from trex_app.engine.session import Position
from trex_app.engine.validation import ScreenValidator

ROOT_FRAME = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One call of a workflow. `call` is where it was called from, None for the root.

    `context` is what the calls on the way here set, to be laid over the session's own.
    """

    path: str
    workflow: Workflow
    call: Position | None = None
    is_tail: bool = False
    context: Mapping[str, Json] = field(default=EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What every node has: where it stands, and its way on once it is done."""

    position: Position
    frame: Frame
    transitions: tuple[tuple[Transition, Position], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenNode(_Step):
    """A screen. `basis` is what it shows that a later change would make another question of."""

    step: Screen
    validator: ScreenValidator
    basis: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticNode(_Step):
    """A lookup or an effect."""

    step: Lookup | Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNode(_Step):
    """A call; its own transitions are taken when the called workflow returns."""

    step: Call
    enters: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNode(_Step):
    """An end; it returns to a call, or ends the session where `returns_to` is None."""

    step: End
    returns_to: Position | None


Node: TypeAlias = ScreenNode | AutomaticNode | CallNode | EndNode


class Program:
    """A compiled workflow.

    `nodes` holds every step of every frame by its position; `screens_ahead` counts the screens of
    the longest way from a position to an end, itself included.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.frames = {frame.path: frame for frame in _frames(workflow)}
        self.nodes = {node.position: node for node in _nodes(self.frames)}
        self.screens_ahead = _screens_ahead(self.nodes)
        self.start = Position(ROOT_FRAME, workflow.start)
        self._positions: dict[str, tuple[Position, ...]] = {}
        for position in self.nodes:
            self._positions[position.step] = (*self._positions.get(position.step, ()), position)

    @property
    def id(self) -> str:
        """The workflow's id."""
        return self.workflow.id

    @property
    def hash(self) -> str:
        """The content hash a session is pinned to."""
        return self.workflow.hash

    def screen(self, position: Position) -> ScreenNode | None:
        """The screen at `position`, or None where something else stands."""
        node = self.nodes[position]
        return node if isinstance(node, ScreenNode) else None

    def ends_session(self, position: Position) -> bool:
        """Whether the session is complete once it is at `position`."""
        node = self.nodes[position]
        return isinstance(node, EndNode) and node.returns_to is None

    def positions_of(self, step_id: str) -> tuple[Position, ...]:
        """Every position of a step id; several where frames exclude each other."""
        return self._positions.get(step_id, ())

    def workflows(self) -> dict[str, Workflow]:
        """The workflow and everything it calls, by id."""
        return {frame.workflow.id: frame.workflow for frame in self.frames.values()}


def join_frame(frame: str, step: str) -> str:
    """The name of the frame that the call step `step` of `frame` opens."""
    return f"{frame}/{step}" if frame else step


def _frames(workflow: Workflow) -> Iterator[Frame]:
    waiting = [Frame(ROOT_FRAME, workflow)]
    while waiting:
        frame = waiting.pop()
        yield frame
        for step in frame.workflow.steps.values():
            if isinstance(step, Call):
                waiting.append(
                    Frame(
                        path=join_frame(frame.path, step.id),
                        workflow=frame.workflow.calls[step.workflow],
                        call=Position(frame.path, step.id),
                        is_tail=step.is_tail,
                        context={**frame.context, **step.context},
                    )
                )


def _nodes(frames: Mapping[str, Frame]) -> Iterator[Node]:
    for frame in frames.values():
        for step in frame.workflow.steps.values():
            yield _node(frames, frame, step)


def _node(frames: Mapping[str, Frame], frame: Frame, step: Step) -> Node:
    position = Position(frame.path, step.id)
    if isinstance(step, End):
        returns_to = _return_of(frames, frame)
        return EndNode(position=position, frame=frame, step=step, returns_to=returns_to)
    transitions = tuple((t, Position(frame.path, t.to)) for t in step.next)
    if isinstance(step, Screen):
        return ScreenNode(
            position=position,
            frame=frame,
            transitions=transitions,
            step=step,
            validator=ScreenValidator(step),
            basis=_basis_of(step),
        )
    if isinstance(step, Call):
        inner = frames[join_frame(*position)]
        enters = Position(inner.path, inner.workflow.start)
        return CallNode(
            position=position, frame=frame, transitions=transitions, step=step, enters=enters
        )
    return AutomaticNode(position=position, frame=frame, transitions=transitions, step=step)


def _return_of(frames: Mapping[str, Frame], frame: Frame) -> Position | None:
    """The call an end of `frame` returns to: tail calls are climbed over; None ends the session."""
    while frame.call is not None and frame.is_tail:
        frame = frames[frame.call.frame]
    return frame.call


def _successors(nodes: Mapping[Position, Node], node: Node) -> tuple[Position, ...]:
    if isinstance(node, CallNode):
        return (node.enters,)
    if isinstance(node, EndNode):
        back = nodes[node.returns_to].transitions if node.returns_to is not None else ()
        return tuple(target for _, target in back)
    return tuple(target for _, target in node.transitions)


def _screens_ahead(nodes: Mapping[Position, Node]) -> dict[Position, int]:
    graph = {position: _successors(nodes, node) for position, node in nodes.items()}
    ahead: dict[Position, int] = {}
    for position in TopologicalSorter(graph).static_order():
        longest = max((ahead[successor] for successor in graph[position]), default=0)
        ahead[position] = longest + isinstance(nodes[position], ScreenNode)
    return ahead


def _basis_of(screen: Screen) -> tuple[Reference, ...]:
    """What the screen shows that a later change would make another question of."""
    expressions: list[Expression] = []
    for source in screen.data:
        expressions += [e for e in (source.value, source.when) if e is not None]
        expressions += source.input.values()
    found = {(r.root, r.path[:2]): r for e in expressions for r in e.references}
    return tuple(found[key] for key in sorted(found))
