"""Somebody with two tabs and too little, or too much, patience."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.property.walked import Walked
from trex_app.core.errors import (
    Conflict,
    IdempotencyMismatch,
    SealedStep,
    SessionCompleted,
    SessionExpired,
    StaleStep,
    ValidationFailed,
)
from trex_app.engine import lifecycle, machine
from trex_app.engine.history import Event
from trex_app.engine.lifecycle import Outcome
from trex_app.engine.session import Status
from trex_app.services.submissions import Submission


class Wanderer(Walked):
    """Somebody who answers in two tabs, goes back, jumps, repeats and is late, in any order."""

    @rule(minutes=st.integers(1, 50))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.is_open)
    @rule(steps=st.integers(1, 6))
    def answer_some_steps(self, steps: int) -> None:
        for _ in range(steps):
            self.answer_the_current_step()

    @precondition(lambda self: self.is_open)
    @rule()
    def look_in_the_other_tab(self) -> None:
        self.remembered.append((self.session.current_step, self.session.revision))

    @precondition(lambda self: self.is_open and self.remembered)
    @rule(at=st.integers(0, 10**6), says_revision=st.booleans(), has_key=st.booleans())
    def answer_in_the_other_tab(self, at: int, says_revision: bool, has_key: bool) -> None:
        """What is late never changes anything, and what was typed comes back to be kept."""
        step, seen = self.remembered[at % len(self.remembered)]
        before = self.session
        values = self.draw_answer(self.position_of(step))
        key = f"other-{len(self.submitted)}" if has_key else None
        is_late = before.current_step != step or (says_revision and before.revision != seen)
        try:
            self.submit(step, values, seen if says_revision else None, key)
            is_taken, draft = not is_late, values
        except StaleStep as refusal:
            is_taken, draft = False, refusal.draft
        except (ValidationFailed, SealedStep, SessionCompleted):
            is_taken, draft = False, values
        assert draft == values
        assert is_taken or self.session == before

    @precondition(lambda self: self.is_open and self.submitted)
    @rule(at=st.integers(0, 10**6))
    def repeat_an_earlier_submit(self, at: int) -> None:
        """An equal answer changes nothing; another one is refused, or is a new answer."""
        earlier = self.submitted[at % len(self.submitted)]
        before = self.session
        try:
            self.submit(earlier.step, earlier.data)
        except (StaleStep, SessionCompleted, SealedStep, ValidationFailed):
            assert self.session == before
        else:
            assert before.current_step == earlier.step or self.session == before

    @precondition(lambda self: self.is_open and self.keyed())
    @rule(at=st.integers(0, 10**6))
    def repeat_with_its_key(self, at: int) -> None:
        """However late, the answer is the one of the first time, and nothing happens again."""
        earlier, before = self.keyed()[at % len(self.keyed())], self.session
        event = self.event_of(earlier)
        view = self.desk.submit(earlier.step, earlier.data, None, earlier.idempotency_key)
        assert self.session == before
        if event.to in before.path:
            assert (view.cursor, view.revision) == (event.to, event.revision)

    @precondition(lambda self: self.is_open and self.keyed())
    @rule(at=st.integers(0, 10**6))
    def use_its_key_for_another_body(self, at: int) -> None:
        earlier, before = self.keyed()[at % len(self.keyed())], self.session
        other = {**earlier.data, **dict.fromkeys(earlier.data), "unheard": 1}
        with pytest.raises(IdempotencyMismatch):
            self.desk.submit(earlier.step, other, None, earlier.idempotency_key)
        assert self.session == before

    @precondition(lambda self: self.is_open)
    @rule(is_equal=st.booleans(), says_revision=st.booleans())
    def submit_in_both_tabs_at_once(self, is_equal: bool, says_revision: bool) -> None:
        """Of two answers one is taken; two equal ones count as one, and neither is refused."""
        before = self.session
        if self.program.screen(before.cursor) is None or before.status is Status.COMPLETED:
            return
        step, revision = before.current_step, before.revision if says_revision else None
        mine = self.draw_answer(before.cursor)
        theirs = mine if is_equal else self.draw_answer(before.cursor)
        taken: list[str] = []

        def submit(values: dict[str, Any], who: str) -> None:
            with contextlib.suppress(ValidationFailed, SealedStep, StaleStep, SessionCompleted):
                self.submit(step, values, revision)
                taken.append(who)

        self.desk.meanwhile = lambda: submit(theirs, "the other tab")
        submit(mine, "this tab")
        self.desk.meanwhile = None
        assert self.session.revision == before.revision + bool(taken)
        assert not is_equal or len(taken) != 1

    @precondition(lambda self: self.is_open)
    @rule(at=st.integers(0, 10**6))
    def an_effect_is_done_while_somebody_submits(self, at: int) -> None:
        self.desk.meanwhile = lambda: self.an_effect_is_done(at)
        self.answer_the_current_step()
        self.desk.meanwhile = None

    @precondition(lambda self: self.is_open and any(self.session.effects()))
    @rule(at=st.integers(0, 10**6))
    def an_effect_is_done(self, at: int) -> None:
        """What an effect yields comes in later, and no submit is stale because of it."""
        begun = list(self.session.effects())
        if begun:
            before = self.session
            position, result = begun[at % len(begun)]
            self.desk.effect_arrives(position, {**result.value, "decision": "approved"})
            changed = self.changes(before, self.session)
            assert changed <= {"results"}

    @precondition(lambda self: self.is_open)
    @rule(email=st.sampled_from([None, "ada@example.com"]))
    def save_for_later(self, email: str | None) -> None:
        before = self.session
        self.desk.keep(before, lifecycle.saved(before, self.now, email))
        assert self.changes(before, self.session) <= {"context", "revision", "updated_at"}

    @precondition(lambda self: self.is_open)
    @rule()
    def resume(self) -> None:
        before = self.session
        self.desk.keep(before, lifecycle.resumed(before, self.now))
        assert self.changes(before, self.session) <= {"revision", "updated_at"}

    @precondition(lambda self: self.is_open and self.session.status is Status.ACTIVE)
    @rule()
    def leave_it_for_too_long(self) -> None:
        """From then on everything is refused, and nothing of it is lost."""
        before = self.session
        self.now = before.expires_at + timedelta(seconds=1)
        with pytest.raises(SessionExpired):
            self.submit(before.current_step, {}, before.revision, "late")
        assert self.changes(before, self.session) == {"status", "revision"}
        expired = self.session
        for refused in (
            lambda: self.desk.submit(before.current_step, {}),
            lambda: machine.back(self.program, expired, before.current_step, self.now),
            lambda: machine.goto(self.program, expired, before.current_step, self.now),
            self.desk.open,
        ):
            with pytest.raises(SessionExpired):
                refused()
        assert self.session == expired

    @precondition(lambda self: not self.is_open or self.session.status is Status.COMPLETED)
    @rule()
    def start_anew(self) -> None:
        old = self.session
        lifecycle.check_is_over(old, self.now)
        given = machine.merged(old.dormant, old.answers)
        self.start(lifecycle.context_to_inherit(old), given)

    @precondition(lambda self: self.is_open)
    @rule()
    def go_back(self) -> None:
        session = self.session
        try:
            outcome = machine.back(self.program, session, session.current_step, self.now)
        except Conflict:
            assert not session.navigation_history
            return
        assert outcome is not None
        self.assert_only_moved(outcome)
        forward = machine.goto(self.program, outcome.session, session.current_step, self.now)
        assert forward is not None
        assert forward.session.cursor == session.cursor
        self.assert_only_moved(forward)
        self.desk.keep(session, outcome)

    @precondition(lambda self: self.is_open)
    @rule(at=st.integers(0, 10**6))
    def jump(self, at: int) -> None:
        position = self.session.path[at % len(self.session.path)]
        try:
            outcome = machine.goto(self.program, self.session, position.step, self.now)
        except Conflict:
            assert self.program.screen(position) is None
            return
        if outcome is not None:
            self.assert_only_moved(outcome)
            self.desk.keep(self.session, outcome)

    @precondition(lambda self: self.is_open and self.remembered)
    @rule(at=st.integers(0, 10**6))
    def go_back_in_the_other_tab(self, at: int) -> None:
        """A stale step back or jump moves nothing."""
        step, seen = self.remembered[at % len(self.remembered)]
        session = self.session
        if (step, seen) == (session.current_step, session.revision):
            return
        assert machine.back(self.program, session, step, self.now, seen) is None
        if seen != session.revision:
            for position in session.path:
                there = position.step
                assert machine.goto(self.program, session, there, self.now, seen) is None

    def keyed(self) -> list[Submission]:
        """The submits whose keys are in the history: a late repeat leaves none there."""
        known = {event.idempotency_key for event in self.desk.events} - {None}
        return [sent for sent in self.submitted if sent.idempotency_key in known]

    def event_of(self, sent: Submission) -> Event:
        key = sent.idempotency_key
        return next(event for event in self.desk.events if event.idempotency_key == key)

    def assert_only_moved(self, outcome: Outcome) -> None:
        assert self.changes(self.session, outcome.session) <= {"cursor", "revision", "updated_at"}
