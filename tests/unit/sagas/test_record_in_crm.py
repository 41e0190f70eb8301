"""A lead's record in the CRM: made and withdrawn beside the lead, which never waits for it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete

from tests.unit.sagas.conftest import KEY, Road, dealers_of, lead_of, statuses
from tests.unit.sagas.partners import Fault, away, refusal
from trex_app.core.errors import Conflict
from trex_app.db.tables import METADATA
from trex_app.services.crm_progress import JOB, PATIENCE
from trex_app.services.lead_progress import PATIENCE as PATIENCE_OF_LEADS
from trex_app.services.lead_views import LeadStep
from trex_app.services.leads import reference_of

REFERENCE = reference_of(KEY)
RECORD = f"{KEY}:crm"
AWAY, REFUSED = away("crm"), refusal("crm", 403)


def step_of(road: Road) -> LeadStep:
    return next(step for step in lead_of(road).summary.steps if step.name == JOB)


def retry(road: Road) -> str:
    return asyncio.run(road.orders.retry(REFERENCE))


def cancel(road: Road) -> str:
    """Also from inside a running step."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(road.orders.cancel(REFERENCE))).result()


def pass_the_patience(road: Road) -> None:
    """Let the CRM be asked once, and then no more until there is no patience left."""
    if any(timer.name != JOB for timer in road.timers):
        road.run_next()
    road.run_next(JOB)
    road.now += PATIENCE
    road.run_all()


def dealers_refuse(road: Road) -> None:
    """Twice each, so that the lead is undone once and then taken."""
    for dealer in ("d-1", "d-2"):
        road.dealers.faults.set(f"before {dealer}", refusal(), None)


class TestAway:
    """A CRM that is away is caught up with later, and nothing else knows of it."""

    def test_the_lead_is_delivered_and_recorded_once_the_crm_is_back(self, road: Road) -> None:
        road.crm.faults.set("record", AWAY, AWAY, None)
        road.send()
        road.run_next()
        assert lead_of(road).summary.status == "delivered"
        assert road.letters.confirmed == [KEY]
        road.run_next(JOB)
        assert step_of(road) == LeadStep(JOB, "parked", 1, "crm is unavailable: timeout")
        road.run_all()
        assert step_of(road) == LeadStep(JOB, "done", 3)
        assert road.crm.open == [RECORD]
        assert "LeadParked" not in road.topics()

    def test_an_absence_longer_than_a_leads_patience_undoes_nothing(self, road: Road) -> None:
        road.crm.faults.set("record", AWAY)
        road.send()
        road.run_next()
        road.run_next(JOB)
        road.now += 2 * PATIENCE_OF_LEADS
        road.run_next(JOB)
        road.crm.faults.set("record", None)
        road.run_all()
        assert lead_of(road).summary.status == "delivered"
        assert dealers_of(road) == {"d-1": "delivered", "d-2": "delivered"}
        assert (road.crm.open, road.dealers.notices) == ([RECORD], {})

    def test_dealers_who_are_away_do_not_keep_it_from_the_crm(self, road: Road) -> None:
        road.dealers.faults.set("get_many", away())
        road.send()
        road.run_next()
        road.run_next(JOB)
        assert lead_of(road).summary.status == "parked"
        assert road.crm.open == [RECORD]

    def test_an_answer_that_was_lost_is_asked_for_under_the_same_key(self, road: Road) -> None:
        road.crm.faults.set("after record", AWAY, None)
        road.send()
        road.run_all()
        assert (road.crm.tries, list(road.crm.records)) == (2, [RECORD])

    def test_after_a_fortnight_it_is_given_up_until_somebody_asks_for_it(self, road: Road) -> None:
        road.crm.faults.set("record", AWAY)
        road.send()
        pass_the_patience(road)
        assert step_of(road).status == "failed"
        assert step_of(road).error == "waited 14 days; crm is unavailable: timeout"
        assert lead_of(road).summary.status == "delivered"
        road.crm.faults.set("record", AWAY, None)
        assert retry(road) == "delivered"
        road.run_all()
        assert step_of(road).status == "done"
        with pytest.raises(Conflict, match="nothing to repeat"):
            retry(road)

    def test_what_waits_need_not_wait(self, road: Road) -> None:
        road.crm.faults.set("record", AWAY, None)
        road.send()
        road.run_next()
        road.run_next(JOB)
        before = road.now
        assert retry(road) == "delivered"
        (_waiting, now) = road.timers
        road.timers = [now]
        road.run_all()
        assert (road.now, road.crm.open) == (before, [RECORD])


def test_a_crm_that_refuses_undoes_nothing_and_is_told_of(road: Road) -> None:
    road.crm.faults.set("record", REFUSED)
    road.send()
    road.run_all()
    assert lead_of(road).summary.status == "delivered"
    assert step_of(road) == LeadStep(JOB, "failed", 1, "crm refused with status 403")
    road.crm.faults.set("record", None)
    retry(road)
    road.run_all()
    assert step_of(road) == LeadStep(JOB, "done", 2)


def test_a_parked_leads_record_is_asked_for_again_with_the_lead(road: Road) -> None:
    road.dealers.faults.set("get_many", away(), None)
    road.crm.faults.set("record", REFUSED, None)
    road.send()
    road.run_next()
    road.run_next(JOB)
    assert retry(road) == "processing"
    road.run_all()
    assert statuses(lead_of(road))[JOB] == "done"


def test_a_job_that_runs_again_asks_nothing_again(road: Road) -> None:
    road.send()
    road.run_next()
    again = list(road.timers)
    road.run_all()
    road.timers = again
    road.run_all()
    assert road.crm.tries == 1


def test_a_crm_that_is_no_longer_configured_is_told_of(road: Road) -> None:
    road.send()
    road.run_next()
    road.has_partners = False
    road.run_all()
    assert step_of(road) == LeadStep(JOB, "failed", 1, "not configured")


def test_an_erased_person_is_not_recorded(road: Road) -> None:
    road.send()
    road.run_next()
    road.database.write_sync(lambda tx: road.leads.erase(tx, f"session-of-{KEY}"))
    road.run_all()
    assert step_of(road) == LeadStep(JOB, "skipped", 1, "the person was erased")
    assert road.crm.tries == 0


class TestCalledBack:
    """What was recorded, or may have been, is withdrawn; beside the lead, as patiently."""

    def test_after_it_was_recorded(self, road: Road) -> None:
        road.send()
        road.run_all()
        cancel(road)
        road.run_all()
        assert step_of(road) == LeadStep(JOB, "compensated", 2)
        assert road.crm.withdrawn == {RECORD: REFERENCE}

    def test_before_it_was_recorded(self, road: Road) -> None:
        road.send()
        road.run_next()
        cancel(road)
        road.run_next()
        road.run_all()
        assert step_of(road) == LeadStep(JOB, "skipped", 0)
        assert road.crm.tries == 0

    def test_while_an_answer_is_missing(self, road: Road) -> None:
        road.crm.faults.set("after record", AWAY)
        road.send()
        road.run_next()
        road.run_next(JOB)
        cancel(road)
        road.run_all()
        assert lead_of(road).summary.status == "cancelled"
        assert (road.crm.tries, road.crm.open) == (1, [])

    def test_while_it_is_being_recorded(self, road: Road) -> None:
        """Nobody else speaks to the CRM meanwhile: a withdrawal could overtake the record."""
        road.send()
        road.run_next()

        def call_back() -> None:
            cancel(road)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(road.run_next).result()
            assert [timer.name for timer in road.timers] == []

        road.crm.on_record = call_back
        road.run_all()
        assert step_of(road).status == "compensated"
        assert road.crm.withdrawn == {RECORD: REFERENCE}

    def test_after_a_worker_of_the_version_before_recorded_it(self, road: Road) -> None:
        """Which knows of no row to note it in, and goes on until the deploy has come to it."""
        road.send()
        road.run_all()
        forget = delete(METADATA.tables["crm_record"])
        road.database.write_sync(lambda tx: tx.connection.execute(forget))
        cancel(road)
        road.run_all()
        assert step_of(road).status == "compensated"
        assert road.crm.withdrawn == {RECORD: REFERENCE}

    def test_a_crm_that_is_away_keeps_the_lead_from_no_end(self, road: Road) -> None:
        road.send()
        road.run_all()
        road.crm.faults.set("withdraw", AWAY, AWAY, None)
        cancel(road)
        road.run_next()
        assert lead_of(road).summary.status == "cancelled"
        road.run_next(JOB)
        assert step_of(road).status == "parked"
        road.run_all()
        assert road.crm.withdrawn == {RECORD: REFERENCE}

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            (REFUSED, "not undone: crm refused with status 403"),
            (AWAY, "not undone: waited 14 days; crm is unavailable: timeout"),
        ],
        ids=["refused", "away"],
    )
    def test_what_could_not_be_withdrawn_is_told_of_and_can_be_asked_again(
        self, road: Road, fault: Fault, told: str
    ) -> None:
        road.send()
        road.run_all()
        road.crm.faults.set("withdraw", fault)
        cancel(road)
        pass_the_patience(road)
        assert (step_of(road).status, step_of(road).error) == ("failed", told)
        road.crm.faults.set("withdraw", None)
        assert retry(road) == "cancelled"
        road.run_all()
        assert step_of(road).status == "compensated"
        assert road.crm.withdrawn == {RECORD: REFERENCE}


class TestSentAnew:
    """A lead that is sent anew has one record that holds, whatever became of the former."""

    def undo(self, road: Road) -> None:
        """The CRM has the lead before the dealers refuse it."""
        dealers_refuse(road)
        road.dealers.on_delivery = lambda: self.record(road)
        road.send()
        road.run_next()

    def record(self, road: Road) -> None:
        road.dealers.on_delivery = lambda: None
        with ThreadPoolExecutor(1) as pool:
            pool.submit(road.run_next, JOB).result()
        assert road.crm.open == [RECORD]

    def test_what_was_withdrawn_gives_way_to_a_new_record(self, road: Road) -> None:
        self.undo(road)
        road.run_all()
        assert statuses(lead_of(road))[JOB] == "compensated"
        retry(road)
        road.run_all()
        assert lead_of(road).summary.status == "delivered"
        assert road.crm.withdrawn == {RECORD: REFERENCE}
        assert road.crm.open == [f"{RECORD}:1"]

    @pytest.mark.parametrize(
        ("purpose", "fault"),
        [("withdraw", REFUSED), ("withdraw", AWAY), ("after withdraw", AWAY)],
        ids=["refused", "away", "answer lost"],
    )
    def test_what_was_not_withdrawn_stays_the_only_record_and_holds(
        self, road: Road, purpose: str, fault: Fault
    ) -> None:
        self.undo(road)
        road.crm.faults.set(purpose, fault)
        pass_the_patience(road)
        assert lead_of(road).summary.status == "compensated"
        assert (step_of(road).error or "").startswith("not undone")
        road.crm.faults.set(purpose, None)
        retry(road)
        road.run_all()
        assert lead_of(road).summary.status == "delivered"
        assert step_of(road).status == "done"
        assert list(road.crm.records) == road.crm.open == [RECORD]

    def test_a_withdrawal_that_waits_is_dropped(self, road: Road) -> None:
        self.undo(road)
        road.crm.faults.set("withdraw", AWAY)
        road.run_next(JOB)
        retry(road)
        road.run_all()
        assert list(road.crm.records) == road.crm.open == [RECORD]

    def test_what_was_opened_again_can_be_withdrawn_again(self, road: Road) -> None:
        self.undo(road)
        road.crm.faults.set("after withdraw", AWAY)
        road.run_next(JOB)
        road.crm.faults.set("after withdraw", None)
        retry(road)
        road.run_all()
        assert road.crm.open == [RECORD]
        cancel(road)
        road.run_all()
        assert lead_of(road).summary.status == "cancelled"
        assert road.crm.open == []
