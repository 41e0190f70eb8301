"""A lead's travels: every step once, patience with who is away, and all undone for who refuses."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.unit.sagas.conftest import KEY, Road, dealers_of, lead_of, statuses
from tests.unit.sagas.partners import away, refusal
from trex_app.core.errors import Conflict, Unavailable
from trex_app.services.lead_progress import JOB, PATIENCE, STEPS, Turn
from trex_app.services.leads import reference_of

REFERENCE = reference_of(KEY)
DELIVERED = {**dict.fromkeys(STEPS, "done"), "check_credit": "skipped"}


def test_a_lead_passes_every_step_and_is_delivered(road: Road) -> None:
    road.send()
    road.run_all()
    lead = lead_of(road)
    assert lead.summary.status == "delivered"
    assert statuses(lead) == DELIVERED
    assert [step.attempts for step in lead.summary.steps] == [1] * len(STEPS)
    assert road.dealers.taken == {
        f"{KEY}:d-1": ("d-1", REFERENCE),
        f"{KEY}:d-2": ("d-2", REFERENCE),
    }
    assert list(road.crm.records) == [f"{KEY}:crm"]
    assert road.letters.confirmed == [KEY]
    assert dealers_of(road) == {"d-1": "delivered", "d-2": "delivered"}
    assert road.topics() == ["LeadCaptured", "LeadRouted", "LeadDelivered"]


def test_partners_get_the_lead_without_what_is_about_credit(road: Road) -> None:
    details = {"credit": {"birth_date": "1815-12-10"}, "message": "Call me."}
    road.send(vehicle={"make": "Toyota"}, details=details)
    road.run_all()
    (document,) = road.crm.records.values()
    assert document.details == {"message": "Call me.", "dealer_ids": ["d-1", "d-2"]}
    assert (document.kind, document.locale, document.tenant) == (
        "dealer_network",
        "de",
        "dealer-group",
    )
    assert document.contact["email"] == "ada@example.com"


def test_a_job_that_runs_again_does_nothing_twice(road: Road) -> None:
    road.send()
    again = list(road.timers)
    road.run_all()
    road.timers = again
    road.run_all()
    assert len(road.dealers.tries) == 2
    assert road.letters.confirmed == [KEY]
    assert [step.attempts for step in lead_of(road).summary.steps] == [1] * len(STEPS)


@pytest.mark.parametrize("kind", ["private_sale", "dealer_sale"])
def test_a_lead_without_dealers_skips_their_step(road: Road, kind: str) -> None:
    road.send(kind=kind, dealer_ids=[])
    road.run_all()
    lead = lead_of(road)
    assert lead.summary.status == "delivered"
    assert statuses(lead)["deliver_to_dealers"] == "skipped"
    assert road.dealers.tries == []


def test_what_is_not_configured_is_skipped(road: Road) -> None:
    road.has_partners = False
    road.send()
    road.run_all()
    lead = lead_of(road)
    assert lead.summary.status == "delivered"
    notes = {step.name: step.error for step in lead.summary.steps if step.status == "skipped"}
    assert notes == {
        "check_credit": None,
        "record_in_crm": "not configured",
        "deliver_to_dealers": "not configured",
        "send_confirmations": "not configured",
    }


def test_a_credit_check_that_was_asked_for_is_told(road: Road) -> None:
    road.checks_credit = True
    road.send()
    road.run_all()
    assert statuses(lead_of(road))["check_credit"] == "done"


def test_a_worker_that_was_taken_for_dead_asks_nobody_anew_who_has_the_lead(road: Road) -> None:
    """It goes on with the same round, from what it saw before the other took over."""
    road.send()
    travels, name = road.travels, "deliver_to_dealers"
    for earlier in STEPS[: STEPS.index(name)]:
        asyncio.run(travels.take(KEY, 0, earlier))
    asked: list[int] = []

    def meanwhile() -> None:
        asked.append(len(asked))
        if asked == [0]:
            with ThreadPoolExecutor(1) as other:
                other.submit(asyncio.run, travels.take(KEY, 0, name)).result(30)
        elif len(asked) > 3:
            raise away()

    road.dealers.on_delivery = meanwhile
    assert asyncio.run(travels.take(KEY, 0, name)) == Turn.GO_ON
    assert road.dealers.tries == [f"{KEY}:d-1", f"{KEY}:d-1", f"{KEY}:d-2"]
    assert dealers_of(road) == {"d-1": "delivered", "d-2": "delivered"}
    assert lead_of(road).summary.status == "processing"


class TestAway:
    """A partner that is away delays the lead, and nothing else."""

    def test_the_lead_is_parked_and_goes_on_where_it_stopped(self, road: Road) -> None:
        road.dealers.faults.set("before d-1", away(), away(), None)
        road.send()
        timer = road.run_next()
        lead = lead_of(road)
        assert lead.summary.status == "parked"
        step = lead.summary.steps[4]
        assert (step.status, step.error) == ("parked", "dealers is unavailable: timeout")
        (timer,) = (timer for timer in road.timers if timer.name == JOB)
        assert lead.retry_at == timer.due
        road.run_all()
        lead = lead_of(road)
        assert (lead.summary.status, lead.round, lead.retry_at) == ("delivered", 2, None)
        assert [step.attempts for step in lead.summary.steps] == [1, 1, 1, 1, 3, 1]
        assert lead.summary.steps[4].error is None
        assert road.topics().count("LeadParked") == 1

    def test_pauses_grow_to_five_minutes_and_repeat_the_same(self, road: Road) -> None:
        road.dealers.faults.set("get_many", away())
        road.send()
        pauses = [road.run_next().delay_seconds for _ in range(12)][1:]
        assert 3.75 <= pauses[0] <= 5
        assert pauses[:6] == sorted(pauses[:6])
        assert all(225 <= pause <= 300 for pause in pauses[7:])
        assert len({round(pause, 3) for pause in pauses[7:]}) > 1

    def test_one_dealer_away_keeps_no_other_from_the_lead(self, road: Road) -> None:
        road.dealers.faults.set("before d-1", away(), None)
        road.send()
        road.run_next()
        assert dealers_of(road) == {"d-1": "sending", "d-2": "delivered"}
        road.run_all()
        assert dealers_of(road) == {"d-1": "delivered", "d-2": "delivered"}
        assert road.dealers.tries == [f"{KEY}:d-1", f"{KEY}:d-2", f"{KEY}:d-1"]

    def test_an_answer_that_was_lost_is_asked_for_under_the_same_key(self, road: Road) -> None:
        road.dealers.faults.set("after d-1", away(), None)
        road.send()
        road.run_all()
        assert len(road.dealers.taken) == 2
        assert lead_of(road).summary.status == "delivered"

    def test_a_directory_that_is_away_parks_the_lead(self, road: Road) -> None:
        road.dealers.faults.set("get_many", Unavailable(), None)
        road.send()
        road.run_next()
        assert lead_of(road).summary.status == "parked"
        road.run_all()
        assert lead_of(road).summary.status == "delivered"

    def test_after_three_days_it_is_undone(self, road: Road) -> None:
        road.dealers.faults.set("before d-1", away())
        road.dealers.faults.set("before d-2", away())
        road.send()
        road.run_next()
        road.now += PATIENCE - timedelta(seconds=20)
        road.run_next()
        assert lead_of(road).summary.status == "parked"
        road.run_next()
        road.now += timedelta(seconds=20)
        road.run_all()
        lead = lead_of(road)
        assert lead.summary.status == "compensated"
        assert "waited 72 hours" in (lead.summary.steps[4].error or "")
        assert road.crm.withdrawn == {f"{KEY}:crm": REFERENCE}

    def test_after_three_days_one_dealer_who_has_it_is_enough(self, road: Road) -> None:
        road.dealers.faults.set("before d-1", away())
        road.send()
        road.run_next()
        road.now += PATIENCE
        road.run_all()
        lead = lead_of(road)
        assert lead.summary.status == "delivered"
        assert "waited 72 hours" in (lead.summary.steps[4].error or "")


class TestRefused:
    """A partner that refuses has everything before it undone."""

    def test_all_dealers_refusing_withdraws_the_lead(self, road: Road) -> None:
        road.dealers.faults.set("before d-1", refusal())
        road.dealers.faults.set("before d-2", refusal())
        road.send()
        road.run_all()
        lead = lead_of(road)
        assert lead.summary.status == "compensated"
        assert statuses(lead) == {
            "save_lead": "done",
            "check_credit": "skipped",
            "route_to_dealers": "done",
            "record_in_crm": "skipped",
            "deliver_to_dealers": "failed",
            "send_confirmations": "skipped",
        }
        assert lead.summary.steps[4].error == "dealers refused with status 422"
        assert road.crm.records == {}
        assert road.dealers.notices == {}
        assert road.letters.confirmed == []
        assert road.topics()[-1] == "LeadCompensated"

    def test_one_dealer_refusing_voids_nothing_for_the_others(self, road: Road) -> None:
        road.dealers.faults.set("before d-1", refusal())
        road.send()
        road.run_all()
        lead = lead_of(road)
        assert lead.summary.status == "delivered"
        assert lead.summary.steps[4].error == "1 of 2 dealers did not take it"
        assert dealers_of(road) == {"d-1": "refused", "d-2": "delivered"}

    def test_a_dealer_nobody_knows_counts_as_refusing(self, road: Road) -> None:
        road.send(dealer_ids=["nobody"])
        road.run_all()
        lead = lead_of(road)
        assert (lead.summary.status, lead.summary.steps[4].error) == (
            "compensated",
            "the dealer is not known",
        )

    def test_a_retry_sends_it_anew_under_fresh_keys(self, road: Road) -> None:
        road.dealers.faults.set("before d-1", refusal(), None)
        road.dealers.faults.set("before d-2", refusal(), None)
        road.send()
        road.run_all()
        assert asyncio.run(road.orders.retry(REFERENCE)) == "processing"
        road.run_all()
        lead = lead_of(road)
        assert lead.summary.status == "delivered"
        assert set(road.dealers.taken) == {f"{KEY}:d-1:1", f"{KEY}:d-2:1"}
        assert statuses(lead) == DELIVERED

    def test_a_retry_asks_who_may_have_it_under_the_key_they_know(self, road: Road) -> None:
        """The dealer took it and the answer was lost; then the network was away for long."""
        road.dealers.faults.set("after d-1", away())
        road.dealers.faults.set("before d-2", refusal(), None)
        road.send()
        road.run_next()
        road.dealers.faults.set("get_many", away())
        for _way in ("there", "back"):
            road.now += PATIENCE
            road.run_next()
        road.run_all()
        assert lead_of(road).summary.status == "compensated"
        assert dealers_of(road) == {"d-1": "sending", "d-2": "refused"}
        road.dealers.faults.set("get_many", None)
        asyncio.run(road.orders.retry(REFERENCE))
        road.run_all()
        assert dealers_of(road) == {"d-1": "delivered", "d-2": "delivered"}
        assert set(road.dealers.taken) == {f"{KEY}:d-1", f"{KEY}:d-2:1"}


def test_an_erased_person_is_sent_to_nobody(road: Road) -> None:
    road.send()
    road.database.write_sync(lambda tx: road.leads.erase(tx, f"session-of-{KEY}"))
    road.run_all()
    lead = lead_of(road)
    assert (lead.summary.status, lead.summary.steps[0].error) == (
        "compensated",
        "the person was erased",
    )
    assert (road.dealers.tries, road.crm.records) == ([], {})
    with pytest.raises(Conflict, match="erased"):
        asyncio.run(road.orders.retry(REFERENCE))


def test_an_erasure_amid_delivery_keeps_the_lead_from_further_dealers(road: Road) -> None:
    road.send()

    def erase_once() -> None:
        road.dealers.on_delivery = lambda: None
        road.database.write_sync(lambda tx: road.leads.erase(tx, f"session-of-{KEY}"))

    road.dealers.on_delivery = erase_once
    road.run_all()
    assert road.dealers.tries == [f"{KEY}:d-1"]
    assert dealers_of(road) == {"d-1": "delivered", "d-2": "assigned"}


def test_nothing_recorded_of_a_lead_is_personal(road: Road) -> None:
    road.dealers.faults.set("before d-1", away(), None)
    road.send()
    road.run_all()
    shown = lead_of(road).as_json()
    assert "ada@example.com" not in str(shown)
    assert "Ada" not in str(shown)
