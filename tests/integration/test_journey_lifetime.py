"""What time, resuming and history do to a journey over a real database."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.world import ADA, BOB, CONTACT, World
from trex_app.core.errors import Forbidden, NotFound, SessionExpired
from trex_app.db.session_store import SessionStore, StoredSession
from trex_app.db.statements import POSTGRESQL
from trex_app.db.transaction import Transaction
from trex_app.engine.replay import replay
from trex_app.engine.session import to_json
from trex_app.services.privacy import Erased, Who

pytestmark = pytest.mark.asyncio(loop_scope="module")


class TestTime:
    async def test_an_expired_journey_starts_anew_with_its_answers(self, world: World) -> None:
        view = await world.walk(await world.start(), {"knows_vehicle": True}, {"make": "Toyota"})
        world.clock.now += timedelta(hours=169)

        for _ in range(2):
            with pytest.raises(SessionExpired):
                await world.journeys.show(ADA, view.session_id)
        assert (await world.kinds(view))[-1] == "expired"

        fresh = await world.journeys.restart(ADA, view.session_id)
        assert fresh.session_id != view.session_id
        assert fresh.step_id == "search_results"
        assert [entry.step_id for entry in fresh.path] == [
            *("vehicle_knowledge", "vehicle_search", "search_results")
        ]

    async def test_a_vehicle_that_was_sold_meanwhile_is_chosen_anew(self, world: World) -> None:
        view = await world.walk_to_confirmation()
        chosen = view.data["vehicle"]["vehicle_id"]
        world.clock.now += timedelta(hours=169)
        await world.container.database.write(
            lambda tx: tx.connection.execute(
                text("DELETE FROM vehicle WHERE vehicle_id = :gone"), {"gone": chosen}
            )
        )

        fresh = await world.journeys.restart(ADA, view.session_id)

        assert fresh.step_id == "search_results"
        assert fresh.answers == {"vehicle_id": None}
        other = fresh.data["vehicles"][0]["vehicle_id"]
        fresh = await world.walk(fresh, {"vehicle_id": other}, {"confirmed": True})
        assert fresh.step_id == "buying_confirmation"

    async def test_a_vehicle_that_is_still_there_stays_chosen_as_it_is_now(
        self, world: World
    ) -> None:
        view = await world.walk_to_confirmation()
        chosen = view.data["vehicle"]["vehicle_id"]
        world.clock.now += timedelta(hours=169)
        await world.container.database.write(
            lambda tx: tx.connection.execute(
                text("UPDATE vehicle SET price_minor = 1234500 WHERE vehicle_id = :kept"),
                {"kept": chosen},
            )
        )

        fresh = await world.journeys.restart(ADA, view.session_id)

        assert fresh.step_id == "buying_confirmation"
        assert fresh.data["vehicle"]["price"]["amount_minor"] == 1234500

    async def test_where_to_send_a_reminder_is_not_carried_into_a_new_start(
        self, world: World
    ) -> None:
        view = await world.walk(await world.start(), {"knows_vehicle": True})
        await world.journeys.create_resume_link(
            ADA, view.session_id, "ada@example.org", has_consented=True
        )
        world.clock.now += timedelta(hours=169)

        fresh = await world.journeys.restart(ADA, view.session_id)

        store, database = world.container.store, world.container.database
        events = await database.read(lambda tx: store.events(tx, fresh.session_id))
        assert events[0].kind == "started"
        assert "ada@example.org" not in str(events[0].data)

    async def test_a_resume_link_opens_the_journey_elsewhere_once(self, world: World) -> None:
        view = await world.walk(await world.start(), {"knows_vehicle": True})
        old = await world.journeys.create_resume_link(ADA, view.session_id)
        link = await world.journeys.create_resume_link(
            ADA, view.session_id, "ada@example.org", has_consented=True
        )

        assert not await world.journeys.can_resume(old.token)
        assert await world.journeys.can_resume(link.token)
        resumed = await world.journeys.resume(BOB, link.token)
        assert resumed.step_id == "vehicle_search"
        assert (await world.journeys.show(BOB, view.session_id)).step_id == "vehicle_search"
        with pytest.raises(NotFound):
            await world.journeys.resume(BOB, link.token)
        with pytest.raises(Forbidden):
            await world.journeys.show(ADA, view.session_id)

    @pytest.mark.parametrize("meanwhile", ["is answered", "gets another link", "is erased"])
    async def test_a_link_opens_a_journey_to_which_something_happens_at_that_moment(
        self, world: World, monkeypatch: pytest.MonkeyPatch, meanwhile: str
    ) -> None:
        """Whatever it is, it waits for the link, and the link never waits for it."""
        view = await world.walk(await world.start(), {"knows_vehicle": True})
        link = await world.journeys.create_resume_link(ADA, view.session_id)
        store, loop, load = world.container.store, asyncio.get_running_loop(), SessionStore.load
        others: list[asyncio.Task[Any]] = []

        async def happen() -> None:
            match meanwhile:
                case "is answered":
                    work = world.walk(view, {"make": "Toyota"})
                case "gets another link":
                    work = world.journeys.create_resume_link(ADA, view.session_id)
                case _:
                    work = world.container.privacy.erase(Who(session_id=view.session_id))
            others.append(asyncio.create_task(work))
            await world.until_it_waits(others[0])

        def load_while_it_happens(tx: Transaction, session_id: str) -> StoredSession | None:
            # SQLite has one writer: whoever changes it there comes before or after.
            is_ours = "-write-" in threading.current_thread().name
            if is_ours and not others and tx.dialect == POSTGRESQL:
                asyncio.run_coroutine_threadsafe(happen(), loop).result(30)
            return load(store, tx, session_id)

        monkeypatch.setattr(store, "load", load_while_it_happens)
        assert (await world.journeys.resume(BOB, link.token)).session_id == view.session_id
        became = await asyncio.gather(*others, return_exceptions=True)
        is_erased = meanwhile == "is erased"
        assert [type(each) for each in became] in ([], [Erased if is_erased else Forbidden])
        with pytest.raises(NotFound):
            await world.journeys.resume(BOB, link.token)


class TestHistory:
    async def test_the_state_can_be_rebuilt_from_it(self, world: World) -> None:
        view = await world.walk(await world.walk_to_confirmation(), CONTACT)
        await world.journeys.goto(ADA, view.session_id, "vehicle_search")
        store, database = world.container.store, world.container.database
        stored = await database.read(lambda tx: store.load(tx, view.session_id))
        events = await database.read(lambda tx: store.events(tx, view.session_id))
        assert stored is not None
        program = await world.container.programs.pinned(stored.session.workflow_hash)

        rebuilt = replay(view.session_id, events, lambda _: program)

        assert to_json(rebuilt) == to_json(stored.session)

    async def test_what_stands_in_it_in_plain_says_nothing_personal(self, world: World) -> None:
        view = await world.walk(
            await world.start(),
            {"knows_vehicle": True},
            {"make": "Toyota", "postal_code": "60618"},
        )
        assert view.data["vehicles"][0]["distance_km"] is not None
        store, database = world.container.store, world.container.database

        events = await database.read(lambda tx: store.events(tx, view.session_id))
        await database.write(lambda tx: store.erase(tx, view.session_id))
        erased = await database.read(lambda tx: store.events(tx, view.session_id))

        assert "distance_km" in str(events[-1].personal)
        assert not any(word in str(erased) for word in ("60618", "distance_km", "search_execution"))
        # A digest of a request could be tried against every postal code.
        assert [event.request_hash for event in erased] == [None, None, None]

    async def test_it_shows_no_personal_data(self, world: World) -> None:
        view = await world.walk(await world.walk_to_confirmation(), CONTACT)

        shown = str(await world.journeys.history(ADA, view.session_id))

        assert "Toyota" in shown
        assert not any(secret in shown for secret in ("Byron", "ada@example.org", "60618"))
