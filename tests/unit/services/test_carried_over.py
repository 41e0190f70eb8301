"""A journey that begins anew counts on nothing that is gone, and loses nothing that is left."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from trex_app.core.errors import Unavailable
from trex_app.engine.checker import CapabilityNames
from trex_app.engine.loader import build
from trex_app.engine.program import Program
from trex_app.engine.session import Answer
from trex_app.engine.source import read_definition
from trex_app.services.carried_over import OFFERED_ONLY, carried_over

ORDER = """
id: order
title: Order
start: choice
steps:
  choice:
    component: Choice
    title: Which ones?
    fields:
      main: {type: string, title: Main, exists: things, required: true}
      sides: {type: array, items: {type: string}, title: Sides, exists: things}
      note: {type: string, title: Note}
    next: [{to: done}]
  done: {end: done, component: Done, title: Done}
"""


def program() -> Program:
    raw, _ = read_definition(ORDER, "order.yaml")
    assert raw is not None
    return Program(build({"order": raw}, CapabilityNames(ports=frozenset({"things"})))["order"])


def renewed(answer: Answer, *there: str, is_away: bool = False, step: str = "choice") -> Answer:
    async def things(ids: Sequence[str]) -> dict[str, Any]:
        if is_away:
            raise Unavailable
        return {one: {"name": f"{one} today"} for one in ids if one in there}

    kept = asyncio.run(carried_over(program(), {"": {step: answer}}, {"things": things}))
    return kept[""][step]


SNAPSHOTS = {"main": {"name": "a then"}, "sides": [{"name": "b then"}, {"name": "c then"}]}
ANSWER = Answer({"main": "a", "sides": ["b", "c"], "note": "soon"}, "basis", SNAPSHOTS)


def test_what_is_still_there_counts_as_it_is_now() -> None:
    today = [{"name": "b today"}, {"name": "c today"}]
    assert renewed(ANSWER, "a", "b", "c") == Answer(
        ANSWER.values, "basis", {"main": {"name": "a today"}, "sides": today}
    )


@pytest.mark.parametrize(
    ("there", "left"),
    [
        (("b", "c"), {"main": None, "sides": ["b", "c"], "note": "soon"}),
        (("a", "c"), {"main": "a", "sides": ["c"], "note": "soon"}),
        (("a",), {"main": "a", "sides": None, "note": "soon"}),
    ],
)
def test_what_is_gone_is_left_out_and_the_rest_is_only_offered(
    there: tuple[str, ...], left: dict[str, Any]
) -> None:
    answer = renewed(ANSWER, *there)
    assert (answer.values, answer.basis) == (left, OFFERED_ONLY)


def test_while_nobody_can_say_everything_is_offered_and_nothing_counts() -> None:
    assert renewed(ANSWER, is_away=True) == ANSWER._replace(basis=OFFERED_ONLY)


@pytest.mark.parametrize("values", [{"main": ["a"]}, {"main": 7}, {"sides": "b"}, {"sides": [7]}])
def test_what_an_earlier_version_asked_for_is_left_to_the_validation(
    values: dict[str, Any],
) -> None:
    assert renewed(Answer(values, "basis")) == Answer(values, "basis")


def test_an_answer_to_a_step_that_is_no_more_stays_as_it_was() -> None:
    assert renewed(ANSWER, step="gone") == ANSWER
