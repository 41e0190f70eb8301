"""What a journey that begins anew takes over from an earlier one, as far as it still holds."""

from collections.abc import Mapping
from typing import Final

from trex_app.core.errors import Unavailable
from trex_app.engine.definition import Field, Json, Screen
from trex_app.engine.program import Program, ScreenNode
from trex_app.engine.session import Answer, Answers, Position
from trex_app.services.capabilities import Snapshots

OFFERED_ONLY: Final = "offered"
"""The basis of an answer that is offered again and does not count: no digest is like it."""


async def carried_over(
    program: Program, given: Answers, ports: Mapping[str, Snapshots]
) -> dict[str, dict[str, Answer]]:
    """The answers with what they name as it is now.

    What is gone is left out of its answer, which is then only offered again.
    """
    kept: dict[str, dict[str, Answer]] = {}
    for frame, steps in given.items():
        kept[frame] = {}
        for step, answer in steps.items():
            node = program.nodes.get(Position(frame, step))
            is_screen = isinstance(node, ScreenNode)
            kept[frame][step] = await _renewed(node.step, answer, ports) if is_screen else answer
    return kept


async def _renewed(screen: Screen, answer: Answer, ports: Mapping[str, Snapshots]) -> Answer:
    values, snapshots, basis = dict(answer.values), dict(answer.snapshots), answer.basis
    for field in screen.fields.values():
        named = _named(field, values.get(field.name))
        if field.exists is None or not named:
            continue
        try:
            found = await ports[field.exists](named)
        except Unavailable:
            # Nobody can say now. What is chosen stays chosen, and sending it once more asks again:
            # better than a fresh start that fails, or a request for what may be gone.
            basis = OFFERED_ONLY
            continue
        left = [item for item in named if item in found]
        if len(left) < len(named):
            basis = OFFERED_ONLY
            values[field.name] = (left or None) if field.is_list else None
        rows = [found[item] for item in left]
        snapshots[field.name] = rows if field.is_list else next(iter(rows), None)
    return Answer(values, basis, snapshots)


def _named(field: Field, value: Json) -> list[str]:
    """The ids in a value; none where an earlier version of the field asked for something else."""
    if value is None or isinstance(value, list) is not field.is_list:
        return []
    items = field.items(value)
    return items if all(isinstance(item, str) for item in items) else []
