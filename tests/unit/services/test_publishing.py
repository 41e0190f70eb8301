"""Publishing over open sessions: what it says beforehand, and what it does to them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.integration.world import SettableClock
from trex_app.container import Container
from trex_app.core.errors import NotFound
from trex_app.core.settings import Settings
from trex_app.engine.loader import build, read_folder
from trex_app.services.programs import PUBLICATIONS_MAX_AGE
from trex_app.services.publishing import Plan, Publishing
from trex_app.services.views import Caller, StepView

CALLER = Caller(visitor="somebody")
TOUR = """
id: tour
title: Book a tour
start: wishes
steps:
  wishes:
    component: Wishes
    title: What are you looking for?
    fields:
      make: {type: string, title: Make, required: true}
      seats: {type: integer, title: Seats, minimum: 1, maximum: 9}
    next:
      - {to: search}
  search:
    lookup: vehicles.search
    input: {criteria: "{'make': answers.wishes.make}"}
    next:
      - {to: found}
  found:
    component: Found
    title: These fit
    fields:
      likes: {type: boolean, title: I like one of them, required: true}
    data:
      - {value: results.search}
    next:
      - {to: contact}
  contact:
    component: Contact
    title: Who are you?
    fields:
      email: {type: string, format: email, title: E-mail, required: true, pii: contact}
    next:
      - {to: send}
  send:
    effect: leads.submit
    title: Your request
    input:
      contact: answers.contact
      dealer_ids: "[]"
      details: "{'likes': answers.found.likes}"
    next:
      - {to: rating}
  rating:
    component: Rating
    title: How was it?
    fields:
      stars: {type: integer, title: Stars, minimum: 1, maximum: 5, required: true}
    next:
      - {to: done}
  done: {end: booked, component: Done, title: Booked}
"""
TRIP = """
id: trip
title: Plan a trip
start: tour
steps:
  tour:
    call: tour
    next:
      - {to: done}
  done: {end: over, component: Over, title: Over}
"""
ANSWERS = (
    {"make": "Toyota", "seats": None},
    {"likes": True},
    {"email": "ada@example.org"},
)


class Installation:
    """A container beside a folder of definitions that a test edits."""

    def __init__(self, container: Container, clock: SettableClock, folder: Path) -> None:
        self.container = container
        self._clock = clock
        self.folder = folder

    def edit(self, *changes: tuple[str, str]) -> None:
        """Replace texts of tour.yaml, each of which must be there."""
        file = self.folder / "tour.yaml"
        text = file.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        file.write_text(text)

    @property
    def publishing(self) -> Publishing:
        c = self.container
        workflows = build(read_folder(self.folder), c.capabilities.names())
        return Publishing(c.database, c.store, workflows, c.clock)

    async def plan(self, workflow_id: str = "tour") -> Plan:
        """What publishing it would do, to itself."""
        plans = await self.publishing.plan(workflow_id)
        return next(plan for plan in plans if plan.workflow.id == workflow_id)

    async def publish(self) -> None:
        await self.publishing.publish(await self.publishing.plan())
        self._clock.now += 2 * PUBLICATIONS_MAX_AGE

    async def walked(self, steps: int, workflow_id: str = "tour") -> StepView:
        """A session that has answered so many steps."""
        journeys = self.container.journeys
        view = await journeys.start(CALLER, workflow_id)
        for answers in ANSWERS[:steps]:
            view = await journeys.submit(CALLER, view.session_id, view.step_id, answers)
        return view


@pytest_asyncio.fixture
async def installation(tmp_path: Path) -> AsyncIterator[Installation]:
    folder = tmp_path / "journeys"
    folder.mkdir()
    (folder / "tour.yaml").write_text(TOUR)
    (folder / "trip.yaml").write_text(TRIP)
    settings = Settings(data_dir=tmp_path / "var", workflows_dir=folder)
    clock = SettableClock()
    container = Container(settings, clock)
    await container.open(with_jobs=False)
    yield Installation(container, clock, folder)
    await container.close()


def reasons(plan: Plan) -> dict[str, str]:
    return {one.step: one.reason for one in plan.stuck}


async def test_what_is_published_as_the_file_says_is_not_planned(
    installation: Installation,
) -> None:
    assert await installation.publishing.plan() == []


async def test_an_unknown_workflow_is_refused_with_the_known_ones(
    installation: Installation,
) -> None:
    with pytest.raises(NotFound, match="tour, trip"):
        await installation.publishing.plan("tuor")


async def test_a_change_of_looks_reaches_open_sessions(installation: Installation) -> None:
    view = await installation.walked(1)
    installation.edit(("title: These fit", "title: Look at these"))
    plan = await installation.plan()
    assert (plan.is_presentation_only, plan.stuck) == (True, ())
    assert [(row.step, row.count) for row in plan.open_sessions] == [("found", 1)]

    await installation.publish()

    shown = await installation.container.journeys.show(CALLER, view.session_id)
    assert (shown.step_id, shown.ui_config["title"]) == ("found", "Look at these")


async def test_a_change_of_behaviour_leaves_open_sessions_as_they_are(
    installation: Installation,
) -> None:
    view = await installation.walked(0)
    installation.edit(("maximum: 9", "maximum: 4"), ("looking for?", "after?"))
    assert not (await installation.plan()).is_presentation_only

    await installation.publish()

    journeys = installation.container.journeys
    old = await journeys.show(CALLER, view.session_id)
    assert old.ui_config["title"] == "What are you looking for?"
    assert old.validation_rules["properties"]["seats"]["maximum"] == 9
    new = await journeys.start(CALLER, "tour")
    assert new.validation_rules["properties"]["seats"]["maximum"] == 4


async def test_callers_are_published_with_what_they_call(installation: Installation) -> None:
    installation.edit(("maximum: 9", "maximum: 4"))
    plans = await installation.publishing.plan("tour")
    assert [plan.workflow.id for plan in plans] == ["tour", "trip"]
    assert [change.workflow for change in plans[1].changes] == ["tour"]
    await installation.publish()
    view = await installation.walked(0, "trip")
    assert view.validation_rules["properties"]["seats"]["maximum"] == 4


async def test_a_session_whose_answers_still_lead_to_its_step_could_go_on(
    installation: Installation,
) -> None:
    for steps in range(4):
        await installation.walked(steps)
    installation.edit(("minimum: 1, maximum: 5", "minimum: 0, maximum: 10"))
    plan = await installation.plan()
    assert sum(row.count for row in plan.open_sessions) == 4
    assert plan.stuck == ()


@pytest.mark.parametrize(
    ("changes", "steps", "reason"),
    [
        ([("make: {type: string,", "make: {type: string, maxLength: 3,")], 1, "wishes would have"),
        ([("title: Make, required: true}", "title: Make, required: true}\n      colour: "
           "{type: string, title: Colour, required: true}")], 1, "wishes would have"),
        ([("{'make': answers.wishes.make}", "{'make': answers.wishes.make, 'price_max': 9000}")],
         2, "found would have"),
        ([("      - {to: found}", "      - {to: facts}\n  facts:\n    lookup: vehicles.count\n"
           "    input: {make: answers.wishes.make}\n    next:\n      - {to: found}")],
         1, "facts has not been looked up"),
        ([("      - {to: contact}", "      - {to: send}"), ("      - {to: rating}",
           "      - {to: contact}"), ("contact: answers.contact\n", "contact: \"{}\"\n"),
          ("      - {to: send}\n  send", "      - {to: rating}\n  send")],
         2, "found would have"),
        ([("{'likes': answers.found.likes}", "{'likes': answers.found.likes, 'n': 1}")],
         3, "something that has been sent would be undone"),
        ([("      - {to: rating}", "      - {to: opinion}"), ("  rating:", "  opinion:"),
          ("component: Rating", "component: Opinion")], 3, "the step no longer exists"),
    ],
    ids=["narrower field", "new required field", "other lookup input", "new lookup", "effect moved",
         "effect input", "step renamed"],
)  # fmt: skip
async def test_a_session_that_could_not_go_on_is_told_with_the_reason(
    installation: Installation, changes: list[tuple[str, str]], steps: int, reason: str
) -> None:
    at_start = await installation.walked(0)
    view = await installation.walked(steps)
    installation.edit(*changes)

    plan = await installation.plan()

    (stuck,) = plan.stuck
    assert (stuck.session_id, stuck.step) == (view.session_id, view.step_id)
    assert reason in stuck.reason
    assert at_start.session_id not in {one.session_id for one in plan.stuck}


async def test_a_session_would_have_to_send_what_now_comes_first(
    installation: Installation,
) -> None:
    await installation.walked(0)
    installation.edit(
        ("start: wishes", "start: hello"),
        (
            "steps:\n",
            "steps:\n  hello:\n    effect: leads.submit\n    title: Hello\n"
            '    input: {dealer_ids: "[]"}\n    next: [{to: wishes}]\n',
        ),
    )
    assert reasons(await installation.plan()) == {"wishes": "hello would have to be sent first"}


async def test_planning_asks_nobody_and_changes_nothing(installation: Installation) -> None:
    view = await installation.walked(1)
    installation.edit(("maximum: 9", "maximum: 4"))
    before = await installation.container.journeys.history(CALLER, view.session_id)
    vehicles_gone = "DELETE FROM vehicle"
    await installation.container.database.write(
        lambda tx: tx.connection.exec_driver_sql(vehicles_gone)
    )

    assert (await installation.plan()).stuck == ()

    after = await installation.container.journeys.history(CALLER, view.session_id)
    assert after == before
    old = (await installation.container.journeys.start(CALLER, "tour")).validation_rules
    assert old["properties"]["seats"]["maximum"] == 9


async def test_a_plan_can_be_told_as_data(installation: Installation) -> None:
    await installation.walked(1)
    installation.edit(("make: {type: string,", "make: {type: string, maxLength: 3,"))
    told = (await installation.plan()).as_json()
    assert told["workflow"] == "tour"
    assert told["changes"][0]["what"] == "step wishes: field make: maxLength"
    assert told["open_sessions"][0]["step"] == "found"
    assert told["stuck"][0]["reason"].startswith("wishes")
