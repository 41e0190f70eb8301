"""What has lost its job gets a further one; what has one, or needs none, is left alone."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text, update

from tests.unit.sagas.conftest import KEY, KEYRING, NOW, Road, Timer, dealers_of, lead_of
from tests.unit.sagas.partners import away
from trex_app.core.errors import Conflict
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.sagas import jobs
from trex_app.sagas.credit_checks import CreditChecks
from trex_app.sagas.jobs import Jobs, prepare
from trex_app.sagas.rescue import PAGE, SILENCE, Rescue
from trex_app.services import crm_progress
from trex_app.services.contacts import Contact
from trex_app.services.crm_progress import CrmProgress
from trex_app.services.lead_progress import RETIRED_STEP, LeadProgress
from trex_app.services.leads import reference_of
from trex_app.services.local_partners import RuleBasedCreditBureau
from trex_app.services.messages import Draft, Messages, Purpose

REFERENCE = reference_of(KEY)
LATER = SILENCE + timedelta(seconds=1)


@dataclass
class Watch:
    """A rescue over the road's database, where the jobs that really exist are the queue's."""

    road: Road
    queue: Jobs
    rounds: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        progress = LeadProgress(self.road.clock, self.enqueue)
        checks = CreditChecks(
            self.road.database,
            SessionStore(KEYRING),
            KEYRING,
            self.road.clock,
            self.enqueue,
            RuleBasedCreditBureau(self.road.clock),
        )
        records = CrmProgress(self.road.clock, self.enqueue)
        self.messages = Messages(KEYRING, self.road.clock, self.enqueue)
        self.rescue = Rescue(
            self.road.database,
            self.road.clock,
            self.queue,
            progress,
            records,
            checks,
            self.messages,
        )

    def enqueue(
        self, tx: Transaction, name: str, key: str, *, round: int = 0, delay_seconds: float = 0
    ) -> None:
        self.rounds.append((name, key, round))
        self.queue.enqueue(tx, name, key, round=round, delay_seconds=delay_seconds)

    def find(self) -> list[tuple[str, str, int]]:
        """Let time pass, and look."""
        self.road.now += LATER
        self.rescue.rescue()
        return self.rounds


@pytest.fixture
def watch(road: Road) -> Iterator[Watch]:
    prepare(road.database.url)
    queue = Jobs(road.database, executor_id="test")
    yield Watch(road, queue)
    queue.close()


def test_a_lead_without_a_job_gets_a_further_round_and_tells_that_it_was_interrupted(
    watch: Watch, road: Road
) -> None:
    road.send()
    road.database.write_sync(lambda tx: begin(tx, road))
    assert watch.find() == [("submit_lead", KEY, 1)]
    assert lead_of(road).summary.steps[0].error == "interrupted; the log says why"
    watch.find()
    assert watch.rounds == [("submit_lead", KEY, 1)]


def begin(tx: Transaction, road: Road) -> None:
    """Begin the first step, and let its job be gone."""
    progress = LeadProgress(road.clock, road.enqueue)
    lead = progress.hold(tx, KEY, 0)
    assert lead is not None
    progress.begin_step(tx, lead, "save_lead")


def test_a_parked_lead_whose_timer_is_gone_goes_on(watch: Watch, road: Road) -> None:
    road.dealers.faults.set("get_many", away(), None)
    road.send()
    road.run_next()
    road.run_next(crm_progress.JOB)
    road.now = road.timers[0].due
    assert watch.find() == [("submit_lead", KEY, 2)]


@pytest.mark.parametrize("fault", [None, away("crm")], ids=["not begun", "waiting"])
def test_a_record_in_the_crm_without_a_job_is_made_all_the_same(
    watch: Watch, road: Road, fault: Exception | None
) -> None:
    road.send()
    road.run_next()
    (timer,) = road.timers
    if fault is not None:
        road.crm.faults.set("record", fault, None)
        road.run_next(crm_progress.JOB)
        (timer,) = road.timers
        road.now = timer.due
    assert watch.find() == [("record_in_crm", KEY, timer.round + 1)]
    road.timers = [Timer("record_in_crm", KEY, timer.round + 1, 0, road.now)]
    road.run_all()
    assert road.crm.open == [f"{KEY}:crm"]


def test_a_lead_that_waits_for_its_job_is_left_alone(watch: Watch, road: Road) -> None:
    road.send()
    road.database.write_sync(lambda tx: watch.queue.enqueue(tx, "submit_lead", KEY))
    assert watch.find() == []


def test_what_changed_just_now_is_left_alone(watch: Watch, road: Road) -> None:
    road.send()
    assert watch.rescue.rescue() == 0


def test_leads_at_their_end_are_left_alone(watch: Watch, road: Road) -> None:
    road.send()
    road.run_all()
    assert watch.find() == []


def test_more_than_a_page_of_leads_is_found(watch: Watch, road: Road) -> None:
    row = {
        "reference": "TRX-0000-0000",
        "session_id": "s",
        "journey": "buying",
        "status": "received",
        "created_at": NOW,
        "updated_at": NOW,
        "trip_began_at": NOW,
    }
    rows = [{**row, "key": f"lead-{number:05}"} for number in range(PAGE + 1)]
    road.database.write_sync(
        lambda tx: tx.connection.execute(insert(METADATA.tables["lead"]), rows)
    )
    assert len(watch.find()) == PAGE + 1


def test_a_credit_check_without_a_job_is_asked_for_again(watch: Watch, road: Road) -> None:
    check = {"key": "check-1", "session_id": "s", "frame": "", "step": "x", "created_at": NOW}
    _, wrapped_key = KEYRING.new_data_key(b"check-1")
    row = {**check, "wrapped_key": wrapped_key}
    erased = {**check, "key": "check-2", "wrapped_key": None}
    road.database.write_sync(
        lambda tx: tx.connection.execute(insert(METADATA.tables["credit_check"]), [row, erased])
    )
    assert watch.find() == [("request_credit", "check-1", 1)]


@pytest.fixture
def message_id(watch: Watch, road: Road) -> str:
    """A message to somebody, and the job that is to send it."""
    contact = Contact.by_email("ada@example.org")
    draft = Draft(Purpose.SAVE_LINK, "link", "session", contact, "en")
    road.database.write_sync(lambda tx: watch.messages.write(tx, draft))
    ((_, message_id, _),) = watch.rounds
    watch.rounds.clear()
    return message_id


def test_a_message_whose_job_failed_is_sent_all_the_same(
    watch: Watch, road: Road, message_id: str
) -> None:
    assert watch.find() == []
    end_all(road, "ERROR")
    assert watch.find() == [("send_message", message_id, 1)]
    opened = road.database.read_sync(lambda tx: watch.messages.open(tx, message_id, 1))
    assert opened is not None
    assert opened.addresses["email"] == "ada@example.org"
    assert watch.find() == [("send_message", message_id, 1)]


def test_a_message_that_was_sent_or_erased_is_left_alone(
    watch: Watch, road: Road, message_id: str
) -> None:
    end_all(road, "ERROR")
    road.database.write_sync(lambda tx: watch.messages.erase(tx, "session"))
    assert watch.find() == []
    assert not road.database.write_sync(lambda tx: watch.messages.revive(tx, message_id, 0))


def test_a_notice_of_erasure_whose_job_failed_is_sent_all_the_same(
    watch: Watch, road: Road
) -> None:
    road.database.write_sync(lambda tx: watch.queue.enqueue(tx, "tell_of_erasure", KEY))
    assert watch.rescue.rescue() == 0
    end_all(road, "ERROR")
    assert watch.rescue.rescue() == 1
    further = f"tell_of_erasure:{KEY}:1"
    assert watch.queue.unfinished([further]) == {further}
    assert watch.rescue.rescue() == 0
    end_all(road, "ERROR")
    assert watch.rescue.rescue() == 1
    assert watch.queue.unfinished([f"tell_of_erasure:{KEY}:2"])


def end_all(road: Road, status: str) -> None:
    """Let every job end, now by the road's clock."""
    milliseconds = int(road.now.timestamp() * 1000)
    statement = f"UPDATE workflow_status SET status = '{status}', completed_at = {milliseconds}"
    road.database.write_sync(lambda tx: tx.connection.execute(text(statement)))


def test_records_of_jobs_are_forgotten_a_while_after_their_end(
    watch: Watch, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "FORGOTTEN_AT_A_TIME", 2)
    for number in range(5):
        road.database.write_sync(lambda tx, key=f"k{number}": watch.queue.enqueue(tx, "note", key))
    end_all(road, "SUCCESS")
    road.database.write_sync(lambda tx: watch.queue.enqueue(tx, "note", "waiting"))
    assert watch.queue.forget_ended(road.now - timedelta(seconds=1)) == 0
    assert watch.queue.forget_ended(road.now) == 5
    left = "SELECT workflow_uuid FROM workflow_status"
    assert road.database.read_sync(
        lambda tx: tx.connection.execute(text(left)).scalars().all()
    ) == ["note:waiting"]


class TestOfTheVersionBefore:
    """Leads that were assigned to dealers in our own books, and were to go nowhere."""

    @pytest.fixture
    def old(self, road: Road) -> Road:
        road.send()
        lead, step = METADATA.tables["lead"], METADATA.tables["lead_step"]
        dealer = METADATA.tables["lead_dealer"]
        done = {"lead_key": KEY, "status": "done", "attempts": 1, "started_at": NOW}
        steps = [
            {**done, "name": name, "number": number}
            for number, name in enumerate(("save_lead", RETIRED_STEP))
        ]

        def work(tx: Transaction) -> None:
            tx.connection.execute(update(lead).values(trip_began_at=None, kind=""))
            tx.connection.execute(insert(step), steps)
            tx.connection.execute(
                insert(dealer).values(lead_key=KEY, dealer_id="d-1", rank=0, status="assigned")
            )
            tx.connection.execute(delete(METADATA.tables["domain_event"]))

        road.database.write_sync(work)
        return road

    def test_they_are_listed_and_not_sent(self, old: Road, watch: Watch) -> None:
        old.run_all()
        assert watch.find() == []
        assert old.dealers.tries == []
        lead = lead_of(old)
        assert lead.summary.status == "received"
        assert [step.name for step in lead.summary.steps] == ["save_lead", RETIRED_STEP]
        assert dealers_of(old) == {"d-1": "assigned"}

    def test_one_is_sent_where_an_operator_asks_for_it(self, old: Road) -> None:
        old.timers.clear()
        assert asyncio.run(old.orders.retry(REFERENCE)) == "processing"
        old.run_all()
        assert lead_of(old).summary.status == "delivered"
        assert list(old.dealers.taken) == [f"{KEY}:d-1"]

    def test_one_can_be_called_back_at_once(self, old: Road) -> None:
        assert asyncio.run(old.orders.cancel(REFERENCE)) == "cancelled"
        assert old.dealers.tries == []

    def test_one_that_no_job_had_moved_yet_travels(self, road: Road) -> None:
        road.send()
        lead = METADATA.tables["lead"]
        road.database.write_sync(
            lambda tx: tx.connection.execute(update(lead).values(trip_began_at=None))
        )
        road.run_all()
        assert lead_of(road).summary.status == "delivered"


def test_a_delivered_lead_and_one_on_its_way_cannot_be_retried(road: Road) -> None:
    road.send()
    with pytest.raises(Conflict, match="on its way"):
        asyncio.run(road.orders.retry(REFERENCE))
    road.run_all()
    with pytest.raises(Conflict, match="delivered"):
        asyncio.run(road.orders.retry(REFERENCE))
