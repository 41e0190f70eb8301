"""Events and funnels from the command line."""

import pytest
from sqlalchemy import update

from tests.unit.cli.conftest import Terminal
from trex_app.container import Container
from trex_app.db.tables import METADATA
from trex_app.messaging.delivery import Deliveries
from trex_app.messaging.events import JourneyAbandoned, JourneyCompleted, LeadCaptured, record
from trex_app.messaging.registry import Registry
from trex_app.messaging.subscriptions import JOURNEY_ANALYTICS, LEAD_SCORING, SUBSCRIPTIONS
from trex_app.services.analytics import Analytics

DELIVERY = METADATA.tables["event_delivery"]
CAPTURED = LeadCaptured("lead-1", "TRX-1", "buying", "buying", None, "s-1")


@pytest.fixture
def parked(terminal: Terminal) -> None:
    """A lead that was captured, and that the scoring gave up."""

    async def park(container: Container) -> None:
        given_up = update(DELIVERY).where(DELIVERY.c.handler == LEAD_SCORING)
        given_up = given_up.values(status="parked", attempts=8, error="ValueError: It failed.")
        await container.database.write(lambda tx: record(tx, CAPTURED))
        await container.database.write(lambda tx: tx.connection.execute(given_up))

    terminal.within(park)


@pytest.fixture
def counted(terminal: Terminal) -> None:
    """One journey that came to its end, and one that was left alone."""

    async def count(container: Container) -> None:
        only = {JOURNEY_ANALYTICS: SUBSCRIPTIONS[JOURNEY_ANALYTICS]}
        registry = Registry({JOURNEY_ANALYTICS: Analytics(container.clock).hear}, only)
        facts = (
            JourneyCompleted("s-1", "buying", ("vehicle_search",)),
            JourneyAbandoned("s-2", "buying", "vehicle_search", ()),
        )
        await container.database.write(lambda tx: record(tx, *facts, subscriptions=only))
        deliveries = Deliveries(container.database, registry, container.clock)
        for sequence in deliveries.due(JOURNEY_ANALYTICS, limit=10):
            deliveries.deliver(JOURNEY_ANALYTICS, sequence)

    terminal.within(count)


def test_without_events_the_lists_say_so(terminal: Terminal) -> None:
    assert terminal.run("events", "list").out == "There are no events yet.\n"
    assert terminal.run("events", "parked").out == "No event is parked.\n"
    assert terminal.run("events", "parked", "--json").json == []


@pytest.mark.usefixtures("parked")
def test_the_list_shows_how_each_handler_stands(terminal: Terminal) -> None:
    (row,) = terminal.run("events", "list", "--json").json
    assert (row["topic"], row["subject"]) == ("LeadCaptured", "lead-1")
    standing = {way["handler"]: way["status"] for way in row["deliveries"]}
    assert standing == {"lead_scoring": "parked", "dealer_routing": "pending"}
    printed = terminal.run("events", "list").out
    assert "dealer_routing pending, lead_scoring parked" in printed
    assert printed.endswith("1 event\n")
    nothing = terminal.run("events", "list", "--topic", "LeadScored")
    assert nothing.out == "There are no such events.\n"


@pytest.mark.usefixtures("parked")
def test_a_parked_event_is_listed_with_its_reason(terminal: Terminal) -> None:
    (row,) = terminal.run("events", "parked", "--json").json
    assert (row["handler"], row["attempts"]) == ("lead_scoring", 8)
    assert row["reason"] == "ValueError: It failed."
    assert terminal.run("events", "parked").out.endswith("1 parked event\n")


@pytest.mark.usefixtures("parked")
def test_a_parked_event_can_be_replayed_by_its_id(terminal: Terminal) -> None:
    (row,) = terminal.run("events", "parked", "--json").json
    replayed = terminal.run("events", "replay", row["event_id"])
    assert replayed.out == "1 event will be tried again.\n"
    assert terminal.run("events", "parked", "--json").json == []
    again = terminal.run("events", "replay", row["event_id"])
    assert (again.exit_code, again.out) == (1, "")
    assert "no parked event with this id" in again.err


@pytest.mark.usefixtures("parked")
def test_parked_events_can_be_replayed_by_handler_or_all(terminal: Terminal) -> None:
    other = terminal.run("events", "replay", "--handler", "dealer_routing", "--json")
    assert other.json == {"replayed": 0}
    assert terminal.run("events", "replay", "--all", "--json").json == {"replayed": 1}


@pytest.mark.parametrize("given", [(), ("--all", "--handler", "lead_scoring"), ("id", "--all")])
def test_what_to_replay_has_to_be_said(terminal: Terminal, given: tuple[str, ...]) -> None:
    printed = terminal.run("events", "replay", *given)
    assert printed.exit_code == 1
    assert printed.err == "Say which: an event's id, --handler NAME, or --all.\n"


def test_without_counts_the_funnel_says_so(terminal: Terminal) -> None:
    printed = terminal.run("workflows", "funnel")
    assert printed.out == "No journey has ended or was left alone in these days.\n"


@pytest.mark.usefixtures("counted")
def test_the_funnel_shows_how_far_people_got(terminal: Terminal) -> None:
    rows = terminal.run("workflows", "funnel", "buying", "--json").json
    whole, search = rows
    assert whole == {
        "workflow": "buying",
        "step": "",
        "reached": 2,
        "abandoned": 1,
        "completed": 1,
    }
    assert (search["step"], search["reached"], search["abandoned"]) == ("vehicle_search", 2, 1)
    assert "vehicle_search" in terminal.run("workflows", "funnel", "--days", "1").out
    assert terminal.run("workflows", "funnel", "selling", "--json").json == []
