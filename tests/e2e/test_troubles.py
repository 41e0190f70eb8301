"""The pages that nobody wants to see, in each language: they say what happened and lead on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Launch, RunningApp
from tests.e2e.long_ago import erase, left_behind
from tests.e2e.test_languages import english_on
from tests.e2e.test_screens import check_screen
from tests.e2e.walks import answer, begin, shows
from trex_app.core.texts import translate

NOTICED_MS = 30_000
OUT_OF_REACH = (
    "We cannot reach the server right now. What you typed is still here; "
    "we go on as soon as it answers."
)


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of the person."""
    return request.param


@pytest.fixture
def page(browser: Browser, base_url: str, language: str) -> Iterator[Page]:
    """A page of a person who speaks it."""
    context = browser.new_context(base_url=base_url, locale=language)
    yield context.new_page()
    context.close()


def path(language: str, plain: str) -> str:
    return f"/{language}{plain}" if language == "de" else plain


def check(page: Page, language: str, heading: str) -> None:
    """The page has this to say, in one language, to everybody, and its tab names the product."""
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    check_screen(page)
    assert language == "en" or english_on(page) == set()
    assert page.title().endswith("T-Rex")


def test_an_address_that_leads_nowhere(page: Page, language: str) -> None:
    found = page.goto(path(language, "/nowhere"))
    assert found is not None
    assert found.status == 404
    assert f'<html lang="{language}"' in found.text()
    check(page, language, "404")
    page.goto(path(language, "/j/flying"))
    check(page, language, translate("There is no such journey", language))


def test_a_resume_link_that_was_used(page: Page, language: str) -> None:
    page.goto(path(language, "/resume/used"))
    check(
        page,
        language,
        translate("This link no longer works", language),
    )


def test_a_journey_that_expired(page: Page, language: str, app: RunningApp) -> None:
    page.goto(path(language, "/privacy"))
    left_behind(app, page, "buying", {"vehicle_knowledge": {"knows_vehicle": True}})
    page.goto(path(language, "/j/buying"))
    check(page, language, translate("This journey has expired", language))
    page.get_by_role("button").last.click()
    shows(page, "vehicle_search")


def test_a_journey_that_is_lost(page: Page, language: str, app: RunningApp) -> None:
    page.goto(path(language, "/j/selling"))
    page.wait_for_url("**/j/selling/*")
    erase(app, page, "selling")
    answer(page, {"has_buyer": "true"})
    check(
        page,
        language,
        translate("This journey cannot be opened here", language),
    )
    assert page.title().count(" · ") == 1  # no step is on display, so the tab names none
    page.get_by_role("button", name=translate("Start a new one", language)).click()
    shows(page, "has_buyer")


def test_a_journey_that_cannot_be_shown_now(
    browser: Browser, launch: Launch, language: str
) -> None:
    crowded = launch(TREX_STARTS_PER_MINUTE="1").address
    with browser.new_context(base_url=crowded, locale=language) as context:
        page = context.new_page()
        begin(page, "buying")
        page.goto(path(language, "/j/selling"))
        heading = translate("This is not available right now", language)
        check(page, language, heading)
        retry = page.get_by_role("button", name=translate("Try again", language))
        retry.click()  # too early: the page stays, and so does the way on
        expect(retry).to_be_visible()


def test_a_server_that_is_out_of_reach(page: Page, language: str) -> None:
    page.goto(path(language, "/j/buying"))
    page.wait_for_url("**/j/buying/*")
    banner = page.locator('[data-banner="connection"]')
    page.context.set_offline(True)
    expect(banner).to_contain_text(
        translate(OUT_OF_REACH, language),
        timeout=NOTICED_MS,
    )
    check_screen(page)
    assert language == "en" or english_on(page) == set()
    page.context.set_offline(False)
    expect(banner).to_be_hidden(timeout=NOTICED_MS)
