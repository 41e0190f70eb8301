"""A frame says hello to the page around it alone, and does so where no browser names that page."""

from playwright.sync_api import Page, Route

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import READY_MS, Widget

# Notes to whom a frame speaks. It heeds no answer then: that comes from another than it spoke to.
NOTED = """
if (window.parent !== window) {
  const around = window.parent;
  window.told = [];
  const postMessage = (said, to) => { told.push(to); around.postMessage(said, to); };
  Object.defineProperty(window, "parent", { value: { postMessage } });
}
"""
SECOND = "vehicle_search"


def test_the_hello_is_for_the_origin_of_the_page_around(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.add_init_script(NOTED)
    page.goto(host.page(app.address, widget(app.address)))
    page.wait_for_function("widget.dataset.state === 'loading'")
    frame = Widget(page).frame
    frame.wait_for_function("window.told?.length", timeout=READY_MS)
    assert frame.evaluate("told") == [host.address]


def test_a_journey_is_walked_where_the_browser_names_no_page(
    page: Page, app: RunningApp, host: Host
) -> None:
    def forget(route: Route) -> None:
        """As in Firefox, which has no such list."""
        answer = route.fetch()
        assert "ancestorOrigins" in answer.text()
        route.fulfill(response=answer, body=answer.text().replace("ancestorOrigins", "noSuchList"))

    page.route("**/embed/frame.js", forget)
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
