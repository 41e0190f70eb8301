"""What people may begin by themselves is told by the workflows, and not by a list of names."""

from typing import Any

from tests.unit.workflows.shipped import workflows
from trex_app.engine.outline import outline
from trex_app.services.offering import offered

SHIPPED = [outline(workflow) for workflow in workflows().values()]


def ids(*graphs: dict[str, Any]) -> set[str]:
    return {graph["id"] for graph in offered(graphs)}


def calling(workflow_id: str, *called: str, handing_over_to: str = "") -> dict[str, Any]:
    """A workflow of one's own that calls others."""
    calls = [(workflow, False) for workflow in called]
    calls += [(handing_over_to, True)] if handing_over_to else []
    steps = [{"kind": "call", "workflow": name, "isTail": is_tail} for name, is_tail in calls]
    return {"id": workflow_id, "steps": [{"kind": "screen"}, *steps]}


def test_the_shipped_journeys_are_offered_without_their_parts_and_invitations() -> None:
    assert ids(*SHIPPED) == {"entry", "buying", "selling"}


def test_a_part_of_ones_own_journey_is_not_offered() -> None:
    tyres, size = calling("tyres", "tyre_size"), calling("tyre_size")
    assert ids(*SHIPPED, tyres, size) == {"entry", "buying", "selling", "tyres"}


def test_a_journey_that_another_hands_over_to_is_one_itself() -> None:
    door = calling("door", handing_over_to="tyres")
    tyres, garage = calling("tyres"), calling("garage", "tyres")
    assert ids(door, garage, tyres) == {"door", "garage", "tyres"}
