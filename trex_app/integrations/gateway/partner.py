"""One partner as this process sees it: its policy, breaker, budgets, and what is counted."""

from collections.abc import Callable
from functools import partial

import structlog

from trex_app.core import telemetry
from trex_app.integrations.gateway.budget import Allowance, RetryBudget
from trex_app.integrations.gateway.circuit import Circuit, State
from trex_app.integrations.gateway.clock import GatewayClock
from trex_app.integrations.gateway.policy import PartnerPolicy

log = structlog.get_logger(__name__)


class Partner:
    """Shared by all event loops of the process; nothing in it waits."""

    def __init__(
        self,
        name: str,
        policy: PartnerPolicy,
        clock: GatewayClock,
        tell: Callable[[Circuit], None],
    ) -> None:
        self.name, self.policy = name, policy
        self._tell = tell
        self.circuit = Circuit(name, policy, clock, self._circuit_changed)
        self.retries = RetryBudget(policy, clock)
        self.allowance = Allowance(policy, clock)
        self.attempt_seconds = telemetry.PARTNER_DURATION_SECONDS.labels(name)
        self.open_attempts = telemetry.PARTNER_OPEN_CALLS.labels(name)
        # There from the start: an alert asks how much it grew.
        telemetry.PARTNER_CALLS.labels(name, "unauthorised")
        for state in State:
            shown = telemetry.BREAKER_STATE.labels(name, state)
            shown.set_function(partial(self._is_in, state))

    def count(self, outcome: str) -> None:
        """Count an answer, or why there was none."""
        telemetry.PARTNER_CALLS.labels(self.name, outcome).inc()

    def count_retry(self, decision: str) -> None:
        """Count a failed attempt by what was decided: `repeated` or `withheld`."""
        telemetry.PARTNER_RETRIES.labels(self.name, decision).inc()

    def _circuit_changed(self, state: State, is_own: bool) -> None:
        telemetry.BREAKER_CHANGES.labels(self.name, state).inc()
        say = log.warning if state is State.OPEN else log.info
        say("partner_breaker_changed", partner=self.name, state=state.value, is_own=is_own)
        if is_own and state is not State.HALF_OPEN:
            self._tell(self.circuit)

    def _is_in(self, state: State) -> bool:
        """Whether the breaker is in a state at the moment somebody looks.

        A pause ends also where nobody calls the partner.
        """
        return self.circuit.health().state is state
