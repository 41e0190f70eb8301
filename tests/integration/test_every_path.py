"""Every way through every shipped journey, with answers, through the service and over HTTP."""

import random
from functools import cache

import pytest
from fastapi import FastAPI

from tests.integration.conftest import client_of
from tests.integration.http_edge import HttpEdge
from tests.property.outside import CAPABILITIES
from trex_app.container import Container
from trex_app.engine.definition import Effect
from trex_app.engine.loader import SHIPPED_FOLDER, build, read_folder
from trex_app.engine.program import Program
from trex_app.services.simulation import Person, ServiceEdge, Way, visit, walks
from trex_app.services.views import Caller, StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")


@cache
def programs() -> dict[str, Program]:
    workflows = build(read_folder(SHIPPED_FOLDER), CAPABILITIES)
    return {workflow.id: Program(workflow) for workflow in workflows.values()}


EVERY_WAY = [
    pytest.param(program, way, id=f"{program.id}-{number}")
    for program in programs().values()
    for number, way in enumerate(walks(program))
]


def assert_walked(program: Program, way: Way, ending: StepView) -> None:
    """The journey is over, came along this way, and has sent what the way sends."""
    *_, end = way.path
    assert ending.status == "completed"
    assert [entry.step_id for entry in ending.path] == [*way.screens(program), end.step]
    effects = [program.nodes[position].step for position in way.path]
    leads = [step for step in effects if isinstance(step, Effect) and "leads" in step.effect]
    assert len(ending.data["references"]) >= len(leads)
    assert all(row["reference"] for row in ending.data["references"])


@pytest.mark.parametrize(("program", "way"), EVERY_WAY)
async def test_every_way_leads_through_the_service(
    container: Container, program: Program, way: Way
) -> None:
    assert way.is_certain
    edge = ServiceEdge(container.journeys, Caller(visitor="every-way"))
    person = Person(random.Random(f"service {way.choices}"), way.choices)
    ending = await visit(person, edge, await edge.start(program.id))
    assert_walked(program, way, ending)


@pytest.mark.parametrize(("program", "way"), EVERY_WAY)
async def test_every_way_leads_over_http(api: FastAPI, program: Program, way: Way) -> None:
    async with client_of(api) as client:
        edge = HttpEdge(client)
        person = Person(random.Random(f"http {way.choices}"), way.choices)
        ending = await visit(person, edge, await edge.start(program.id))
    assert_walked(program, way, ending)


async def test_the_ways_pass_every_step_of_every_journey() -> None:
    for program in programs().values():
        passed = {position for way in walks(program) for position in way.path}
        assert passed == set(program.nodes)
