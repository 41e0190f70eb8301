"""Which steps and transitions of a program its visitors passed."""

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from trex_app.engine.definition import Workflow
from trex_app.engine.program import CallNode, EndNode, Node, Program
from trex_app.engine.session import Session
from trex_app.engine.walk import environment_of


class Place(NamedTuple):
    """A step of a workflow, or (with a number) the transition of that number out of it."""

    workflow: str
    step: str
    transition: int | None = None


class Coverage:
    """Counts, by place, the people who passed it. Frames of the same workflow count together."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._people: Counter[Place] = Counter()
        self._passed: set[Place] = set()

    def note(self, session: Session) -> None:
        """Take in where one person's path leads now."""
        nodes = self._program.nodes
        for position in session.path:
            self._passed.add(_place(nodes[position]))
        for here, there in pairwise(session.path):
            node = nodes[here]
            if isinstance(node, EndNode) and node.returns_to is not None:
                node = nodes[node.returns_to]
            elif isinstance(node, CallNode):
                continue  # it enters the called workflow; its transitions come at the return
            taken = self._taken(node, session)
            assert node.transitions[taken][1] == there, (node.position, there)  # noqa: S101
            self._passed.add(_place(node)._replace(transition=taken))

    def end_visit(self) -> None:
        """The person leaves; what they passed counts once."""
        self._people.update(self._passed)
        self._passed = set()

    def counts(self) -> list[tuple[Place, int]]:
        """Every place there is, in the order of the definitions, with the people who passed it."""
        return [
            (place, self._people[place])
            for workflow in self._program.workflows().values()
            for place in _places(workflow)
        ]

    def _taken(self, node: Node, session: Session) -> int:
        """The transition that leads on: the first whose condition holds."""
        env = environment_of(self._program, session, node.position.frame)
        return next(
            number
            for number, (transition, _) in enumerate(node.transitions)
            if transition.when is None or transition.when.holds(env)
        )


def _place(node: Node) -> Place:
    return Place(node.frame.workflow.id, node.position.step)


def _places(workflow: Workflow) -> list[Place]:
    places: list[Place] = []
    for step in workflow.steps.values():
        places.append(Place(workflow.id, step.id))
        ways = len(getattr(step, "next", ()))
        places += [Place(workflow.id, step.id, number) for number in range(ways)]
    return places
