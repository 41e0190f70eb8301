"""What a step looks like when things are not as they should be: slow, away, refused, expired."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from tests.e2e.absent_partners import SERVE_WITH_ABSENT_PARTNERS, absent
from tests.e2e.conftest import Launch, RunningApp
from tests.e2e.long_ago import left_behind
from tests.e2e.test_screens import check_screen
from tests.e2e.walks import WALKS, Walk, answer, begin, control, fill, move_on, send, shows, step_of

SEARCHED = WALKS["buying by a search"]
OFFERED = WALKS["selling to the network, then buying"]
LATER_MS = 30_000  # for what waits for the server


@pytest.fixture(scope="module")
def app(launch: Launch) -> RunningApp:
    """The app over partners that can be absent."""
    return launch(serve=SERVE_WITH_ABSENT_PARTNERS)


@pytest.fixture
def page(browser: Browser, app: RunningApp) -> Iterator[Page]:
    """A page of that app."""
    context = browser.new_context(base_url=app.address)
    yield context.new_page()
    context.close()


def walk_to(page: Page, walk: Walk, wanted: str) -> None:
    """Answer step after step until the wanted one is on display."""
    step = begin(page, walk.journey)
    while step != wanted:
        step = move_on(page, walk)
    shows(page, wanted)


def loading(page: Page) -> Locator:
    """The bar along the upper edge, as a reader hears of it."""
    return page.get_by_role("status").filter(has_text="Loading")


def test_every_kind_of_step_is_sound_empty_refused_and_filled_in(page: Page) -> None:
    step, seen = begin(page, SEARCHED.journey), 0
    while step != SEARCHED.end:
        check_screen(page)
        send(page)  # of buying, each step refuses an empty answer
        expect(page.locator("#error-summary")).to_be_focused()
        check_screen(page)
        for name, value in SEARCHED.answers[step].items():
            fill(page, name, value)
        check_screen(page)
        send(page)
        expect(page.locator(f'[data-step]:not([data-step="{step}"])')).to_be_visible()
        step, seen = step_of(page), seen + 1
    assert seen == len(SEARCHED.answers)


def test_until_the_state_is_there_an_outline_stands_in_its_place(page: Page) -> None:
    walk_to(page, SEARCHED, "vehicle_selection")
    held: list[str] = []

    def hold(socket: WebSocketRoute) -> None:
        held.append(socket.url)  # and it leads nowhere

    page.route_web_socket(re.compile("/_event/"), hold)
    for step in ("vehicle_search", "search_results", "vehicle_selection"):
        page.goto(f"/j/buying/{step}")
        expect(page.get_by_role("status").filter(has_text="The step is loading")).to_be_attached()
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        expect(page.locator("[data-step]")).to_have_count(0)
    assert held


@pytest.mark.parametrize(
    ("walk", "step", "partner"),
    [
        (SEARCHED, "vehicle_search", "inventory"),
        (SEARCHED, "search_results", "inventory"),
        (OFFERED, "sale_vehicle", "dealers"),
        (OFFERED, "dealer_network", "dealers"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_step_that_takes_its_time_shows_that_it_is_under_way(
    page: Page, app: RunningApp, walk: Walk, step: str, partner: str
) -> None:
    walk_to(page, walk, step)
    for name, value in walk.answers[step].items():
        fill(page, name, value)
    button = page.locator('form button[type="submit"]')
    with absent(app.folder, partner, "slow"):
        send(page)
        expect(loading(page)).to_be_attached(timeout=LATER_MS)
        expect(button).to_have_attribute("aria-busy", "true")
        check_screen(page)
    expect(page.locator(f'[data-step]:not([data-step="{step}"])')).to_be_visible(timeout=LATER_MS)
    expect(loading(page)).to_have_count(0)


def test_starting_over_and_trying_again_show_that_they_are_under_way(
    page: Page, app: RunningApp
) -> None:
    with absent(app.folder, "dealers"):
        walk_to(page, OFFERED, "dealer_network")
        retry = page.get_by_role("button", name="Try again")
        expect(retry).to_be_visible()
    with absent(app.folder, "dealers", "slow"):
        retry.click()
        expect(loading(page)).to_be_attached(timeout=LATER_MS)
    expect(control(page, "dealer_ids")).to_have_count(10)
    expect(loading(page)).to_have_count(0)


class TestPartnersAway:
    def test_saved_vehicles_are_shown_and_said_to_be_saved(
        self, page: Page, app: RunningApp
    ) -> None:
        walk_to(page, SEARCHED, "vehicle_search")
        with absent(app.folder, "inventory"):
            answer(page, SEARCHED.answers["vehicle_search"])
            shows(page, "search_results")
            expect(page.get_by_text("You see saved results from")).to_be_visible()
            expect(control(page, "vehicle_id")).not_to_have_count(0)
            check_screen(page)
            fill(page, "vehicle_id", 0)
            send(page)  # to choose one needs word of the partner, for which nothing stands in
            refusal = page.locator("#step-notice")
            expect(refusal).to_be_focused()
            expect(refusal).to_contain_text("please try again shortly")
            check_screen(page)
        expect(control(page, "vehicle_id").first).to_be_checked()
        send(page)
        shows(page, "vehicle_selection")
        expect(page.get_by_text("try again shortly")).to_have_count(0)

    def test_dealers_who_are_out_of_reach_can_be_asked_for_again(
        self, page: Page, app: RunningApp
    ) -> None:
        with absent(app.folder, "dealers"):
            walk_to(page, OFFERED, "dealer_network")
            expect(page.get_by_text("Some of what belongs here")).to_be_visible()
            expect(page.get_by_role("heading", name="There are no dealers")).to_be_visible()
            check_screen(page)
        page.get_by_role("button", name="Try again").click()
        expect(control(page, "dealer_ids")).to_have_count(10)
        expect(page.get_by_text("Some of what belongs here")).to_have_count(0)

    def test_a_vin_that_cannot_be_looked_up_holds_nobody_up(
        self, page: Page, app: RunningApp
    ) -> None:
        walk_to(page, OFFERED, "sale_vehicle")
        with absent(app.folder, "vin_decoder"):
            fill(page, "vin", OFFERED.answers["sale_vehicle"]["vin"])
            page.keyboard.press("Tab")
            said = page.get_by_role("status").filter(has_text="We cannot look the number up now.")
            expect(said).to_be_visible()
            check_screen(page)
            named = {"make": "Honda", "model": "Accord", "year": "2003"}
            answer(page, {**OFFERED.answers["sale_vehicle"], **named})
            shows(page, "dealer_network")


def test_a_journey_has_expired_wherever_it_was_left(page: Page, app: RunningApp) -> None:
    page.goto("/")
    left_behind(app, page, "buying", {"vehicle_knowledge": {"knows_vehicle": False}})
    left_behind(app, page, "selling", {"has_buyer": {"has_buyer": True}})
    left_behind(app, page, "entry", {"intent_selection": {"intent": "buying"}})
    for journey, step in (
        ("buying", "carin_questions"),
        ("selling", "sale_vehicle"),
        ("entry", "vehicle_knowledge"),
    ):
        page.goto(f"/j/{journey}")
        expect(page.get_by_role("heading", name="This journey has expired")).to_be_visible()
        check_screen(page)
        page.get_by_role("button", name="Start anew with my answers").click()
        shows(page, step)
