"""Which steps can no longer change at all: exactly those whose every change would be refused."""

import pytest

from tests.unit.engine.examples import begin, looked_at, submit, visit_program, walk_through
from trex_app.core.errors import SealedStep
from trex_app.engine.sealing import is_sealed
from trex_app.engine.session import Session

PROGRAM = visit_program()
BOOKED = (("welcome", {"wants_room": False}), ("contact", {"name": "Ada", "guests": 2}))


def booked() -> Session:
    return walk_through(PROGRAM, begin(PROGRAM), *BOOKED)


def test_nothing_is_sealed_before_anything_was_sent() -> None:
    session = walk_through(PROGRAM, begin(PROGRAM), *BOOKED[:1])
    assert not is_sealed(PROGRAM, looked_at(PROGRAM, session, "welcome"))


def test_an_answer_that_decided_the_way_to_what_was_sent_is_sealed() -> None:
    assert is_sealed(PROGRAM, looked_at(PROGRAM, booked(), "welcome"))


def test_a_step_of_which_something_was_not_sent_can_still_change() -> None:
    session = looked_at(PROGRAM, booked(), "contact")
    assert not is_sealed(PROGRAM, session)
    submit(PROGRAM, session, "contact", {"name": "Ada", "guests": 4})  # and so it is taken
    with pytest.raises(SealedStep):
        submit(PROGRAM, session, "contact", {"name": "Bo", "guests": 2})


def test_a_step_that_is_not_answered_yet_is_open() -> None:
    assert not is_sealed(PROGRAM, booked())


def test_in_a_journey_that_is_over_every_answer_is_sealed() -> None:
    session = submit(PROGRAM, booked(), "feedback", {"stars": 5}).session
    for step in ("welcome", "contact", "feedback"):
        assert is_sealed(PROGRAM, looked_at(PROGRAM, session, step))
    assert not is_sealed(PROGRAM, session)  # its end asks nothing


def test_a_lookup_on_the_way_leaves_the_step_open() -> None:
    session = walk_through(
        PROGRAM,
        begin(PROGRAM),
        ("welcome", {"wants_room": True}),
        ("wishes", {"beds": 2}),
        ("choose", {"room_id": "blue"}),
        ("contact", {"name": "Ada"}),
    )
    assert not is_sealed(PROGRAM, looked_at(PROGRAM, session, "wishes"))
    assert is_sealed(PROGRAM, looked_at(PROGRAM, session, "choose"))
