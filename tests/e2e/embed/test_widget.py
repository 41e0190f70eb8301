"""A journey inside a customer's page: it appears, is answered, and the page hears of it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget

FIRST = "vehicle_knowledge"
SECOND = "vehicle_search"


def heard(page: Page, kind: str) -> list[dict[str, Any]]:
    """The events of a type that the page has heard."""
    return page.evaluate("type => heard.filter((event) => event.type === type)", kind)


@pytest.fixture
def shown(page: Page, app: RunningApp, host: Host) -> Widget:
    """A page with one widget, whose first step can be answered."""
    page.goto(host.page(app.address, widget(app.address)))
    return Widget(page).until_ready()


def test_a_step_is_answered_and_the_page_hears_of_it(page: Page, shown: Widget) -> None:
    assert shown.step == FIRST
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    steps = [event["data"]["step"] for event in heard(page, "step-changed")]
    assert steps == [FIRST, SECOND]
    assert [event["data"]["step"] for event in heard(page, "before-submit")] == [FIRST]


def test_an_event_says_what_it_is_about_and_no_answer(page: Page, shown: Widget) -> None:
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    moved = heard(page, "step-changed")[-1]
    assert moved["instance"] == "acme/buying/"
    assert (moved["v"], moved["workflow"], moved["on"]) == (1, "buying", "widget")
    assert moved["data"]["progress"]["done"] == 1
    assert set(moved["data"]) == {"step", "title", "progress", "isMove"}


def test_the_frame_is_as_tall_as_its_content_and_shrinks_again(page: Page, shown: Widget) -> None:
    first = shown.settled_height()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    assert shown.settled_height() > first
    shown.press_back()
    shown.shows(FIRST)
    assert shown.settled_height() == first


def test_a_reload_of_the_page_goes_on_at_the_same_step(page: Page, shown: Widget) -> None:
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    page.reload()
    shown.until_ready()
    shown.shows(SECOND)


def test_who_leaves_the_page_and_comes_back_goes_on_at_the_same_step(
    page: Page, app: RunningApp, host: Host, shown: Widget
) -> None:
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    page.goto(host.page(app.address, "<p>Our cars</p>", path="/cars"))
    page.go_back()
    shown.until_ready()
    shown.shows(SECOND)


def test_a_page_may_hold_an_answer_back(page: Page, shown: Widget) -> None:
    page.evaluate(
        "widget.addEventListener('trex:before-submit', (e) => e.preventDefault(), {once: true})"
    )
    shown.answer(knows_vehicle="true")
    page.wait_for_function("heard.some((event) => event.type === 'before-submit')")
    expect(shown.frame.locator(f'[data-step="{FIRST}"]')).to_be_visible()
    shown.send()
    shown.shows(SECOND)
