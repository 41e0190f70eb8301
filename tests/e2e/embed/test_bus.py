"""The event bus: pages, frames and tabs of a site hear each other, and nothing stays behind."""

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget

SECOND = "vehicle_search"


@pytest.fixture
def joined(page: Page, app: RunningApp, host: Host) -> Page:
    """A page on which a microfrontend keeps what it hears in `said`."""
    joining = f"""<script type="module">
      import {{ bus }} from "{app.address}/embed/v1/bus.js";
      window.said = [];
      window.bus = bus;
      for (const type of ["navigation:change", "product:viewed"])
        bus.subscribe(type, (data) => said.push([type, data]));
    </script>"""
    page.goto(host.page(app.address, widget(app.address), head=joining))
    page.wait_for_function("window.bus !== undefined")
    return page


def test_a_page_hears_where_a_frame_has_gone(joined: Page) -> None:
    shown = Widget(joined).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    joined.wait_for_function("said.length === 1")
    assert joined.evaluate("said") == [["navigation:change", {"path": f"/buying/{SECOND}"}]]


def test_a_frame_hears_the_page(joined: Page) -> None:
    shown = Widget(joined).until_ready()
    shown.frame.evaluate(
        "() => { window.told = []; addEventListener('trex:bus', (e) => told.push(e.detail)); }"
    )
    joined.evaluate("bus.emit('product:viewed', {productId: '7'})")
    shown.frame.wait_for_function("told.length === 1")
    expected = [{"type": "product:viewed", "data": {"productId": "7"}}]
    assert shown.frame.evaluate("told") == expected


def test_another_tab_of_the_site_hears_it_once(joined: Page) -> None:
    other = joined.context.new_page()
    other.goto(joined.url)
    other.wait_for_function("window.bus !== undefined")
    joined.evaluate("bus.emit('product:viewed', {productId: '7'})")
    other.wait_for_function("said.length === 1")
    assert joined.evaluate("said.length") == 1


def test_one_that_fails_keeps_no_other_from_hearing(joined: Page) -> None:
    heard = joined.evaluate(
        """() => {
          window.addEventListener("error", (event) => event.preventDefault());
          const heard = [];
          const end = bus.subscribe("x:y", () => { throw new Error("mine"); });
          bus.subscribe("x:y", (data) => heard.push(data));
          bus.emit("x:y", 1);
          end();
          return heard;
        }"""
    )
    assert heard == [1]


def test_whoever_has_left_hears_no_more(joined: Page) -> None:
    heard = joined.evaluate(
        """() => {
          const heard = [];
          const hear = (data) => heard.push(data);
          bus.subscribe("x:y", hear);
          bus.emit("x:y", 1);
          bus.off("x:y", hear);
          bus.emit("x:y", 2);
          return heard;
        }"""
    )
    assert heard == [1]
