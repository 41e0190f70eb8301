"""The CRM's own id of a record is kept, in the database that is used, and found there again."""

import pytest
from sqlalchemy import select

from tests.unit.sagas.conftest import KEY, Road, a_road
from tests.unit.sagas.test_record_in_crm import REFERENCE, cancel, step_of
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database
from trex_app.services.crm_progress import JOB

RECORD = f"{KEY}:crm"
_record = METADATA.tables["crm_record"]


@pytest.fixture
def road(database: Database, monkeypatch: pytest.MonkeyPatch) -> Road:
    return a_road(database, monkeypatch)


def known_ids(road: Road) -> dict[str, str] | None:
    query = select(_record.c.record_ids).where(_record.c.lead_key == KEY)
    return road.database.read_sync(lambda tx: tx.connection.execute(query).scalar_one())


def test_a_record_that_a_crm_no_longer_knows_by_its_key_is_withdrawn(road: Road) -> None:
    road.send()
    road.run_next()
    assert known_ids(road) is None
    road.run_all()
    assert known_ids(road) == {"0": f"crm {RECORD}"}
    road.crm.forget_keys()
    cancel(road)
    road.run_next()
    assert known_ids(road) == {"0": f"crm {RECORD}"}
    road.run_next(JOB)
    assert step_of(road).status == "compensated"
    assert road.crm.withdrawn == {RECORD: REFERENCE}
