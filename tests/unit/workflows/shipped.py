"""The shipped journeys, built and checked once for all tests of theirs."""

from functools import cache

from trex_app.engine.checker import CapabilityNames
from trex_app.engine.definition import Screen, Step, Workflow
from trex_app.engine.loader import SHIPPED_FOLDER, build, read_folder

CAPABILITIES = CapabilityNames(
    lookups=frozenset(
        {
            "vehicles.search",
            "carin.recommend",
            "vehicles.count",
            "vehicles.suggest",
            "vehicles.page",
            "vin.decode",
            "dealers.near",
        }
    ),
    effects=frozenset({"leads.submit", "credit.request"}),
    providers=frozenset(
        {"vehicles.get", "carin.reasons", "dealers.near", "journey.summary", "journey.ending"}
    ),
    ports=frozenset({"vehicles", "dealers"}),
)


@cache
def workflows() -> dict[str, Workflow]:
    return build(read_folder(SHIPPED_FOLDER), CAPABILITIES)


def step(workflow_id: str, step_id: str) -> Step:
    return workflows()[workflow_id].steps[step_id]


def screen(workflow_id: str, step_id: str) -> Screen:
    found = step(workflow_id, step_id)
    assert isinstance(found, Screen)
    return found
