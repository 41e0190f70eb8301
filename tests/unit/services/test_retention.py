"""Old sessions are erased in batches, and what is erased is erased once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from trex_app.container import Container
from trex_app.core.settings import Settings
from trex_app.services import retention
from trex_app.services.erasure import Erasure
from trex_app.services.session_records import SessionRecords
from trex_app.services.views import Caller

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


async def test_a_purge_erases_every_batch_and_nothing_that_is_younger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    erased: list[str] = []
    erase_session = Erasure.erase_session

    def noting(self: Erasure, tx: Any, session_id: str) -> None:
        erased.append(session_id)
        erase_session(self, tx, session_id)

    monkeypatch.setattr(Erasure, "erase_session", noting)
    times = [START]
    settings = Settings(data_dir=tmp_path, load_demo_data=False)
    container = Container(settings, clock=lambda: times[-1])
    await container.open(with_jobs=False)
    early = [await container.journeys.start(Caller(visitor="early"), "selling") for _ in range(6)]
    lifetime = timedelta(hours=container.files.current()["selling"].ttl_hours)
    times.append(START + timedelta(days=3))
    late = await container.journeys.start(Caller(visitor="late"), "selling")

    times.append(START + lifetime + timedelta(days=10))
    done = [(await container.retention.purge(days)).erased_sessions for days in (11, 10, 10)]

    assert done == [0, 6, 0]
    assert set(erased) == {view.session_id for view in early}
    # Sessions are locked in one order by all who lock several, so that none waits for another.
    assert [erased[:3], erased[3:]] == [sorted(erased[:3]), sorted(erased[3:])]
    records = SessionRecords(container.database, container.store, container.clock)
    assert (await records.show(late.session_id))["status"] == "expired"
    await container.close()
