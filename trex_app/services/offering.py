"""Which journeys people may begin by themselves, wherever they are listed."""

from collections.abc import Iterable, Mapping, Sequence

from trex_app.engine.definition import Json
from trex_app.services import buyer_invitations

Graph = Mapping[str, Json]
"""A workflow as `outline` tells of it."""

BY_INVITATION = frozenset({buyer_invitations.WORKFLOW})
"""What begins with a link that somebody was sent."""


def offered(graphs: Sequence[Graph]) -> list[Graph]:
    """Those of all workflows that stand for themselves, in their order."""
    hidden = BY_INVITATION | parts(graphs)
    return [graph for graph in graphs if graph["id"] not in hidden]


def parts(graphs: Iterable[Graph]) -> frozenset[str]:
    """The ids of the workflows that only make sense inside another one.

    Others call them. One to which a journey is handed over for good is a journey itself, whoever
    else calls it.
    """
    calls = [step for graph in graphs for step in graph["steps"] if step["kind"] == "call"]
    handed_over = {call["workflow"] for call in calls if call["isTail"]}
    return frozenset(call["workflow"] for call in calls) - handed_over
