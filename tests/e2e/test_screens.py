"""Every screen of every journey: at each width, in both themes, for everyone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.walks import WALKS, begin, move_on
from trex_app.engine.definition import End, Screen
from trex_app.ui.state.first_views import shipped_workflows

WIDTHS = (360, 768, 1280)
HEIGHT = 900
# What a called workflow ends with is never shown by itself in these journeys.
SILENT_ENDS = {"vehicle_found"}


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, base_url: str) -> Iterator[Page]:
    """A page in one of the two themes."""
    context = browser.new_context(base_url=base_url, color_scheme=request.param)
    yield context.new_page()
    context.close()


def check_screen(page: Page) -> None:
    """Nothing runs over the edge, nothing is in anybody's way, and the screen has a heading."""
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{page.url} is {overflow} px too wide at {width} px"
        found = Axe().run(page)
        assert found.violations_count == 0, f"{page.url} at {width} px\n{found.generate_report()}"


@pytest.mark.parametrize("name", WALKS)
def test_every_screen_of_a_journey_is_sound(page: Page, name: str) -> None:
    walk = WALKS[name]
    step = begin(page, walk.journey)
    check_screen(page)
    while step != walk.end:
        step = move_on(page, walk)
        check_screen(page)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/j/flying", "/resume/no-such-link"])
def test_every_other_page_is_sound(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    check_screen(page)


def test_the_walks_see_every_screen() -> None:
    seen = {step for walk in WALKS.values() for step in (*walk.answers, walk.end)}
    drawn = {
        step.id
        for workflow in shipped_workflows().values()
        for step in workflow.steps.values()
        if isinstance(step, Screen | End)
    }
    assert drawn - seen == SILENT_ENDS
