"""A client that asks too often is told how long to wait."""

from collections.abc import Awaitable, Callable

from tests.installation import TestSettings
from trex_app.api.rate_limit import RateLimits
from trex_app.core.errors import RateLimited

ALLOWED = 5


def limits_of(redis_url: str | None = None) -> RateLimits:
    return RateLimits(
        TestSettings(
            requests_per_minute=ALLOWED,
            starts_per_minute=1,
            redis_url=redis_url,
        )
    )


async def waits(admit: Callable[[str], Awaitable[None]], client: str) -> list[int]:
    """What many requests are told to wait; those that pass are told nothing."""
    seconds: list[int] = []
    for _ in range(4 * ALLOWED):
        try:
            await admit(client)
        except RateLimited as refused:
            seconds.append(refused.retry_after_seconds)
    return seconds


async def admitted(admit: Callable[[str], Awaitable[None]], client: str) -> int:
    """How many of many requests pass; twice as many as allowed where a new minute begins."""
    return 4 * ALLOWED - len(await waits(admit, client))


async def test_one_client_does_not_use_up_what_another_may() -> None:
    limits = limits_of()
    assert ALLOWED <= await admitted(limits.admit_request, "one") <= 2 * ALLOWED
    await limits.admit_request("other")


async def test_a_refusal_says_how_many_seconds_to_wait() -> None:
    seconds = await waits(limits_of().admit_request, "one")
    assert seconds
    assert all(1 <= wait <= 120 for wait in seconds)


async def test_new_sessions_have_a_limit_of_their_own() -> None:
    limits = limits_of()
    assert 1 <= await admitted(limits.admit_start, "one") <= 2
    await limits.admit_request("one")


async def test_processes_that_share_redis_count_together(redis_url: str) -> None:
    first, second = limits_of(redis_url), limits_of(redis_url)
    together = await admitted(first.admit_request, "shared")
    together += await admitted(second.admit_request, "shared")
    assert ALLOWED <= together <= 2 * ALLOWED


async def test_without_redis_each_process_counts_by_itself() -> None:
    limits = limits_of("redis://127.0.0.1:9/0")
    assert ALLOWED <= await admitted(limits.admit_request, "one") <= 2 * ALLOWED
