"""Old sessions are erased in batches, and what is erased is erased once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trex_app.container import Container
from trex_app.core.settings import Settings
from trex_app.services import session_records
from trex_app.services.session_records import SessionRecords
from trex_app.services.views import Caller

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


async def test_every_batch_is_erased_and_nothing_that_is_younger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_records, "PURGE_BATCH", 2)
    times = [START]
    settings = Settings(data_dir=tmp_path, load_demo_data=False)
    container = Container(settings, clock=lambda: times[-1])
    await container.open(with_jobs=False)
    for _ in range(5):
        await container.journeys.start(Caller(visitor="early"), "selling")
    lifetime = timedelta(hours=container.files.current()["selling"].ttl_hours)
    times.append(START + timedelta(days=3))
    late = await container.journeys.start(Caller(visitor="late"), "selling")

    records = SessionRecords(
        container.database, container.store, container.erasure, container.clock
    )
    times.append(START + lifetime + timedelta(days=10))
    none_yet = await records.purge(11)
    done = await records.purge(10)
    again = await records.purge(10)

    assert (none_yet.erased_sessions, done.erased_sessions, again.erased_sessions) == (0, 5, 0)
    assert (await records.show(late.session_id))["status"] == "expired"
    await container.close()
