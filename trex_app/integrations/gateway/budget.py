"""How often may be called at all, and how often again: two buckets that fill with time."""

import random
from collections.abc import Callable
from threading import Lock

from trex_app.integrations.gateway.clock import GatewayClock
from trex_app.integrations.gateway.fault import PartnerFault
from trex_app.integrations.gateway.policy import PartnerPolicy

SPARE_RETRIES = 3.0
"""Retries that are free each minute, so that a partner called rarely gets any."""
SPARE_PERIOD_SECONDS = 60.0
SAVED_RETRIES_MOST = 10.0
LONGEST_HOLD_SECONDS = 60.0
LONGEST_BACKOFF_SECONDS = 2.0


class RetryBudget:
    """Allows retries in proportion to calls, so that they never become the load themselves."""

    def __init__(self, policy: PartnerPolicy, clock: GatewayClock) -> None:
        self._share, self._clock = policy.retry_share, clock
        self._lock = Lock()
        self._spare = SPARE_RETRIES
        self._earned = 0.0
        self._filled_at = clock.monotonic()

    def earn(self) -> None:
        """Count a call."""
        with self._lock:
            self._earned = min(self._earned + self._share, SAVED_RETRIES_MOST)

    def spend(self) -> bool:
        """Whether one more retry is allowed; counts it."""
        if self._share == 0:
            return False
        with self._lock:
            now = self._clock.monotonic()
            refill = (now - self._filled_at) / SPARE_PERIOD_SECONDS * SPARE_RETRIES
            self._spare = min(self._spare + refill, SPARE_RETRIES)
            self._filled_at = now
            # A tenth, added up ten times, is a little less than one.
            if self._earned >= 1 - 1e-9:
                self._earned -= 1
                return True
            if self._spare >= 1:
                self._spare -= 1
                return True
            return False


class Allowance:
    """The rate limit of one partner: ours, and the pauses it asks for itself."""

    def __init__(self, policy: PartnerPolicy, clock: GatewayClock) -> None:
        self._rate, self._clock = policy.calls_per_second, clock
        self._most = max(policy.calls_per_second, 1.0)
        self._lock = Lock()
        self._left = self._most
        self._filled_at = clock.monotonic()
        self._held_until = self._filled_at

    def take(self) -> None:
        """Count a call. Raises PartnerFault `limited` with the seconds to wait."""
        with self._lock:
            now = self._clock.monotonic()
            if now < self._held_until:
                raise PartnerFault("limited", self._held_until - now)
            self._left = min(self._left + (now - self._filled_at) * self._rate, self._most)
            self._filled_at = now
            if self._left < 1:
                raise PartnerFault("limited", (1 - self._left) / self._rate)
            self._left -= 1

    def hold(self, seconds: float) -> None:
        """Make no call for so long, a minute at most: the partner asked for it."""
        with self._lock:
            until = self._clock.monotonic() + min(seconds, LONGEST_HOLD_SECONDS)
            self._held_until = max(self._held_until, until)


def backoff(
    policy: PartnerPolicy, retry: int, chance: Callable[[], float] = random.random
) -> float:
    """Seconds before the nth retry (from 0): half to all of a time that doubles, with jitter."""
    full = min(policy.backoff_seconds * 2**retry, LONGEST_BACKOFF_SECONDS)
    return full * (0.5 + 0.5 * chance())
