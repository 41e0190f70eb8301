"""What must hold for every walk through every workflow, whatever people and partners do."""

from functools import cache

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from tests.generators import ROOT, workflow_sources
from tests.property.outside import CAPABILITIES
from tests.property.wanderer import Wanderer
from trex_app.engine.loader import SHIPPED_FOLDER, build, from_source, read_folder
from trex_app.engine.program import Program


@cache
def shipped_programs() -> tuple[Program, ...]:
    """Every journey that ships, compiled."""
    workflows = build(read_folder(SHIPPED_FOLDER), CAPABILITIES)
    return tuple(Program(workflow) for workflow in workflows.values())


WALKS = settings(
    max_examples=120,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def generated_programs() -> st.SearchStrategy[Program]:
    """Random valid definitions, compiled."""
    return workflow_sources().map(lambda sources: Program(from_source(sources)[ROOT]))


def walk_all(programs: st.SearchStrategy[Program]) -> None:
    machine_class = type("Walk", (Wanderer,), {"programs": programs})
    run_state_machine_as_test(machine_class, settings=WALKS)


@pytest.mark.parametrize("workflow_id", [program.id for program in shipped_programs()])
def test_every_walk_through_a_shipped_journey_is_honest(workflow_id: str) -> None:
    walk_all(st.sampled_from([p for p in shipped_programs() if p.id == workflow_id]))


def test_every_walk_through_a_generated_workflow_is_honest() -> None:
    walk_all(generated_programs())
