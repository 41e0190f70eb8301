"""A CRM that forgets the keys of requests is told by its own ids which record is meant."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import update

from tests.unit.sagas.conftest import Road
from tests.unit.sagas.test_record_in_crm import (
    AWAY,
    RECORD,
    REFERENCE,
    REFUSED,
    cancel,
    dealers_refuse,
    retry,
    step_of,
)
from trex_app.db.tables import METADATA
from trex_app.services.crm_progress import JOB


def call_back(road: Road) -> None:
    assert cancel(road) == "processing"


def undo_in_vain(road: Road) -> None:
    """The lead is undone, and its record stays, for the CRM will not withdraw it."""
    dealers_refuse(road)
    road.crm.faults.set("withdraw", REFUSED)
    road.send()
    road.dealers.on_delivery = lambda: record(road)
    road.run_all()
    road.crm.faults.set("withdraw", None)
    assert (step_of(road).status, road.crm.open) == ("failed", [RECORD])


def record(road: Road) -> None:
    road.dealers.on_delivery = lambda: None
    with ThreadPoolExecutor(1) as pool:
        pool.submit(road.run_next, JOB).result()


def lose_ids(road: Road) -> None:
    """As in a row that the version before wrote."""
    table = METADATA.tables["crm_record"]
    road.database.write_sync(
        lambda tx: tx.connection.execute(update(table).values(record_ids=None))
    )


def test_a_record_is_withdrawn(road: Road) -> None:
    road.send()
    road.run_all()
    road.crm.forget_keys()
    cancel(road)
    road.run_all()
    assert step_of(road).status == "compensated"
    assert road.crm.withdrawn == {RECORD: REFERENCE}


def test_a_record_is_withdrawn_whose_lead_was_called_back_meanwhile(road: Road) -> None:
    road.send()
    road.run_next()
    road.crm.on_record = lambda: call_back(road)
    road.run_next(JOB)
    road.crm.forget_keys()
    road.run_all()
    assert road.crm.withdrawn == {RECORD: REFERENCE}


def test_a_lead_that_is_sent_anew_gets_no_second_record(road: Road) -> None:
    undo_in_vain(road)
    road.crm.forget_keys()
    retry(road)
    road.run_all()
    assert step_of(road).status == "done"
    assert list(road.crm.records) == road.crm.open == [RECORD]
    assert road.crm.tries == 1


def test_an_id_is_kept_although_the_record_could_not_be_opened_yet(road: Road) -> None:
    undo_in_vain(road)
    lose_ids(road)
    road.crm.faults.set("reopen", AWAY, None)
    retry(road)
    road.run_next()
    road.run_next(JOB)
    assert (step_of(road).status, road.crm.tries) == ("parked", 2)
    road.crm.forget_keys()
    road.run_all()
    assert step_of(road).status == "done"
    assert list(road.crm.records) == road.crm.open == [RECORD]


def test_a_record_without_a_known_id_is_withdrawn_by_its_key(road: Road) -> None:
    road.send()
    road.run_all()
    lose_ids(road)
    cancel(road)
    road.run_all()
    assert road.crm.withdrawn == {RECORD: REFERENCE}
