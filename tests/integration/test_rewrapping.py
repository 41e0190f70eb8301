"""A former secret can be dropped once everything was put under the current one."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.integration.post import SALE, Post
from tests.integration.world import ADA
from trex_app.core.crypto import Keyring
from trex_app.core.errors import DataUnreadable, IdempotencyMismatch
from trex_app.db.rewrapping import rewrap_session
from trex_app.services import rewrapping
from trex_app.services.privacy import Who

FORMER, CURRENT = "the former secret " * 3, "the current secret " * 3


class Office:
    """One database that is opened with one secret after the other."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder

    @asynccontextmanager
    async def opened(self, secret: str, *previous: str) -> AsyncIterator[Post]:
        post = Post(
            self._url,
            self._folder,
            load_demo_data=False,
            secret_key=secret,
            secret_key_previous=list(previous),
        )
        await post.container.open(with_jobs=False)
        try:
            yield post
        finally:
            await post.container.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    is_sqlite = request.param == "sqlite"
    url = (
        f"sqlite:///{tmp_path}/trex.db"
        if is_sqlite
        else request.getfixturevalue("own_postgres_url")
    )
    return Office(url, tmp_path)


async def is_intact(post: Post, session_id: str) -> bool:
    store = post.container.store
    return await post.container.database.read(lambda tx: store.verify(tx, session_id))


async def test_after_it_nothing_needs_the_former_secret(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewrapping, "AT_A_TIME", 2)
    async with office.opened(FORMER) as post:
        sold = await post.sell(email="sold@example.org")
        message_id = await post.confirmed(sold)
        erased = await post.sell(email="erased@example.org")
        await post.container.privacy.erase(Who(email="erased@example.org"))
        under_way = await post.start("selling")
    async with office.opened(CURRENT, FORMER) as post:
        first = await post.container.rewrapping.apply()
        assert first.rewrapped == {"session": 3, "lead": 1, "credit_check": 0, "message": 1}
        assert first.is_clean
        assert sum((await post.container.rewrapping.apply()).rewrapped.values()) == 0
    async with office.opened(CURRENT) as post:
        for view in (sold, erased, under_way):
            assert await is_intact(post, view.session_id)
        who = Who(email="sold@example.org")
        assert await post.container.privacy.sessions_of(who) == [sold.session_id]
        assert "sold@example.org" in json.dumps(await post.container.privacy.export(who))
        assert (await post.deliver(message_id))["status"] == "sent"
        view = await post.journeys.submit(
            ADA, under_way.session_id, under_way.step_id, {"has_buyer": True}
        )
        assert view.step_id != under_way.step_id
        assert await is_intact(post, under_way.session_id)


async def test_a_request_is_known_again_after_the_secret_was_changed(office: Office) -> None:
    async with office.opened(FORMER) as post:
        view = await post.start("selling")
        place = (ADA, view.session_id, view.step_id)
        first = await post.journeys.submit(*place, {"has_buyer": True}, idempotency_key="once")
        await post.walk(first, *SALE[1:3])
    async with office.opened(CURRENT, FORMER) as post:
        again = await post.journeys.submit(*place, {"has_buyer": True}, idempotency_key="once")
        assert (again.step_id, again.revision) == (first.step_id, first.revision)
        with pytest.raises(IdempotencyMismatch):
            await post.journeys.submit(*place, {"has_buyer": False}, idempotency_key="once")


async def test_who_sent_a_lead_is_still_found_where_only_the_lead_is_left(office: Office) -> None:
    who = Who(email="left@example.org")
    async with office.opened(FORMER) as post:
        view = await post.sell(email="left@example.org")
        erasure = post.container.erasure
        await post.container.database.write(lambda tx: erasure.erase_session(tx, view.session_id))
    async with office.opened(CURRENT, FORMER) as post:
        assert (await post.container.rewrapping.apply()).is_clean
    async with office.opened(CURRENT) as post:
        assert await post.container.privacy.sessions_of(who) == [view.session_id]


async def test_a_history_that_a_process_with_the_former_secret_went_on_with_is_chained_anew(
    office: Office,
) -> None:
    async with office.opened(CURRENT, FORMER) as post:
        view = await post.start("selling")
    async with office.opened(FORMER, CURRENT) as post:
        await post.journeys.submit(ADA, view.session_id, view.step_id, {"has_buyer": True})
    async with office.opened(CURRENT, FORMER) as post:
        report = await post.container.rewrapping.apply()
        assert (report.rewrapped["session"], report.is_clean) == (1, True)
        assert sum((await post.container.rewrapping.apply()).rewrapped.values()) == 0
    async with office.opened(CURRENT) as post:
        assert await is_intact(post, view.session_id)


async def test_without_it_the_former_secret_is_needed(office: Office) -> None:
    async with office.opened(FORMER) as post:
        view = await post.start("selling")
    async with office.opened(CURRENT) as post:
        with pytest.raises(DataUnreadable):
            await post.journeys.show(ADA, view.session_id)
        report = await post.container.rewrapping.apply()
        assert (report.unreadable["session"], report.is_clean) == (1, False)


async def test_an_interrupted_run_is_finished_by_the_next(office: Office) -> None:
    async with office.opened(FORMER) as post:
        views = [await post.start("selling") for _ in range(3)]
    async with office.opened(CURRENT, FORMER) as post:
        keyring = Keyring(CURRENT.encode(), [FORMER.encode()])
        await post.container.database.write(
            lambda tx: rewrap_session(tx, keyring, views[1].session_id)
        )
        assert (await post.container.rewrapping.apply()).rewrapped["session"] == 2


async def test_who_is_just_answering_is_not_disturbed(office: Office) -> None:
    async with office.opened(FORMER) as post:
        view = await post.start("selling")
    async with office.opened(CURRENT, FORMER) as post:
        store, database = post.container.store, post.container.database
        stored = await database.read(lambda tx: store.load(tx, view.session_id))
        assert stored is not None
        await post.container.rewrapping.apply()
        events = await database.read(lambda tx: store.events(tx, view.session_id))
        await database.write(lambda tx: store.update(tx, stored, stored.session, events[-1:]))
        assert await is_intact(post, view.session_id)


async def test_a_history_that_was_changed_from_outside_is_left_as_it_was(office: Office) -> None:
    async with office.opened(FORMER) as post:
        view = await post.start("selling")
        change = text("UPDATE session_event SET step = 'elsewhere'")
        await post.container.database.write(lambda tx: tx.connection.execute(change))
    async with office.opened(CURRENT, FORMER) as post:
        report = await post.container.rewrapping.apply()
        assert (report.rewrapped["session"], report.unreadable["session"]) == (0, 1)
        assert not await is_intact(post, view.session_id)
