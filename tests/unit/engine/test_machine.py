"""What a start and a submit decide."""

from datetime import timedelta

import pytest

from tests.unit.engine.examples import (
    NOW,
    begin,
    looked_at,
    settle,
    submit,
    visit_program,
    walk_through,
)
from trex_app.core.errors import (
    SealedStep,
    SessionCompleted,
    StaleStep,
    ValidationFailed,
)
from trex_app.engine import machine
from trex_app.engine.history import EventKind
from trex_app.engine.loader import from_source
from trex_app.engine.program import Program
from trex_app.engine.session import Position, Session, Source, Status
from trex_app.engine.walk import Request, RequestKind

PROGRAM = visit_program()
WITH_ROOM = (
    ("welcome", {"wants_room": True}),
    ("wishes", {"beds": 2}),
    ("choose", {"room_id": "blue"}),
)
BOOKED = (("welcome", {"wants_room": False}), ("contact", {"name": "Ada", "guests": 2}))


def at_contact() -> Session:
    return walk_through(PROGRAM, begin(PROGRAM), *WITH_ROOM)


class TestStart:
    def test_a_session_begins_at_the_first_screen(self) -> None:
        session = begin(PROGRAM)

        assert session.cursor == Position("", "welcome")
        assert session.status is Status.ACTIVE
        assert session.revision == 1
        assert session.workflow_hash == PROGRAM.hash
        assert session.expires_at == NOW + timedelta(hours=PROGRAM.workflow.ttl_hours)

    def test_it_takes_only_the_context_that_the_workflow_declares(self) -> None:
        assert machine.client_context(PROGRAM, {"campaign": "spring"}) == {"campaign": "spring"}
        assert machine.client_context(PROGRAM, {"campaign": None}) == {}

        with pytest.raises(ValidationFailed) as refused:
            machine.client_context(PROGRAM, {"primaryIntent": "selling"})

        assert refused.value.errors[0].field == "context.primaryIntent"

    def test_a_long_key_of_a_context_is_not_said_back_in_full(self) -> None:
        with pytest.raises(ValidationFailed) as refused:
            machine.client_context(PROGRAM, {"k" * 300: "x"})

        (error,) = refused.value.errors
        assert error.field == f"context.{'k' * 60}…"
        assert "k" * 61 not in error.message

    @pytest.mark.parametrize("value", [{"a": 1}, ["a"], 5, True, "x" * 81])
    def test_its_context_holds_short_texts_only(self, value: object) -> None:
        with pytest.raises(ValidationFailed, match="Please check"):
            machine.client_context(PROGRAM, {"locale": value})

    def test_it_takes_up_earlier_answers_as_far_as_they_are_valid(self) -> None:
        earlier = at_contact()
        turn = machine.start(PROGRAM, "session-2", NOW, dormant=earlier.answers)

        session = settle(turn).finish().session

        assert session.cursor == Position("", "contact")
        assert session.answers == earlier.answers


class TestSubmit:
    def test_the_answer_decides_the_way(self) -> None:
        session = begin(PROGRAM)

        with_room = submit(PROGRAM, session, "welcome", {"wants_room": True}).session
        without = submit(PROGRAM, session, "welcome", {"wants_room": False}).session

        assert with_room.cursor == Position("room", "wishes")
        assert without.cursor == Position("", "contact")

    def test_a_lookup_is_asked_with_its_input_and_its_result_is_kept(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), *WITH_ROOM[:2])

        result = session.result_at(Position("room", "search"))

        assert session.cursor == Position("room", "choose")
        assert result is not None
        assert result.value == {"asked": {"beds": 2}}

    def test_outputs_of_a_called_workflow_reach_its_caller(self) -> None:
        result = at_contact().result_at(Position("", "room"))

        assert result is not None
        assert result.value == {"room_id": "blue"}

    def test_a_snapshot_of_what_exists_becomes_the_steps_result(self) -> None:
        result = at_contact().result_at(Position("room", "choose"))

        assert result is not None
        assert result.value == {"room_id": {"named": "blue"}}

    def test_an_effect_is_begun_once_with_a_key_of_its_input(self) -> None:
        outcome = submit(PROGRAM, at_contact(), "contact", {"name": "Ada"})

        [effect] = outcome.effects
        assert effect.kind is RequestKind.EFFECT
        assert effect.input == {"name": "Ada", "room": "blue"}
        assert (
            submit(PROGRAM, at_contact(), "contact", {"name": "Ada"}).effects[0].key == effect.key
        )
        assert submit(PROGRAM, at_contact(), "contact", {"name": "Bo"}).effects[0].key != effect.key

    def test_the_last_answer_completes_the_session(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), *BOOKED)

        outcome = submit(PROGRAM, session, "feedback", {"stars": 5})

        assert outcome.session.status is Status.COMPLETED
        assert outcome.session.current_step == "done"
        assert [event.kind for event in outcome.events] == [
            EventKind.SUBMITTED,
            EventKind.COMPLETED,
        ]
        assert outcome.events[1].data == {"outcome": "booked"}

    def test_each_submit_moves_the_revision_and_the_expiry(self) -> None:
        session = begin(PROGRAM)
        later = NOW + timedelta(hours=5)

        outcome = submit(PROGRAM, session, "welcome", {"wants_room": True}, later)

        assert outcome.session.revision == session.revision + 1
        assert outcome.session.expires_at - session.expires_at == timedelta(hours=5)

    def test_bad_values_are_refused_by_field(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), BOOKED[0])

        with pytest.raises(ValidationFailed) as refused:
            submit(PROGRAM, session, "contact", {"guests": 0, "pets": 1})

        assert {(e.field, e.code) for e in refused.value.errors} == {
            ("name", "required"),
            ("guests", "minimum"),
            ("pets", "unknown_field"),
        }

    def test_a_date_in_the_past_is_so_on_the_day_of_the_submit(self) -> None:
        born = {"type": "string", "title": "Born", "format": "date", "past": True}
        asking = {"title": "You", "component": "Form", "fields": {"born": born}}
        steps = {"you": {**asking, "next": [{"to": "done"}]}, "done": {"end": "done"}}
        source = {"id": "birth", "title": "Birth", "start": "you", "steps": steps}
        program = Program(from_source({"birth": source})["birth"])
        given = {"born": NOW.date().isoformat()}

        with pytest.raises(ValidationFailed) as refused:
            machine.admit(program, begin(program), "you", given, NOW)
        admitted = machine.admit(program, begin(program), "you", given, NOW + timedelta(days=1))

        assert refused.value.errors[0].code == "past"
        assert admitted.values == given

    def test_personal_values_are_set_apart_for_history(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), BOOKED[0])

        event = submit(PROGRAM, session, "contact", {"name": "Ada", "guests": 2}).events[0]

        assert event.data["values"] == {"guests": 2}
        assert event.personal["values"] == {"name": "Ada"}

    def test_an_unknown_step_is_named_as_such(self) -> None:
        with pytest.raises(ValidationFailed) as refused:
            machine.admit(PROGRAM, begin(PROGRAM), "nowhere", {}, NOW)

        assert refused.value.errors[0].code == "unknown_step"


class TestChangingAnEarlierAnswer:
    def test_what_lay_behind_it_becomes_dormant_and_comes_back(self) -> None:
        session = at_contact()

        without = submit(
            PROGRAM, looked_at(PROGRAM, session, "welcome"), "welcome", {"wants_room": False}
        )
        again = submit(
            PROGRAM, looked_at(PROGRAM, without.session, "welcome"), "welcome", {"wants_room": True}
        )

        assert without.session.cursor == Position("", "contact")
        assert "room" not in without.session.user_data
        assert without.session.dormant["room"]["wishes"].values == {"beds": 2}
        assert again.session.user_data == session.user_data

    def test_the_cursor_goes_to_the_next_screen_prefilled(self) -> None:
        session = at_contact()

        changed = submit(
            PROGRAM, looked_at(PROGRAM, session, "wishes"), "wishes", {"beds": 3}
        ).session

        assert changed.cursor == Position("room", "choose")

    def test_an_answer_given_for_another_result_no_longer_counts(self) -> None:
        session = at_contact()

        changed = submit(
            PROGRAM, looked_at(PROGRAM, session, "wishes"), "wishes", {"beds": 3}
        ).session

        assert changed.answer_at(Position("room", "choose")) is None
        assert changed.dormant_at(Position("room", "choose")) is not None
        assert changed.path[-1] == Position("room", "choose")

    def test_an_equal_answer_keeps_everything_behind_it(self) -> None:
        session = at_contact()

        same = submit(PROGRAM, looked_at(PROGRAM, session, "wishes"), "wishes", {"beds": 2}).session

        assert same.cursor == Position("room", "choose")
        assert same.path == session.path
        assert same.answers == session.answers

    def test_nothing_is_sent_for_an_answer_that_was_not_confirmed_now(self) -> None:
        """A dormant answer before an effect is offered again instead of taken up."""
        session = walk_through(PROGRAM, begin(PROGRAM), *WITH_ROOM)
        typed = machine.start(
            PROGRAM,
            "session-2",
            NOW,
            dormant=submit(PROGRAM, session, "contact", {"name": "Ada"}).session.answers,
        )

        outcome = settle(typed).finish()

        assert outcome.effects == ()
        assert outcome.session.cursor == Position("", "contact")
        assert outcome.session.answer_at(Position("", "contact")) is None
        assert outcome.session.dormant_at(Position("", "contact")) is not None


class TestSealedEffects:
    def test_a_change_of_what_was_sent_is_refused_and_says_what(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), *BOOKED)

        with pytest.raises(SealedStep) as refused:
            submit(
                PROGRAM,
                looked_at(PROGRAM, session, "contact"),
                "contact",
                {"name": "Bo", "guests": 2},
            )

        assert refused.value.sent == ("Your booking",)

    def test_a_change_that_leads_around_it_is_refused(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), *BOOKED)

        with pytest.raises(SealedStep):
            submit(PROGRAM, looked_at(PROGRAM, session, "welcome"), "welcome", {"wants_room": True})

    def test_a_change_that_sends_the_same_is_allowed(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), *BOOKED)

        changed = submit(
            PROGRAM, looked_at(PROGRAM, session, "contact"), "contact", {"name": "Ada", "guests": 4}
        )

        assert changed.effects == ()
        assert changed.session.cursor == Position("", "feedback")

    def test_one_may_look_back_behind_it(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), *BOOKED)

        assert looked_at(PROGRAM, session, "welcome").cursor == Position("", "welcome")


class TestStaleRequests:
    def test_an_equal_late_answer_is_a_repeat(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), BOOKED[0])

        admission = machine.admit(PROGRAM, session, "welcome", {"wants_room": False}, NOW)

        assert admission.is_repeat

    def test_another_late_answer_is_refused_and_kept_as_draft(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), BOOKED[0])

        with pytest.raises(StaleStep) as refused:
            machine.admit(PROGRAM, session, "welcome", {"wants_room": True}, NOW)

        assert refused.value.draft == {"wants_room": True}

    @pytest.mark.parametrize("step", ["welcome", "contact"])
    def test_a_value_of_another_kind_is_no_repeat(self, step: str) -> None:
        one_guest = ("contact", {"name": "Ada", "guests": 1})
        session = looked_at(
            PROGRAM, walk_through(PROGRAM, begin(PROGRAM), BOOKED[0], one_guest), step
        )
        equal_to_python = {"welcome": {"wants_room": 0}, "contact": {"name": "Ada", "guests": True}}

        with pytest.raises(ValidationFailed):
            machine.admit(PROGRAM, session, step, equal_to_python[step], NOW, session.revision)

    def test_an_old_revision_of_the_current_step_is_stale(self) -> None:
        session = begin(PROGRAM)
        there_and_back = looked_at(
            PROGRAM, submit(PROGRAM, session, "welcome", {"wants_room": True}).session, "welcome"
        )

        with pytest.raises(StaleStep):
            machine.admit(
                PROGRAM, there_and_back, "welcome", {"wants_room": False}, NOW, session.revision
            )

    def test_a_step_off_the_path_is_stale(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), BOOKED[0])

        with pytest.raises(StaleStep):
            machine.admit(PROGRAM, session, "wishes", {"beds": 1}, NOW)

    def test_equality_is_looked_at_before_completion(self) -> None:
        session = walk_through(PROGRAM, begin(PROGRAM), *BOOKED, ("feedback", {"stars": 5}))

        assert machine.admit(PROGRAM, session, "feedback", {"stars": 5}, NOW).is_repeat
        with pytest.raises(SessionCompleted):
            machine.admit(PROGRAM, session, "feedback", {"stars": 1}, NOW)


class TestLookups:
    def test_a_result_is_reused_while_input_and_age_allow(self) -> None:
        session = at_contact()
        asked: list[Request] = []

        def note(request: Request) -> tuple[object, Source]:
            asked.append(request)
            return {}, Source.LIVE

        soon, late = NOW + timedelta(minutes=29), NOW + timedelta(minutes=31)
        at_wishes = looked_at(PROGRAM, session, "wishes")
        submit(PROGRAM, at_wishes, "wishes", {"beds": 2}, soon, note)
        assert asked == []

        submit(PROGRAM, at_wishes, "wishes", {"beds": 2}, late, note)
        assert [request.name for request in asked] == ["rooms.search"]

    def test_a_result_from_a_fallback_is_not_reused(self) -> None:
        def saved(_: Request) -> tuple[object, Source]:
            return {"rooms": []}, Source.SAVED

        session = walk_through(PROGRAM, begin(PROGRAM), WITH_ROOM[0])
        session = submit(PROGRAM, session, "wishes", {"beds": 2}, supply=saved).session
        asked: list[str] = []

        def live(request: Request) -> tuple[object, Source]:
            asked.append(request.name)
            return {"rooms": ["blue"]}, Source.LIVE

        again = submit(
            PROGRAM, looked_at(PROGRAM, session, "wishes"), "wishes", {"beds": 2}, supply=live
        )

        assert asked == ["rooms.search"]
        result = again.session.result_at(Position("room", "search"))
        assert result is not None
        assert result.source is Source.LIVE
