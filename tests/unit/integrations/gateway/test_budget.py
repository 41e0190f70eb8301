"""Retries stay a tenth of the calls, calls stay within their rate, and pauses are kept."""

import pytest

from tests.unit.integrations.gateway.scripted import HandClock
from trex_app.integrations.gateway.budget import SPARE_RETRIES, Allowance, RetryBudget, backoff
from trex_app.integrations.gateway.fault import PartnerFault
from trex_app.integrations.gateway.policy import PartnerPolicy


def taken(allowance: Allowance, tries: int) -> int:
    count = 0
    for _ in range(tries):
        try:
            allowance.take()
        except PartnerFault:
            continue
        count += 1
    return count


def test_retries_are_a_tenth_of_the_calls_and_a_few_to_spare() -> None:
    budget = RetryBudget(PartnerPolicy(), HandClock())
    allowed = 0
    for _ in range(1000):
        budget.earn()
        allowed += budget.spend()
    assert allowed == 1000 * 0.1 + SPARE_RETRIES


def test_quiet_hours_save_up_ten_retries_at_most() -> None:
    budget = RetryBudget(PartnerPolicy(), HandClock())
    for _ in range(100_000):
        budget.earn()
    assert sum(budget.spend() for _ in range(100)) == 10 + SPARE_RETRIES


def test_a_partner_called_rarely_gets_its_few_retries_again() -> None:
    clock = HandClock()
    budget = RetryBudget(PartnerPolicy(), clock)
    assert [budget.spend() for _ in range(4)] == [True, True, True, False]
    clock.seconds += 20
    assert [budget.spend() for _ in range(2)] == [True, False]


def test_a_share_of_nothing_means_no_retry() -> None:
    budget = RetryBudget(PartnerPolicy(retry_share=0), HandClock())
    budget.earn()
    assert not budget.spend()


def test_a_second_may_have_its_calls_at_once_and_no_more() -> None:
    clock = HandClock()
    allowance = Allowance(PartnerPolicy(calls_per_second=5), clock)
    assert taken(allowance, 20) == 5
    clock.seconds += 0.5
    assert taken(allowance, 20) == 2
    clock.seconds += 3600
    assert taken(allowance, 20) == 5


def test_a_rate_below_one_a_second_still_lets_one_through() -> None:
    clock = HandClock()
    allowance = Allowance(PartnerPolicy(calls_per_second=0.1), clock)
    assert taken(allowance, 3) == 1
    with pytest.raises(PartnerFault) as refused:
        allowance.take()
    assert refused.value.reason == "limited"
    assert refused.value.retry_after_seconds == pytest.approx(10)


def test_a_partner_that_asks_for_a_pause_gets_it_for_a_minute_at_most() -> None:
    clock = HandClock()
    allowance = Allowance(PartnerPolicy(), clock)
    allowance.hold(86_400)
    clock.seconds += 59.9
    assert taken(allowance, 1) == 0
    clock.seconds += 0.2
    assert taken(allowance, 1) == 1


@pytest.mark.parametrize(("retry", "full"), [(0, 0.1), (1, 0.2), (2, 0.4), (9, 2.0)])
def test_each_wait_is_half_to_all_of_one_that_doubles(retry: int, full: float) -> None:
    policy = PartnerPolicy()
    assert backoff(policy, retry, lambda: 0.0) == pytest.approx(full / 2)
    assert backoff(policy, retry, lambda: 1.0) == pytest.approx(full)
    waits = [backoff(policy, retry) for _ in range(200)]
    assert all(full / 2 <= wait <= full for wait in waits)
    assert len(set(waits)) > 100
