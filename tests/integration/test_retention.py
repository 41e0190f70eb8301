"""Nothing is kept longer than its period: what is over is erased, what is not stays."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.post import Post
from trex_app.db.session_store import SessionStore
from trex_app.db.transaction import Transaction
from trex_app.sagas import tell_of_erasure
from trex_app.sagas.jobs import job_id
from trex_app.services.privacy import Who
from trex_app.services.retention import LEASE, Kept

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(params=["sqlite", "postgresql"], loop_scope="module")
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Post]:
    """An installation of its own: retention looks at all there is."""
    is_sqlite = request.param == "sqlite"
    url = (
        f"sqlite:///{tmp_path}/trex.db"
        if is_sqlite
        else request.getfixturevalue("own_postgres_url")
    )
    periods: dict[str, Any] = {"retention_days": 100, "idle_retention_days": 10}
    office = Post(url, tmp_path, load_demo_data=False, **periods)
    await office.container.open(with_jobs=False)
    yield office
    await office.container.close()


async def test_what_is_over_its_time_is_erased_and_nothing_else(office: Post) -> None:
    retention, privacy = office.container.retention, office.container.privacy
    finished = await office.sell(email="finished@example.org")
    await office.confirmed(finished)
    idle = await office.start("selling")
    assert await retention.apply() == Kept(0, 0, 0, 0, 0)

    office.clock.now += timedelta(days=50)
    counted = await retention.apply(is_dry_run=True)
    assert counted == Kept(1, 0, 0, 1, 0)
    assert await retention.apply() == counted
    assert await retention.apply() == Kept(0, 0, 0, 0, 0)
    assert await privacy.sessions_of(Who(email="finished@example.org"))

    office.clock.now += timedelta(days=60)
    assert await retention.apply(is_dry_run=True) == Kept(0, 1, 1, 0, 0)
    done = await retention.apply()
    assert (done.finished_sessions, done.leads) == (1, 1)
    rows = await office.rows("SELECT session_id, wrapped_key, state FROM session")
    assert {row["session_id"] for row in rows} == {finished.session_id, idle.session_id}
    assert all(row["state"] is None and row["wrapped_key"] is None for row in rows)
    assert await office.rows("SELECT * FROM person_index") == []
    assert await office.rows("SELECT * FROM lead WHERE details IS NOT NULL") == []


async def test_one_process_at_a_time_looks_for_what_is_over(office: Post) -> None:
    retention = office.container.retention
    assert await retention.apply_on_duty("one") == Kept(0, 0, 0, 0, 0)
    await office.start("selling")
    office.clock.now += LEASE - timedelta(seconds=1)
    assert await retention.apply_on_duty("another") is None
    office.clock.now += timedelta(days=50)
    done = await retention.apply_on_duty("another")
    assert done is not None
    assert done.idle_sessions == 1
    assert await retention.apply_on_duty("one") is None


async def test_a_lead_outlives_its_session_and_its_person_can_be_found(office: Post) -> None:
    view = await office.sell(email="kept@example.org")
    erasure = office.container.erasure
    await office.container.database.write(lambda tx: erasure.erase_session(tx, view.session_id))
    found = await office.container.privacy.sessions_of(Who(email="kept@example.org"))
    assert found == [view.session_id]


async def test_partners_are_told_where_a_person_asks_and_not_where_our_time_is_over(
    office: Post,
) -> None:
    container = office.container
    asked = await office.sell(email="asked@example.org")
    over = await office.sell(email="over@example.org")
    notices = [job_id(tell_of_erasure.JOB, await office.lead_of(view)) for view in (asked, over)]
    await container.privacy.erase(Who(email="asked@example.org"))
    office.clock.now += timedelta(days=101)
    assert (await container.retention.apply()).leads == 1
    assert await office.rows("SELECT * FROM lead WHERE details IS NOT NULL") == []
    assert container.jobs.unfinished(notices) == {notices[0]}


@pytest.mark.parametrize("is_sent", [False, True])
async def test_sessions_are_erased_in_the_order_in_which_an_erasure_holds_them(
    office: Post, monkeypatch: pytest.MonkeyPatch, is_sent: bool
) -> None:
    """In another one, each of the two could hold what the other waits for."""
    erased: list[str] = []
    erase = SessionStore.erase

    def note(store: SessionStore, tx: Transaction, session_id: str) -> None:
        erased.append(session_id)
        erase(store, tx, session_id)

    for _ in range(6):
        await (office.sell() if is_sent else office.start("selling"))
    office.clock.now += timedelta(days=150)
    monkeypatch.setattr(SessionStore, "erase", note)
    retention: Any = office.container.retention
    await (retention._erase_leads() if is_sent else retention.apply())
    assert len(erased) == 6
    assert erased == sorted(erased)
