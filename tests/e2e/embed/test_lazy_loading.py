"""A widget that waits: until it comes into sight, or until the page has nothing else to do."""

import pytest
from playwright.sync_api import Page, Request

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget

A_WHILE_MS = 1_000
FAR_DOWN = '<div style="height: 4000px"></div>'
# Says when it is idle, and not before.
BUSY = """
if (parent === self) {
  window.waiting = [];
  window.requestIdleCallback = (work) => waiting.push(work);
}
"""


@pytest.fixture
def asked(page: Page, app: RunningApp) -> list[str]:
    """What was asked of the app, but for the loader."""
    found: list[str] = []

    def keep(request: Request) -> None:
        if request.url.startswith(app.address) and "/embed/v1/" not in request.url:
            found.append(request.url)

    page.on("request", keep)
    return found


def is_defined(page: Page) -> None:
    page.wait_for_function("Boolean(customElements.get('trex-workflow'))")


def test_one_that_is_out_of_sight_asks_for_nothing_until_it_is_seen(
    page: Page, app: RunningApp, host: Host, asked: list[str]
) -> None:
    page.goto(host.page(app.address, FAR_DOWN + widget(app.address, loading="visible")))
    is_defined(page)
    page.wait_for_timeout(A_WHILE_MS)
    shown = Widget(page)
    assert (asked, len(page.frames)) == ([], 1)
    assert shown.element.get_attribute("data-state") is None
    page.evaluate("widget.scrollIntoView()")
    shown.until_ready()
    assert asked


def test_one_that_was_taken_away_before_it_was_seen_is_never_loaded(
    page: Page, app: RunningApp, host: Host, asked: list[str]
) -> None:
    body = FAR_DOWN + widget(app.address, loading="visible") + '<div id="place"></div>'
    page.goto(host.page(app.address, body))
    is_defined(page)
    page.evaluate("window.kept = widget; kept.remove(); place.scrollIntoView()")
    page.wait_for_timeout(A_WHILE_MS)
    assert (asked, len(page.frames)) == ([], 1)
    page.evaluate("place.append(kept)")
    Widget(page).until_ready()


def test_one_that_waits_for_an_idle_page_leaves_a_busy_one_alone(
    page: Page, app: RunningApp, host: Host, asked: list[str]
) -> None:
    page.add_init_script(BUSY)
    page.goto(host.page(app.address, widget(app.address, loading="idle")))
    page.wait_for_function("waiting.length === 1")
    page.wait_for_timeout(A_WHILE_MS)
    shown = Widget(page)
    assert (asked, len(page.frames)) == ([], 1)
    assert shown.element.get_attribute("data-state") is None
    page.evaluate("waiting[0]()")
    shown.until_ready()


def test_an_idle_page_loads_it_by_itself(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address, loading="idle")))
    Widget(page).until_ready()
