"""Analytics: how far people got, counted once for each journey and step."""

from datetime import datetime, timedelta

import pytest

from tests.lead_rows import NOW, Leads
from trex_app.messaging.delivery import Deliveries, Outcome
from trex_app.messaging.events import Event, JourneyAbandoned, JourneyCompleted, record
from trex_app.messaging.registry import Registry
from trex_app.messaging.subscriptions import JOURNEY_ANALYTICS, SUBSCRIPTIONS
from trex_app.services.analytics import Analytics, FunnelRow, funnel

ONLY = {JOURNEY_ANALYTICS: SUBSCRIPTIONS[JOURNEY_ANALYTICS]}


class Counting:
    """Events that travel to the analytics as they do in the product."""

    def __init__(self, leads: Leads) -> None:
        self.database = leads.database
        self.now = NOW
        registry = Registry({JOURNEY_ANALYTICS: Analytics(self.clock).hear}, ONLY)
        self.deliveries = Deliveries(self.database, registry, self.clock)

    def clock(self) -> datetime:
        return self.now

    def hear(self, *facts: Event) -> None:
        self.database.write_sync(lambda tx: record(tx, *facts, subscriptions=ONLY))
        for sequence in self.deliveries.due(JOURNEY_ANALYTICS, limit=100):
            assert self.deliveries.deliver(JOURNEY_ANALYTICS, sequence) is Outcome.DONE

    def funnel(self, days: int = 30, workflow: str | None = None) -> list[FunnelRow]:
        return self.database.read_sync(lambda tx: funnel(tx, self.clock, days, workflow))


@pytest.fixture
def counting(leads: Leads) -> Counting:
    return Counting(leads)


def completed(session_id: str, *steps: str, workflow: str = "buying") -> JourneyCompleted:
    return JourneyCompleted(session_id, workflow, steps)


def abandoned(session_id: str, step: str, *steps: str) -> JourneyAbandoned:
    return JourneyAbandoned(session_id, "buying", step, steps)


def test_a_completed_journey_has_reached_each_of_its_steps(counting: Counting) -> None:
    counting.hear(completed("s1", "search", "contact"), completed("s2", "search"))
    assert counting.funnel() == [
        FunnelRow("buying", "", 2, 0, 2),
        FunnelRow("buying", "search", 2, 0, 0),
        FunnelRow("buying", "contact", 1, 0, 0),
    ]


def test_a_journey_is_abandoned_at_the_step_where_it_stands(counting: Counting) -> None:
    counting.hear(abandoned("s1", "contact", "search"))
    assert counting.funnel() == [
        FunnelRow("buying", "", 1, 1, 0),
        FunnelRow("buying", "contact", 1, 1, 0),
        FunnelRow("buying", "search", 1, 0, 0),
    ]


def test_who_comes_back_is_counted_at_the_steps_that_are_new(counting: Counting) -> None:
    counting.hear(abandoned("s1", "contact", "search"))
    counting.hear(abandoned("s1", "contact", "search"))
    counting.hear(completed("s1", "search", "contact", "confirmation"))
    assert counting.funnel() == [
        FunnelRow("buying", "", 1, 2, 1),
        FunnelRow("buying", "confirmation", 1, 0, 0),
        FunnelRow("buying", "contact", 1, 2, 0),
        FunnelRow("buying", "search", 1, 0, 0),
    ]


def test_counts_can_be_of_one_journey_and_of_some_days(counting: Counting) -> None:
    counting.hear(completed("s1", "search"))
    counting.now += timedelta(days=2)
    counting.hear(completed("s2", "has_buyer", workflow="selling"))
    assert [row.workflow for row in counting.funnel(workflow="selling")] == ["selling", "selling"]
    assert {row.workflow for row in counting.funnel(days=3)} == {"buying", "selling"}
    assert {row.workflow for row in counting.funnel(days=2)} == {"selling"}
