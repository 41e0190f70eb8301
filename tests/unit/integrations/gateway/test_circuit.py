"""The breaker: what trips it, what does not, who may try, and how long it pauses."""

from threading import Thread

import pytest

from tests.unit.integrations.gateway.scripted import BEGIN, HandClock
from trex_app.integrations.gateway.circuit import Circuit, Outcome, State, Ticket
from trex_app.integrations.gateway.fault import PartnerFault
from trex_app.integrations.gateway.policy import PartnerPolicy

POLICY = PartnerPolicy()


class Changes(list[tuple[State, bool]]):
    """What a circuit said about itself."""

    def note(self, state: State, is_own: bool) -> None:
        self.append((state, is_own))


def a_circuit(clock: HandClock, chance: float = 0.0, changes: Changes | None = None) -> Circuit:
    heard = changes if changes is not None else Changes()
    return Circuit("crm", POLICY, clock, heard.note, lambda: chance)


def call(circuit: Circuit, *outcomes: Outcome) -> None:
    for outcome in outcomes:
        circuit.settle(circuit.admit(), outcome)


def opened(clock: HandClock, chance: float = 0.0) -> Circuit:
    circuit = a_circuit(clock, chance)
    call(circuit, *[Outcome.FAILED] * 5)
    assert circuit.health().state is State.OPEN
    return circuit


def seconds_open(circuit: Circuit, clock: HandClock) -> float:
    """How long it refuses from now on; the clock is there after."""
    with pytest.raises(PartnerFault) as refused:
        circuit.admit()
    wait = refused.value.retry_after_seconds
    assert wait is not None
    clock.seconds += wait * 0.999
    assert circuit.health().state is State.OPEN
    clock.seconds += wait * 0.0011
    assert circuit.health().state is State.HALF_OPEN
    return wait


def test_five_failures_in_a_row_open_it() -> None:
    circuit = a_circuit(HandClock())
    call(circuit, *[Outcome.FAILED] * 4)
    assert circuit.health().state is State.CLOSED
    call(circuit, Outcome.FAILED)
    assert circuit.health().state is State.OPEN


def test_an_answer_between_begins_the_count_anew() -> None:
    circuit = a_circuit(HandClock())
    call(circuit, *[Outcome.FAILED] * 4, Outcome.ANSWERED, *[Outcome.FAILED] * 4)
    assert circuit.health().state is State.CLOSED


def test_half_of_twenty_calls_within_the_window_open_it() -> None:
    circuit = a_circuit(HandClock())
    call(circuit, *[Outcome.FAILED, Outcome.ANSWERED] * 9, Outcome.FAILED)
    assert circuit.health().state is State.CLOSED
    call(circuit, Outcome.ANSWERED)
    assert circuit.health().state is State.OPEN


def test_what_is_older_than_the_window_does_not_count() -> None:
    clock = HandClock()
    circuit = a_circuit(clock)
    call(circuit, *[Outcome.FAILED, Outcome.ANSWERED] * 9)
    clock.seconds += 11
    call(circuit, Outcome.FAILED, Outcome.ANSWERED)
    assert circuit.health().state is State.CLOSED


@pytest.mark.parametrize(("seconds", "state"), [(9.9, State.OPEN), (10.0, State.CLOSED)])
def test_the_window_is_ten_seconds(seconds: float, state: State) -> None:
    clock = HandClock()
    circuit = a_circuit(clock)
    call(circuit, *[Outcome.FAILED, Outcome.ANSWERED] * 9)
    clock.seconds += seconds
    call(circuit, Outcome.FAILED, Outcome.ANSWERED)
    assert circuit.health().state is state


def test_a_cancelled_call_tells_nothing() -> None:
    circuit = a_circuit(HandClock())
    call(circuit, *[Outcome.FAILED] * 4, *[Outcome.UNKNOWN] * 30)
    assert circuit.health().state is State.CLOSED
    call(circuit, Outcome.FAILED)
    assert circuit.health().state is State.OPEN


def test_a_cancelled_probe_does_not_close_it_and_frees_its_place() -> None:
    clock = HandClock()
    circuit = opened(clock)
    clock.seconds += 10
    for _ in range(7):
        call(circuit, Outcome.UNKNOWN)
    assert circuit.health().state is State.HALF_OPEN


def test_open_it_lets_nobody_through_and_says_how_long() -> None:
    clock = HandClock()
    circuit = opened(clock)
    clock.seconds += 4
    with pytest.raises(PartnerFault) as refused:
        circuit.admit()
    assert (refused.value.reason, refused.value.retry_after_seconds) == ("open", 6.0)


def test_after_the_pause_three_may_try_at_once() -> None:
    clock = HandClock()
    circuit = opened(clock)
    clock.seconds += 10
    probes = [circuit.admit() for _ in range(3)]
    with pytest.raises(PartnerFault):
        circuit.admit()
    circuit.settle(probes[0], Outcome.UNKNOWN)
    assert circuit.admit()


def test_one_good_probe_closes_it() -> None:
    clock = HandClock()
    circuit = opened(clock)
    clock.seconds += 10
    call(circuit, Outcome.ANSWERED)
    assert circuit.health().state is State.CLOSED


def test_one_bad_probe_opens_it_again() -> None:
    clock = HandClock()
    circuit = opened(clock)
    clock.seconds += 10
    call(circuit, Outcome.FAILED)
    assert circuit.health().state is State.OPEN


def test_pauses_double_up_to_a_minute_and_begin_anew_once_closed() -> None:
    clock = HandClock()
    circuit = opened(clock)
    pauses: list[float] = []
    for _ in range(5):
        pauses.append(seconds_open(circuit, clock))
        call(circuit, Outcome.FAILED)
    assert pauses == pytest.approx([10, 20, 40, 60, 60])
    seconds_open(circuit, clock)
    call(circuit, Outcome.ANSWERED, *[Outcome.FAILED] * 5)
    assert seconds_open(circuit, clock) == pytest.approx(10)


@pytest.mark.parametrize(("chance", "pause"), [(0.0, 10.0), (0.5, 11.0), (1.0, 12.0)])
def test_a_pause_has_jitter_of_a_fifth_at_most(chance: float, pause: float) -> None:
    clock = HandClock()
    assert seconds_open(opened(clock, chance), clock) == pytest.approx(pause)


def test_a_call_from_before_a_change_tells_nothing_after_it() -> None:
    clock = HandClock()
    circuit = a_circuit(clock)
    early = [circuit.admit() for _ in range(6)]
    call(circuit, *[Outcome.FAILED] * 5)
    clock.seconds += 10
    assert circuit.health().state is State.HALF_OPEN
    for ticket, outcome in zip(early, [Outcome.ANSWERED, Outcome.FAILED] * 3, strict=True):
        circuit.settle(ticket, outcome)
    assert circuit.health().state is State.HALF_OPEN


def test_a_probe_whose_event_loop_died_gives_up_its_place_in_time() -> None:
    clock = HandClock()
    circuit = opened(clock)
    clock.seconds += 10
    for _ in range(3):
        circuit.admit()
    clock.seconds += 2 * POLICY.timeout_seconds
    assert circuit.admit()


def test_probes_of_an_earlier_try_that_still_run_count_too() -> None:
    clock = HandClock()
    policy = PartnerPolicy(timeout_seconds=20)
    circuit = Circuit("email", policy, clock, chance=lambda: 0.0)
    call(circuit, *[Outcome.FAILED] * 5)
    clock.seconds += 10
    for _ in range(2):
        circuit.admit()
    call(circuit, Outcome.FAILED)
    clock.seconds += 20
    circuit.admit()
    with pytest.raises(PartnerFault):
        circuit.admit()


def test_it_says_since_when_it_is_in_its_state() -> None:
    clock = HandClock()
    circuit = a_circuit(clock)
    assert circuit.health().since == BEGIN
    clock.seconds += 30
    call(circuit, *[Outcome.FAILED] * 5)
    assert (circuit.health().since - BEGIN).total_seconds() == 30


def test_it_tells_of_each_new_state_once_and_where_it_began() -> None:
    clock, changes = HandClock(), Changes()
    circuit = a_circuit(clock, changes=changes)
    call(circuit, *[Outcome.FAILED] * 5)
    clock.seconds += 10
    call(circuit, Outcome.ANSWERED)
    circuit.adopt(None)
    assert changes == [(State.OPEN, True), (State.HALF_OPEN, True), (State.CLOSED, True)]


def test_it_follows_another_process_into_a_pause_and_out_of_it() -> None:
    clock, changes = HandClock(), Changes()
    leader, follower = opened(clock), a_circuit(clock, changes=changes)
    clock.seconds += 4
    state, pause = leader.standing()
    assert state is State.OPEN
    follower.adopt(pause)
    assert seconds_open(follower, clock) == pytest.approx(6)
    call(follower, Outcome.FAILED)
    assert seconds_open(follower, clock) == pytest.approx(20)
    follower.adopt(None)
    assert follower.health().state is State.CLOSED
    assert changes[0] == (State.OPEN, False)
    assert changes[-1] == (State.CLOSED, False)


def test_threads_lose_no_failure() -> None:
    """Each thread's failures stay below what opens; together they reach it exactly."""
    policy = PartnerPolicy(failures_in_a_row=4000, window_calls=10_000)
    circuit = Circuit("crm", policy, HandClock())
    tickets: list[Ticket] = [circuit.admit() for _ in range(4000)]

    def fail(mine: list[Ticket]) -> None:
        for ticket in mine:
            circuit.settle(ticket, Outcome.FAILED)

    threads = [Thread(target=fail, args=(tickets[part::4],)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert circuit.health().state is State.OPEN
