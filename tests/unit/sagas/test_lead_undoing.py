"""Leads that are called back, and undoing that fails."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.sagas.conftest import KEY, Road, dealers_of, lead_of
from tests.unit.sagas.partners import away, refusal
from trex_app.core.errors import Conflict
from trex_app.services.lead_progress import JOB, PATIENCE
from trex_app.services.leads import reference_of

REFERENCE = reference_of(KEY)


class TestCalledBack:
    """A lead can be called back at any time."""

    def cancel(self, road: Road) -> str:
        return asyncio.run(road.orders.cancel(REFERENCE))

    def check_is_undone(self, road: Road) -> None:
        assert lead_of(road).summary.status == "cancelled"
        assert {dealer for dealer, _ in road.dealers.notices.values()} == {
            dealer for dealer, _ in road.dealers.taken.values()
        }
        assert bool(road.crm.withdrawn) == bool(road.crm.records)
        assert road.topics().count("LeadCancelled") == 1

    def test_after_delivery(self, road: Road) -> None:
        road.send()
        road.run_all()
        assert self.cancel(road) == "processing"
        road.run_all()
        self.check_is_undone(road)
        assert set(road.dealers.notices) == {f"{KEY}:d-1:cancel", f"{KEY}:d-2:cancel"}
        assert road.letters.withdrawn == [KEY]
        assert dealers_of(road) == {"d-1": "cancelled", "d-2": "cancelled"}
        assert self.cancel(road) == "cancelled"
        assert road.timers == []

    def test_before_anything_happened(self, road: Road) -> None:
        road.send()
        assert self.cancel(road) == "received"
        road.run_all()
        self.check_is_undone(road)
        assert road.dealers.tries == []

    def test_while_parked(self, road: Road) -> None:
        road.dealers.faults.set("after d-2", away())
        road.send()
        road.run_next()
        assert self.cancel(road) == "processing"
        road.run_all()
        self.check_is_undone(road)

    def test_while_a_dealer_is_getting_it(self, road: Road) -> None:
        def call_back() -> None:
            road.dealers.on_delivery = lambda: None
            mark_called_back(road)

        road.dealers.on_delivery = call_back
        road.send()
        road.run_all()
        self.check_is_undone(road)
        assert road.dealers.tries == [f"{KEY}:d-1"]

    def test_the_round_that_was_waiting_finds_nothing_left_to_do(self, road: Road) -> None:
        road.dealers.faults.set("get_many", away(), None)
        road.send()
        road.run_next()
        (waiting,) = (timer for timer in road.timers if timer.name == JOB)
        self.cancel(road)
        road.timers.remove(waiting)
        road.run_all()
        road.timers = [waiting]
        road.run_all()
        self.check_is_undone(road)

    def test_a_lead_that_was_undone_already(self, road: Road) -> None:
        road.dealers.faults.set("before d-1", refusal())
        road.dealers.faults.set("before d-2", refusal())
        road.send()
        road.run_all()
        assert self.cancel(road) == "cancelled"

    def test_a_cancelled_lead_is_not_sent_again(self, road: Road) -> None:
        road.send()
        self.cancel(road)
        road.run_all()
        with pytest.raises(Conflict, match="called back"):
            asyncio.run(road.orders.retry(REFERENCE))


def mark_called_back(road: Road) -> None:
    """Cancel from inside a running step."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(road.orders.cancel(REFERENCE))).result()


class TestUndoing:
    """Undoing is as patient as going forward, and tells what it could not undo."""

    def test_it_waits_for_a_partner_that_is_away(self, road: Road) -> None:
        road.send()
        road.run_all()
        road.dealers.faults.set("cancel d-2", away(), away(), None)
        asyncio.run(road.orders.cancel(REFERENCE))
        road.run_next()
        lead = lead_of(road)
        assert (lead.summary.status, lead.is_being_undone) == ("parked", True)
        assert road.crm.withdrawn == {}
        road.run_all()
        assert lead_of(road).summary.status == "cancelled"
        assert set(road.dealers.notices) == {f"{KEY}:d-1:cancel", f"{KEY}:d-2:cancel"}

    def test_a_retry_goes_on_with_undoing_at_once(self, road: Road) -> None:
        road.send()
        road.run_all()
        road.dealers.faults.set("cancel d-1", away(), None)
        asyncio.run(road.orders.cancel(REFERENCE))
        road.run_next()
        assert asyncio.run(road.orders.retry(REFERENCE)) == "processing"
        assert [timer.delay_seconds for timer in road.timers][-1] == 0
        road.run_all()
        assert lead_of(road).summary.status == "cancelled"

    def test_a_dealer_who_will_not_hear_of_it_is_told_of(self, road: Road) -> None:
        road.dealers.faults.set("cancel d-1", refusal(status=403))
        road.send()
        road.run_all()
        asyncio.run(road.orders.cancel(REFERENCE))
        road.run_all()
        lead = lead_of(road)
        assert lead.summary.status == "cancelled"
        assert lead.summary.steps[4].status == "failed"
        assert lead.summary.steps[4].error == "not undone: dealers refused with status 403"
        assert road.crm.withdrawn == {f"{KEY}:crm": REFERENCE}

    def test_it_gives_up_after_three_days_and_undoes_the_rest(self, road: Road) -> None:
        road.dealers.faults.set("cancel d-1", away())
        road.send()
        road.run_all()
        asyncio.run(road.orders.cancel(REFERENCE))
        road.run_next()
        road.now += PATIENCE
        road.run_all()
        lead = lead_of(road)
        assert lead.summary.status == "cancelled"
        assert "not undone: waited 72 hours" in (lead.summary.steps[4].error or "")
        assert road.crm.withdrawn == {f"{KEY}:crm": REFERENCE}

    def test_a_crash_between_two_undone_steps_repeats_nothing(self, road: Road) -> None:
        road.send()
        road.run_all()
        asyncio.run(road.orders.cancel(REFERENCE))
        (timer,) = road.timers
        assert asyncio.run(road.travels.undo(KEY, timer.round, "deliver_to_dealers")) == "go_on"
        notices = dict(road.dealers.notices)
        road.run_all()
        assert road.dealers.notices == notices
        assert lead_of(road).summary.status == "cancelled"
