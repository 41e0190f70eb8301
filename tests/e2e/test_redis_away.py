"""A page whose state is in Redis says so when Redis goes away, and goes on when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import StartApp
from tests.e2e.walks import answer, send, shows
from tests.integration.own_redis import OwnRedis, an_own_redis

NOTICED_MS = 30_000


@pytest.fixture
def searching(page: Page, start_app: StartApp, own_redis: OwnRedis) -> Page:
    """A page of a search, with a make typed into it."""
    address = start_app(TREX_REDIS_URL=own_redis.url)
    page.goto(f"{address}/j/buying")
    shows(page, "vehicle_knowledge")
    answer(page, {"knows_vehicle": "true"})
    shows(page, "vehicle_search")
    page.locator("input[name=make]").fill("Toyota")
    return page


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    with an_own_redis(tmp_path) as redis:
        yield redis


def test_a_page_says_that_it_waits_and_goes_on_by_itself(
    searching: Page, own_redis: OwnRedis
) -> None:
    own_redis.stop()
    send(searching)
    banner = searching.locator("[data-banner=connection]")
    expect(banner).to_contain_text("What you typed is still here", timeout=NOTICED_MS)
    expect(searching.locator("input[name=make]")).to_have_value("Toyota")
    own_redis.start()
    shows(searching, "search_results")
    expect(banner).to_have_count(0)
    searching.locator('[data-action="back"]').click()
    expect(searching.locator("input[name=make]")).to_have_value("Toyota")


def test_a_page_that_is_opened_meanwhile_comes_alive_when_redis_is_back(
    searching: Page, own_redis: OwnRedis
) -> None:
    own_redis.stop()
    searching.reload()
    banner = searching.locator("[data-banner=connection]")
    expect(banner).to_be_visible(timeout=NOTICED_MS)
    own_redis.start()
    expect(banner).to_have_count(0, timeout=NOTICED_MS)
    shows(searching, "vehicle_search")
