"""Who lives among the workers, and what they tell of the installation."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.unit.sagas.conftest import NOW, Road
from trex_app.core.telemetry import CRM_RECORDS_STANDING, LEADS_STANDING, metrics_text
from trex_app.db.transaction import Database
from trex_app.sagas.jobs import Jobs, prepare
from trex_app.sagas.workers import (
    DEAD_AFTER,
    FORGOTTEN_AFTER,
    OPEN_LEADS,
    OPEN_RECORDS,
    Workers,
    own_name,
)
from trex_app.services.lead_states import LeadStatus


@pytest.fixture
def queue(database: Database) -> Iterator[Jobs]:
    prepare(database.url)
    queue = Jobs(database, executor_id="test")
    yield queue
    queue.close()


def living(database: Database, queue: Jobs, name: str, after: timedelta) -> set[str]:
    worker = Workers(database, lambda: NOW + after, queue, name)
    return database.write_sync(worker.be_seen)


def test_each_start_has_a_name_of_its_own() -> None:
    assert own_name() != own_name()
    assert len(own_name()) <= 80


def test_who_was_seen_just_now_lives(database: Database, queue: Jobs) -> None:
    assert living(database, queue, "a", timedelta()) == {"a"}
    assert living(database, queue, "b", DEAD_AFTER) == {"a", "b"}
    assert living(database, queue, "b", DEAD_AFTER + timedelta(seconds=1)) == {"b"}


def test_the_long_dead_are_forgotten(database: Database, queue: Jobs) -> None:
    living(database, queue, "a", timedelta())
    living(database, queue, "b", FORGOTTEN_AFTER + timedelta(seconds=1))
    names = database.read_sync(
        lambda tx: tx.cursor.execute("SELECT count(*) FROM worker").fetchone()
    )
    assert names[0] == 1


def test_who_leaves_is_gone(database: Database, queue: Jobs) -> None:
    worker = Workers(database, lambda: NOW, queue, "a")
    database.write_sync(worker.be_seen)
    worker.leave()
    assert living(database, queue, "b", timedelta()) == {"b"}


def test_a_worker_tells_what_waits_and_how_leads_stand(road: Road, queue: Jobs) -> None:
    road.send()
    road.send("lead-2")
    road.run_next()
    road.database.write_sync(lambda tx: queue.enqueue(tx, "note", "k1"))
    road.database.write_sync(lambda tx: queue.enqueue(tx, "note", "k2", delay_seconds=600))
    Workers(road.database, road.clock, queue, "a").measure()
    text = metrics_text().decode()
    assert 'trex_jobs_unfinished{state="enqueued"} 1.0' in text
    assert 'trex_jobs_unfinished{state="delayed"} 1.0' in text
    assert 'trex_leads_standing{status="received"} 1.0' in text
    assert 'trex_leads_standing{status="parked"} 0.0' in text
    assert 'trex_crm_records_standing{status="pending"} 1.0' in text
    assert 'trex_crm_records_standing{status="failed"} 0.0' in text


def test_what_somebody_is_to_see_to_is_not_at_its_end() -> None:
    assert LeadStatus.PARKED in OPEN_LEADS
    assert {"parked", "failed"} < OPEN_RECORDS


def test_what_is_at_its_end_is_told_as_well(road: Road, queue: Jobs) -> None:
    road.send()
    road.run_all()
    worker = Workers(road.database, road.clock, queue, "a")
    LEADS_STANDING.clear()
    CRM_RECORDS_STANDING.clear()
    worker.measure()
    assert 'status="delivered"' not in standing()
    worker.measure_ended()
    assert 'trex_leads_standing{status="delivered"} 1.0' in standing()
    assert 'trex_leads_standing{status="cancelled"} 0.0' in standing()
    assert 'trex_crm_records_standing{status="done"} 1.0' in standing()


def standing() -> str:
    """The gauges of leads and records, as they stand."""
    lines = metrics_text().decode().splitlines()
    return "\n".join(line for line in lines if "_standing{" in line)
