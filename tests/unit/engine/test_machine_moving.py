"""What a step back and a jump decide, and what becomes of a session that is left for too long."""

from datetime import timedelta

import pytest

from tests.unit.engine.examples import NOW, begin, looked_at, visit_program, walk_through
from trex_app.core.errors import SessionExpired, ValidationFailed
from trex_app.engine import machine
from trex_app.engine.history import EventKind
from trex_app.engine.machine import NoPreviousStep, StepNotReached
from trex_app.engine.session import Position, Session

PROGRAM = visit_program()


def at_contact() -> Session:
    return walk_through(
        PROGRAM,
        begin(PROGRAM),
        ("welcome", {"wants_room": True}),
        ("wishes", {"beds": 2}),
        ("choose", {"room_id": "blue"}),
    )


class TestMoving:
    def test_back_goes_over_automatic_steps_and_across_frames(self) -> None:
        session = at_contact()
        seen = [session.cursor.step]
        while session.navigation_history:
            outcome = machine.back(PROGRAM, session, session.cursor.step, NOW)
            assert outcome is not None
            session = outcome.session
            seen.append(session.cursor.step)

        assert seen == ["contact", "choose", "wishes", "welcome"]

    def test_back_deletes_nothing(self) -> None:
        session = at_contact()

        outcome = machine.back(PROGRAM, session, "contact", NOW)

        assert outcome is not None
        assert outcome.session.answers == session.answers
        assert outcome.session.path == session.path
        assert outcome.events[0].kind is EventKind.BACK

    def test_there_is_nothing_before_the_first_step(self) -> None:
        with pytest.raises(NoPreviousStep):
            machine.back(PROGRAM, begin(PROGRAM), "welcome", NOW)

    def test_a_stale_back_moves_nothing(self) -> None:
        session = at_contact()

        assert machine.back(PROGRAM, session, "choose", NOW) is None
        assert machine.back(PROGRAM, session, "contact", NOW, session.revision - 1) is None

    def test_goto_reaches_every_screen_on_the_path_and_no_other(self) -> None:
        session = looked_at(PROGRAM, at_contact(), "welcome")

        forward = machine.goto(PROGRAM, session, "contact", NOW)
        assert forward is not None
        assert forward.session.cursor == Position("", "contact")
        with pytest.raises(StepNotReached):
            machine.goto(PROGRAM, session, "feedback", NOW)
        with pytest.raises(StepNotReached):
            machine.goto(PROGRAM, session, "search", NOW)

    def test_an_unknown_step_is_named_as_the_member_it_came_in(self) -> None:
        session = at_contact()

        for move, member in ((machine.goto, "step"), (machine.back, "currentStep")):
            with pytest.raises(ValidationFailed) as refused:
                move(PROGRAM, session, "cellar", NOW)
            assert [(e.field, e.code) for e in refused.value.errors] == [(member, "unknown_step")]

    def test_goto_to_where_one_is_moves_nothing(self) -> None:
        assert machine.goto(PROGRAM, begin(PROGRAM), "welcome", NOW) is None


class TestExpiry:
    def test_nothing_can_be_done_once_the_time_has_run_out(self) -> None:
        session = begin(PROGRAM)
        late = session.expires_at + timedelta(seconds=1)

        with pytest.raises(SessionExpired):
            machine.admit(PROGRAM, session, "welcome", {"wants_room": True}, late)
        with pytest.raises(SessionExpired):
            machine.goto(PROGRAM, session, "welcome", late)

    def test_a_completed_session_does_not_expire(self) -> None:
        session = walk_through(
            PROGRAM,
            begin(PROGRAM),
            ("welcome", {"wants_room": False}),
            ("contact", {"name": "Ada", "guests": 2}),
            ("feedback", {"stars": 5}),
        )

        moved = machine.goto(PROGRAM, session, "welcome", session.expires_at + timedelta(days=1))

        assert moved is not None
