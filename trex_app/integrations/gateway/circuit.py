"""The breaker of one partner: who may call now, and what each outcome changes.

pybreaker keeps the state and counts consecutive failures. What it lacks stands here: a rate over
a window, a gate for probes, an injected clock, growing pauses, and outcomes that say nothing. An
outcome is told to it when a call has ended, under one lock: its own context manager counts
outside its lock, and takes an excluded error, such as a cancellation, for a success.
"""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from threading import Lock

import pybreaker

from trex_app.integrations.gateway.clock import GatewayClock
from trex_app.integrations.gateway.fault import PartnerFault
from trex_app.integrations.gateway.policy import PartnerPolicy

PAUSE_JITTER = 0.2
"""A pause is up to this share longer, so that processes do not come back all at once."""
LOST_AFTER_TIMEOUTS = 2
MOST_DOUBLINGS = 16


class State(StrEnum):
    """Whether calls go through, none does, or a few that find out."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


STATES = {
    pybreaker.STATE_CLOSED: State.CLOSED,
    pybreaker.STATE_OPEN: State.OPEN,
    pybreaker.STATE_HALF_OPEN: State.HALF_OPEN,
}


class Outcome(Enum):
    """What a call tells about its partner. UNKNOWN, such as a cancellation, tells nothing.

    A slow answer is good for who waited for it, and a failure of the partner all the same.
    """

    ANSWERED = "answered"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PartnerHealth:
    """Whether a partner is well, and since when (UTC) that has been so."""

    partner: str
    state: State
    since: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """An open breaker as others may take it over: how long still, and which pause in a row."""

    seconds_left: float
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """Leave for one call, given in a certain spell of the breaker."""

    spell: int
    since: float


class _Failed(Exception):
    """Tells pybreaker about a failure."""


class Circuit:
    """Thread-safe; never waits. `on_change` hears of each new state, and whether it began here."""

    def __init__(
        self,
        partner: str,
        policy: PartnerPolicy,
        clock: GatewayClock,
        on_change: Callable[[State, bool], None] = lambda _state, _is_own: None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.partner = partner
        self._policy, self._clock, self._chance = policy, clock, chance
        self._on_change = on_change
        self._lock = Lock()
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=policy.failures_in_a_row, throw_new_error_on_trip=False
        )
        self._window = Window(policy)
        self._spell = 0
        self._since = clock.now()
        self._pauses = 0
        self._open_until = 0.0
        self._probes: set[Ticket] = set()

    def check(self) -> None:
        """Refuse early what `admit` would refuse. Raises PartnerFault `open`."""
        self._half_open_when_due()
        with self._lock:
            self._refuse_unless_free()

    def admit(self) -> Ticket:
        """Leave for one call; `settle` must follow. Raises PartnerFault `open`."""
        self._half_open_when_due()
        with self._lock:
            self._refuse_unless_free()
            ticket = Ticket(self._spell, self._clock.monotonic())
            if self._state is State.HALF_OPEN:
                self._probes.add(ticket)
            return ticket

    def settle(self, ticket: Ticket, outcome: Outcome) -> None:
        """Take in how a call ended. One from before the last change tells nothing any more."""
        with self._lock:
            self._probes.discard(ticket)
            if ticket.spell != self._spell or outcome is Outcome.UNKNOWN:
                return
            is_probe = self._state is State.HALF_OPEN
            is_failed = outcome is Outcome.FAILED
            self._tell_breaker(is_failed=is_failed)
            if not is_probe:
                self._window.add(self._clock.monotonic(), is_bad=is_failed)
                if self._state is State.CLOSED and self._window.is_bad:
                    self._breaker.open()
            state = self._state
            has_changed = state is not (State.HALF_OPEN if is_probe else State.CLOSED)
            if has_changed:
                self._begin_spell()
        if has_changed:
            self._on_change(state, True)

    def health(self) -> PartnerHealth:
        """How the partner is now."""
        self._half_open_when_due()
        with self._lock:
            return PartnerHealth(self.partner, self._state, self._since)

    def standing(self) -> tuple[State, Pause | None]:
        """What others may follow: the state, and what is left of the pause while open."""
        with self._lock:
            state = self._state
            if state is not State.OPEN:
                return state, None
            left = self._open_until - self._clock.monotonic()
            return state, Pause(max(left, 0.0), self._pauses)

    def adopt(self, pause: Pause | None) -> None:
        """Follow another process: open for the rest of its pause, or closed."""
        with self._lock:
            state = State.CLOSED if pause is None else State.OPEN
            has_changed = self._state is not state
            if has_changed:
                if pause is None:
                    self._breaker.close()
                else:
                    self._breaker.open()
                self._begin_spell()
            if pause is not None:
                self._pauses = pause.count
                self._open_until = self._clock.monotonic() + pause.seconds_left
        if has_changed:
            self._on_change(state, False)

    @property
    def _state(self) -> State:
        return STATES[self._breaker.current_state]

    def _refuse_unless_free(self) -> None:
        if self._state is State.OPEN:
            raise PartnerFault("open", self._open_until - self._clock.monotonic())
        if self._state is State.HALF_OPEN and self._running_probes() >= self._policy.probes:
            raise PartnerFault("open", self._policy.timeout_seconds)

    def _half_open_when_due(self) -> None:
        with self._lock:
            is_due = self._state is State.OPEN and self._clock.monotonic() >= self._open_until
            if is_due:
                self._breaker.half_open()
                self._begin_spell()
        if is_due:
            self._on_change(State.HALF_OPEN, True)

    def _running_probes(self) -> int:
        """Probes under way, also of an earlier try, but for those whose event loop has died."""
        patience = self._policy.timeout_seconds * LOST_AFTER_TIMEOUTS
        oldest = self._clock.monotonic() - patience
        self._probes = {probe for probe in self._probes if probe.since > oldest}
        return len(self._probes)

    def _tell_breaker(self, *, is_failed: bool) -> None:
        try:
            self._breaker.call(_fail if is_failed else _pass)
        except _Failed:
            return

    def _begin_spell(self) -> None:
        self._spell += 1
        self._since = self._clock.now()
        self._window.clear()
        match self._state:
            case State.OPEN:
                doublings = min(self._pauses, MOST_DOUBLINGS)
                self._pauses += 1
                pause = min(
                    self._policy.open_seconds * 2**doublings, self._policy.open_seconds_most
                )
                pause *= 1 + PAUSE_JITTER * self._chance()
                self._open_until = self._clock.monotonic() + pause
            case State.CLOSED:
                self._pauses = 0
            case State.HALF_OPEN:
                pass


class Window:
    """Calls and bad ones of the last seconds, counted second by second."""

    def __init__(self, policy: PartnerPolicy) -> None:
        self._policy = policy
        self._seconds: deque[list[int]] = deque()
        self._calls = 0
        self._bad = 0

    @property
    def is_bad(self) -> bool:
        """Whether enough calls were made, and too many of them were bad."""
        enough = self._calls >= self._policy.window_calls
        return enough and self._bad >= self._policy.failure_share * self._calls

    def add(self, at: float, *, is_bad: bool) -> None:
        """Count a call, and forget what is older than the window."""
        second = int(at)
        while self._seconds and self._seconds[0][0] <= second - self._policy.window_seconds:
            _, calls, bad = self._seconds.popleft()
            self._calls -= calls
            self._bad -= bad
        if not self._seconds or self._seconds[-1][0] != second:
            self._seconds.append([second, 0, 0])
        self._seconds[-1][1] += 1
        self._seconds[-1][2] += is_bad
        self._calls += 1
        self._bad += is_bad

    def clear(self) -> None:
        """Forget everything."""
        self._seconds.clear()
        self._calls = self._bad = 0


def _fail() -> None:
    raise _Failed


def _pass() -> None:
    return None
