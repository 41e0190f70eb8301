"""The breaker against a simple model of it, whatever happens in whatever order."""

import math
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.unit.integrations.gateway.scripted import HandClock
from trex_app.integrations.gateway.circuit import Circuit, Outcome, Pause, State, Ticket
from trex_app.integrations.gateway.fault import PartnerFault
from trex_app.integrations.gateway.policy import PartnerPolicy

POLICY = PartnerPolicy(failures_in_a_row=3, window_calls=6, window_seconds=10)
JITTER = 0.5
OUTCOMES = st.sampled_from([*[Outcome.FAILED] * 6, *[Outcome.ANSWERED] * 4, Outcome.UNKNOWN])


@dataclass
class Model:
    """A breaker written down plainly: every outcome of the current state, and when it came."""

    state: State = State.CLOSED
    outcomes: list[tuple[float, Outcome]] = field(default_factory=list)
    open_until: float = 0.0
    pauses: int = 0
    spell: int = 0

    def go(self, state: State, now: float) -> None:
        self.state, self.outcomes = state, []
        self.spell += 1
        if state is State.OPEN:
            pause = min(POLICY.open_seconds * 2**self.pauses, POLICY.open_seconds_most)
            self.open_until = now + pause * (1 + 0.2 * JITTER)
            self.pauses += 1
        elif state is State.CLOSED:
            self.pauses = 0

    def look(self, now: float) -> None:
        if self.state is State.OPEN and now >= self.open_until:
            self.go(State.HALF_OPEN, now)

    def admits(self, now: float, probes: int) -> bool:
        self.look(now)
        return self.state is State.CLOSED or (self.state is State.HALF_OPEN and probes < 3)

    def hear(self, outcome: Outcome, now: float) -> None:
        if outcome is Outcome.UNKNOWN:
            return
        if self.state is State.HALF_OPEN:
            self.go(State.OPEN if outcome is Outcome.FAILED else State.CLOSED, now)
            return
        self.outcomes.append((now, outcome))
        if self.is_failing_in_a_row() or self.is_failing_often(now):
            self.go(State.OPEN, now)

    def is_failing_in_a_row(self) -> bool:
        last = [outcome for _, outcome in self.outcomes][-POLICY.failures_in_a_row :]
        return last == [Outcome.FAILED] * POLICY.failures_in_a_row

    def is_failing_often(self, now: float) -> bool:
        begin = math.floor(now) - POLICY.window_seconds
        recent = [outcome for at, outcome in self.outcomes if math.floor(at) > begin]
        bad = sum(outcome is Outcome.FAILED for outcome in recent)
        return len(recent) >= POLICY.window_calls and bad >= len(recent) / 2


@dataclass(frozen=True)
class Call:
    """A call under way, and the state's number it began in."""

    ticket: Ticket
    spell: int
    is_probe: bool


class Breaker(RuleBasedStateMachine):
    """Calls that begin, end late or never, time that passes, and word from other processes."""

    @initialize()
    def begin(self) -> None:
        self.clock = HandClock()
        self.heard: list[State] = []
        self.circuit = Circuit("crm", POLICY, self.clock, self.note, lambda: JITTER)
        self.model = Model()
        self.running: list[Call] = []

    def note(self, state: State, is_own: bool) -> None:
        self.heard.append(state)

    @rule(seconds=st.floats(0, 1.5) | st.sampled_from([5.0, 11.0, 22.0, 70.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock.seconds += seconds

    @rule()
    def a_call_begins(self) -> None:
        if not self.model.admits(self.clock.seconds, self.probes()):
            with pytest.raises(PartnerFault, match="open"):
                self.circuit.admit()
            return
        ticket = self.circuit.admit()
        is_probe = self.model.state is State.HALF_OPEN
        self.running.append(Call(ticket, self.model.spell, is_probe))

    @precondition(lambda self: self.running)
    @rule(at=st.integers(0, 10**6), outcome=OUTCOMES)
    def a_call_ends(self, at: int, outcome: Outcome) -> None:
        call = self.running.pop(at % len(self.running))
        self.circuit.settle(call.ticket, outcome)
        if call.spell == self.model.spell:
            self.model.hear(outcome, self.clock.seconds)

    @rule(outcomes=st.lists(OUTCOMES, min_size=1, max_size=12))
    def calls_one_after_the_other(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            before = len(self.running)
            self.a_call_begins()
            if len(self.running) > before:
                self.a_call_ends(before, outcome)

    @rule(seconds=st.floats(0.1, 60), count=st.integers(1, 4))
    def another_process_opens(self, seconds: float, count: int) -> None:
        self.circuit.adopt(Pause(seconds, count))
        if self.model.state is not State.OPEN:
            self.model.go(State.OPEN, self.clock.seconds)
        self.model.open_until = self.clock.seconds + seconds
        self.model.pauses = count

    @rule()
    def another_process_closes(self) -> None:
        self.circuit.adopt(None)
        if self.model.state is not State.CLOSED:
            self.model.go(State.CLOSED, self.clock.seconds)

    def probes(self) -> int:
        """Those under way, but for those that are given up for lost."""
        oldest = self.clock.seconds - 2 * POLICY.timeout_seconds
        return sum(call.is_probe and call.ticket.since > oldest for call in self.running)

    @invariant()
    def both_are_in_the_same_state(self) -> None:
        self.model.look(self.clock.seconds)
        assert self.circuit.health().state is self.model.state

    @invariant()
    def the_pause_is_the_same(self) -> None:
        state, pause = self.circuit.standing()
        if state is State.OPEN:
            assert pause is not None
            left = self.model.open_until - self.clock.seconds
            assert pause.seconds_left == pytest.approx(left)
            assert pause.count == self.model.pauses

    @invariant()
    def every_change_was_told_once(self) -> None:
        told = [State.CLOSED, *self.heard]
        assert len(self.heard) == self.model.spell
        assert told[-1] is self.model.state
        assert all(one is not next_one for one, next_one in pairwise(told))


def test_the_breaker_does_what_its_model_does() -> None:
    run_state_machine_as_test(
        Breaker, settings=settings(max_examples=300, stateful_step_count=40, deadline=None)
    )
