"""A frame says hello to the page around it alone, and does so where no browser names that page."""

from base64 import b64encode

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


def test_a_page_without_an_origin_cannot_hide_that_a_frame_stands_on_it(
    page: Page, app: RunningApp, host: Host
) -> None:
    """Policies keep frames out of such a page, but not every static host sends the policy."""

    def send_no_policy(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": ""})

    page.route(f"{app.address}/embed/frame/**", send_no_policy)
    anybody = {"access-control-allow-origin": "*"}
    lent = {"ticket": "lent", "theme": {}}
    page.route("**/api/embed/tickets", lambda route: route.fulfill(json=lent, headers=anybody))
    host.page(app.address, widget(app.address))
    inner = b64encode(host.files["/"].encode()).decode()
    around = host.put("/", f'<iframe src="data:text/html;base64,{inner}"></iframe>')
    with page.expect_event("framenavigated", lambda at: at.url.startswith(app.address)) as opened:
        page.goto(around)
    opened.value.wait_for_function("window.trexFrame")
    offered = opened.value.evaluate("trexFrame.protocols()")
    assert "trex-ticket.lent" in offered
    assert "trex-host.null" in offered
