"""What a journey needs is fetched ahead of its widget, into the cache that its frame will use."""

import re

import httpx2
import pytest
from playwright.sync_api import Page, WebSocket

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget, wait_until_alone
from tests.e2e.embed.test_host_page import footprint
from tests.e2e.embed.test_strict_hosts import STRICT, STRICT_PAGE, WATCHED

PRELOAD = """
async ([from, wish]) => {
  const { preload } = await import(from);
  await preload(wish);
}
"""
FROM_NETWORK = """
performance.getEntriesByType("resource")
  .filter(({ transferSize, encodedBodySize }) => transferSize >= encodedBodySize)
  .map(({ name }) => new URL(name).pathname)
"""
NAMED = re.compile(r'/assets/[^"]+?\.(?:js|css)(?=")')
PLACE = '<div id="place"></div>'


@pytest.fixture
def waiting(page: Page, app: RunningApp, host: Host) -> Page:
    """A page that will show a widget later."""
    page.goto(host.page(app.address, PLACE))
    page.wait_for_function("Boolean(customElements.get('trex-workflow'))")
    return page


def preload(page: Page, app: RunningApp, **wish: str) -> None:
    wish = {"tenant": "acme", "workflow": "buying", **wish}
    page.evaluate(PRELOAD, [f"{app.address}/embed/v1/preload.js", wish])


def show(page: Page, app: RunningApp) -> Widget:
    page.evaluate("html => { place.innerHTML = html }", widget(app.address))
    return Widget(page).until_ready()


def named_by_the_page(app: RunningApp) -> set[str]:
    """The scripts and styles that the page of the journey itself asks for."""
    found = set(NAMED.findall(httpx2.get(f"{app.address}/embed/frame/buying?tenant=acme").text))
    assert any(name.endswith(".css") for name in found)
    return found


def test_the_frame_fetches_no_script_and_no_style_of_its_page_again(
    waiting: Page, app: RunningApp
) -> None:
    preload(waiting, app)
    shown = show(waiting, app)
    assert named_by_the_page(app).isdisjoint(shown.frame.evaluate(FROM_NETWORK))


def test_without_it_the_frame_fetches_all_of_them(waiting: Page, app: RunningApp) -> None:
    shown = show(waiting, app)
    assert named_by_the_page(app) <= set(shown.frame.evaluate(FROM_NETWORK))


def test_nothing_runs_and_nothing_is_left_of_it(waiting: Page, app: RunningApp) -> None:
    opened: list[str] = []
    failed: list[str] = []

    def keep(socket: WebSocket) -> None:
        opened.append(socket.url)

    waiting.on("websocket", keep)
    waiting.on("pageerror", lambda error: failed.append(str(error)))
    before = footprint(waiting)
    preload(waiting, app, locale="de")
    wait_until_alone(waiting)
    assert footprint(waiting) == before
    assert (opened, failed, waiting.evaluate("heard")) == ([], [], [])


def test_a_widget_beside_it_takes_no_notice(waiting: Page, app: RunningApp) -> None:
    shown = show(waiting, app)
    preload(waiting, app, workflow="selling")
    assert waiting.evaluate("widget.stats.ignored") == 0
    assert shown.step == "vehicle_knowledge"


def test_a_strict_policy_allows_it(page: Page, app: RunningApp, host: Host) -> None:
    page.add_init_script(WATCHED)
    policy = {"content-security-policy": STRICT.format(app=app.address)}
    page.goto(host.put("/", STRICT_PAGE.format(app=app.address, body=""), policy))
    preload(page, app)
    assert page.evaluate("violations") == []
    wait_until_alone(page)
