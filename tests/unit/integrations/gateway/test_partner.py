"""What is told of a partner to whoever reads the metrics, also while nobody calls it."""

from tests.unit.integrations.gateway.scripted import PARTNER, HandClock
from trex_app.core import telemetry
from trex_app.integrations.gateway.circuit import Outcome, State
from trex_app.integrations.gateway.partner import Partner
from trex_app.integrations.gateway.policy import PartnerPolicy


def shown() -> dict[str, float]:
    """The states of the breaker as the metrics have them."""
    return {
        state.value: telemetry.REGISTRY.get_sample_value(
            "trex_partner_breaker_state", {"partner": PARTNER, "state": state}
        )
        or 0.0
        for state in State
    }


def a_partner(clock: HandClock) -> Partner:
    policy = PartnerPolicy(failures_in_a_row=1, open_seconds=10)
    return Partner(PARTNER, policy, clock, lambda _: None)


def test_a_pause_ends_in_the_metrics_although_nobody_calls() -> None:
    clock = HandClock()
    partner = a_partner(clock)
    assert shown() == {"closed": 1, "open": 0, "half_open": 0}
    partner.circuit.settle(partner.circuit.admit(), Outcome.FAILED)
    assert shown() == {"closed": 0, "open": 1, "half_open": 0}
    clock.seconds += 60
    assert shown() == {"closed": 0, "open": 0, "half_open": 1}


def test_refused_credentials_are_counted_before_there_are_any() -> None:
    a_partner(HandClock())
    labels = {"partner": PARTNER, "outcome": "unauthorised"}
    assert telemetry.REGISTRY.get_sample_value("trex_partner_calls_total", labels) is not None
