"""Journeys over a real database: exactly once, whoever asks how often, and nothing lost."""

import asyncio
import uuid

import pytest

from tests.integration.world import ADA, BOB, CONTACT, World
from trex_app.core.errors import (
    Forbidden,
    IdempotencyMismatch,
    NotFound,
    SealedStep,
    SessionCompleted,
    StaleStep,
    Unauthenticated,
    ValidationFailed,
)
from trex_app.core.telemetry import REGISTRY
from trex_app.services.views import Caller, StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")

VEHICLE = {
    "make": "Ford",
    "model": "Focus",
    "year": 2019,
    "mileage_km": 42000,
    "condition": "good",
    "asking_price": 9000,
    "postal_code": "60618",
}


class TestExactlyOnce:
    @pytest.mark.parametrize("key", [None, "key-1"])
    async def test_fifty_equal_submits_are_one(self, world: World, key: str | None) -> None:
        view = await world.walk_to_confirmation()
        jobs_before = await world.count("lead")

        answers = await asyncio.gather(
            *(
                world.journeys.submit(
                    ADA, view.session_id, view.step_id, CONTACT, view.revision, key
                )
                for _ in range(50)
            )
        )

        assert len({str(answer) for answer in answers}) == 1
        assert answers[0].step_id == "buying_complete"
        assert await world.count("lead") == jobs_before + 1
        assert (await world.kinds(view)).count("submitted") == 5

    async def test_a_repeat_with_its_key_gets_the_same_answer_later_on(self, world: World) -> None:
        view = await world.start()
        submit = world.journeys.submit
        first = await submit(
            ADA, view.session_id, view.step_id, {"knows_vehicle": True}, idempotency_key="a"
        )
        await world.walk(first, {"make": "Toyota"})

        again = await submit(
            ADA, view.session_id, view.step_id, {"knows_vehicle": True}, idempotency_key="a"
        )

        assert (again.step_id, again.revision) == (first.step_id, first.revision)

    async def test_a_key_with_another_body_is_refused(self, world: World) -> None:
        view = await world.start()
        args = (ADA, view.session_id, view.step_id)
        await world.journeys.submit(*args, {"knows_vehicle": True}, idempotency_key="a")

        for other in ({"knows_vehicle": False}, {"nonsense": 1}):
            with pytest.raises(IdempotencyMismatch):
                await world.journeys.submit(*args, other, idempotency_key="a")

        assert (await world.kinds(view)).count("submitted") == 1

    async def test_a_key_used_again_at_the_current_step_is_recognised(self, world: World) -> None:
        view = await world.start()
        args = (ADA, view.session_id, view.step_id)
        await world.journeys.submit(*args, {"knows_vehicle": True}, idempotency_key="a")
        await world.journeys.back(ADA, view.session_id, "vehicle_search")

        with pytest.raises(IdempotencyMismatch):
            await world.journeys.submit(*args, {"knows_vehicle": False}, idempotency_key="a")
        again = await world.journeys.submit(*args, {"knows_vehicle": True}, idempotency_key="a")

        assert again.step_id == "vehicle_search"
        assert (await world.kinds(view)).count("submitted") == 1

    async def test_two_different_answers_at_once_keep_exactly_one(self, world: World) -> None:
        view = await world.start()
        answers = [{"knows_vehicle": number % 2 == 0} for number in range(20)]

        results = await asyncio.gather(
            *(
                world.journeys.submit(ADA, view.session_id, view.step_id, answer, view.revision)
                for answer in answers
            ),
            return_exceptions=True,
        )

        won = [r.step_id for r in results if isinstance(r, StepView)]
        lost = [r for r in results if isinstance(r, StaleStep)]
        assert len(set(won)) == 1
        assert len(won) == len(lost) == 10
        assert all(isinstance(error.current, StepView) for error in lost)
        assert (await world.kinds(view)).count("submitted") == 1


class TestTwoTabs:
    async def test_an_acknowledged_answer_is_never_lost(self, world: World) -> None:
        view = await world.start()
        ahead = await world.walk(view, {"knows_vehicle": True}, {"make": "Toyota"})

        with pytest.raises(StaleStep) as refused:
            await world.journeys.submit(
                ADA, view.session_id, view.step_id, {"knows_vehicle": False}, view.revision
            )

        assert refused.value.draft == {"knows_vehicle": False}
        current = refused.value.current
        assert isinstance(current, StepView)
        assert current.step_id == ahead.step_id == "search_results"

    async def test_a_late_answer_comes_back_with_its_masks(self, world: World) -> None:
        secrets = {"birth_date": "1980-05-05", "street": "Elm Street 5", "city": "Chicago"}
        view = await world.walk(
            await world.start("selling"),
            {"has_buyer": False},
            VEHICLE,
        )
        dealer_ids = [dealer["dealer_id"] for dealer in view.data["dealers"][:2]]
        view = await world.walk(view, {"dealer_ids": dealer_ids}, {"consent": True, **secrets})
        seen = await world.journeys.goto(ADA, view.session_id, "credit_consent")
        typed = {**seen.answers, "city": "Evanston"}
        assert set(secrets.values()).isdisjoint(seen.answers.values())

        with pytest.raises(StaleStep) as refused:
            await world.journeys.submit(
                ADA, view.session_id, "credit_consent", typed, revision=seen.revision - 1
            )

        assert refused.value.draft == typed

    async def test_a_mask_for_nothing_that_is_held_is_no_answer(self, world: World) -> None:
        view = await world.walk(await world.start("selling"), {"has_buyer": False}, VEHICLE)
        view = await world.walk(view, {"dealer_ids": [view.data["dealers"][0]["dealer_id"]]})
        made_up = {"birth_date": "•••", "street": "•••", "city": "•••"}

        with pytest.raises(ValidationFailed) as refused:
            await world.walk(view, {"consent": True, **made_up})

        assert [(e.field, e.code) for e in refused.value.errors] == [
            (name, "required") for name in made_up
        ]

    async def test_a_stale_back_shows_where_the_journey_is(self, world: World) -> None:
        view = await world.walk(await world.start(), {"knows_vehicle": True})
        ahead = await world.walk(view, {"make": "Toyota"})

        shown = await world.journeys.back(ADA, view.session_id, view.step_id, view.revision)

        assert (shown.step_id, shown.revision) == (ahead.step_id, ahead.revision)

    async def test_saving_for_later_in_two_tabs_at_once_is_no_conflict(self, world: World) -> None:
        view = await world.start()

        links = await asyncio.gather(
            *(world.journeys.create_resume_link(ADA, view.session_id) for _ in range(3))
        )

        last = max(links, key=lambda link: link.revision)
        assert [await world.journeys.can_resume(link.token) for link in links].count(True) == 1
        assert await world.journeys.can_resume(last.token)
        answered = await world.journeys.submit(
            ADA, view.session_id, view.step_id, {"knows_vehicle": True}, last.revision
        )
        assert answered.step_id == "vehicle_search"


class TestWhoMay:
    async def test_no_credential_another_persons_and_no_session(self, world: World) -> None:
        view = await world.start()

        with pytest.raises(Unauthenticated):
            await world.journeys.show(Caller(), view.session_id)
        with pytest.raises(Forbidden):
            await world.journeys.show(BOB, view.session_id)
        with pytest.raises(Forbidden):
            await world.journeys.show(ADA, "00000000-0000-4000-8000-000000000000")

    async def test_the_token_of_the_start_is_enough(self, world: World) -> None:
        view = await world.start()
        token = view.session_token
        assert token is not None

        shown = await world.journeys.show(Caller(tokens=frozenset({token})), view.session_id)
        assert shown.step_id == view.step_id
        forged = Caller(tokens=frozenset({token[:-2] + "xx"}))
        with pytest.raises(Forbidden):
            await world.journeys.show(forged, view.session_id)

    async def test_several_starts_of_one_id_at_once_begin_one_session(self, world: World) -> None:
        wanted = str(uuid.uuid4())

        views = await asyncio.gather(
            *(world.journeys.start(ADA, "buying", session_id=wanted) for _ in range(10))
        )

        assert {view.session_id for view in views} == {wanted}
        assert await world.kinds(views[0]) == ["started"]

    async def test_the_id_of_an_erased_session_is_not_given_again(self, world: World) -> None:
        view = await world.start()
        store, database = world.container.store, world.container.database
        await database.write(lambda tx: store.erase(tx, view.session_id))

        with pytest.raises(Forbidden):
            await world.journeys.start(ADA, "buying", session_id=view.session_id)

    async def test_a_known_session_is_taken_up_by_its_owner_only(self, world: World) -> None:
        view = await world.walk(await world.start(), {"knows_vehicle": True})

        again = await world.journeys.start(ADA, "buying", session_id=view.session_id)
        assert again.step_id == "vehicle_search"
        with pytest.raises(Forbidden):
            await world.journeys.start(BOB, "buying", session_id=view.session_id)


class TestOutside:
    async def test_saved_results_are_flagged_and_tried_anew_next_time(self, world: World) -> None:
        world.inventory.is_away = True
        try:
            view = await world.walk(await world.start(), {"knows_vehicle": True}, {"make": "Ford"})
        finally:
            world.inventory.is_away = False

        assert view.data["source"] == "saved"
        assert "saved results" in view.messages[0]

        await world.journeys.back(ADA, view.session_id, view.step_id)
        again = await world.journeys.submit(
            ADA, view.session_id, "vehicle_search", {"make": "Ford"}
        )
        assert again.data["source"] == "live"
        assert again.messages == ()

    async def test_what_no_longer_exists_is_refused_by_field(self, world: World) -> None:
        view = await world.walk(await world.start(), {"knows_vehicle": True}, {"make": "Ford"})

        with pytest.raises(ValidationFailed) as refused:
            await world.walk(view, {"vehicle_id": "gone"})

        assert [(e.field, e.code) for e in refused.value.errors] == [("vehicle_id", "exists")]

    async def test_a_count_comes_from_where_a_search_finds(self, world: World) -> None:
        view = await world.walk(await world.start(), {"knows_vehicle": True})
        wanted = (ADA, view.session_id, view.step_id, "vehicles.count", {"make": "Ford"})
        live = await world.journeys.lookup(*wanted)

        world.inventory.is_away = True
        try:
            saved = await world.journeys.lookup(*wanted)
        finally:
            world.inventory.is_away = False

        assert live == saved  # the partner of this world sells what our own table holds
        counted = REGISTRY.get_sample_value(
            "trex_lookups_total", {"lookup": "vehicles.count", "source": "saved"}
        )
        assert counted is not None

    async def test_a_screen_may_ask_only_what_it_declares(self, world: World) -> None:
        view = await world.walk(await world.start(), {"knows_vehicle": True})
        lookup = world.journeys.lookup

        counted = await lookup(
            ADA, view.session_id, view.step_id, "vehicles.count", {"make": "BMW"}
        )
        assert counted["total"] > 0
        with pytest.raises(NotFound):
            await lookup(ADA, view.session_id, view.step_id, "vin.decode", {"vin": "x"})
        with pytest.raises(ValidationFailed) as refused:
            await lookup(ADA, view.session_id, view.step_id, "vehicles.count", {"wheels": 4})
        assert refused.value.errors[0].field == "input.wheels"
        assert await world.kinds(view) == ["started", "submitted"]


class TestEnds:
    async def test_a_lead_without_consent_carries_no_credit_data(self, world: World) -> None:
        view = await world.walk(await world.start("selling"), {"has_buyer": False}, VEHICLE)
        dealer_ids = [dealer["dealer_id"] for dealer in view.data["dealers"][:1]]
        changed_mind = {"consent": False, "birth_date": "1980-05-05", "street": "Elm Street 5"}
        view = await world.walk(view, {"dealer_ids": dealer_ids}, changed_mind, CONTACT)
        ended = await world.walk(view, {"wants_replacement": False})

        lead = await world.container.leads.show_lead(ended.data["references"][0]["reference"])

        assert lead.details is not None
        assert lead.details["details"] == {"credit": None}
        seen = await world.journeys.goto(ADA, view.session_id, "credit_consent")
        assert seen.answers["birth_date"] is None

    async def test_a_key_is_recognised_where_its_step_is_sealed(self, world: World) -> None:
        view = await world.start("selling")
        has_buyer = (ADA, view.session_id, "has_buyer")
        await world.journeys.submit(*has_buyer, {"has_buyer": True}, idempotency_key="a")
        view = await world.walk(
            await world.journeys.show(ADA, view.session_id),
            VEHICLE,
            {"buyer_type": "dealer"},
            {**CONTACT, "dealer_name": "Bay", "dealer_email": "bay@example.com", "offer": 8500},
        )
        await world.journeys.goto(ADA, view.session_id, "has_buyer")

        with pytest.raises(IdempotencyMismatch):
            await world.journeys.submit(*has_buyer, {"has_buyer": False}, idempotency_key="a")

    async def test_what_was_sent_can_no_longer_change(self, world: World) -> None:
        view = await world.start("selling")
        view = await world.walk(
            view,
            {"has_buyer": True},
            VEHICLE,
            {"buyer_type": "dealer"},
            {
                **CONTACT,
                "dealer_name": "Bay Motors",
                "dealer_email": "bay@example.com",
                "offer": 8500,
            },
        )
        assert view.step_id == "replacement_check"
        await world.journeys.goto(ADA, view.session_id, "has_buyer")

        with pytest.raises(SealedStep) as refused:
            await world.journeys.submit(ADA, view.session_id, "has_buyer", {"has_buyer": False})

        assert refused.value.sent == ("Your sale to the dealer",)
        assert (await world.journeys.show(ADA, view.session_id)).step_id == "has_buyer"

    async def test_an_ended_journey_takes_no_more_answers(self, world: World) -> None:
        view = await world.walk(await world.walk_to_confirmation(), CONTACT)
        assert view.status == "completed"

        with pytest.raises(SessionCompleted):
            await world.journeys.submit(
                ADA, view.session_id, "vehicle_knowledge", {"knows_vehicle": False}
            )
        back = await world.journeys.back(ADA, view.session_id, view.step_id)
        assert back.step_id == "buying_confirmation"
        assert back.answers["first_name"] == "Ada"
