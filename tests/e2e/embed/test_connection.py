"""The server goes away and comes back, or is of another release: the page itself stays."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Launch, RunningApp
from tests.e2e.embed.conftest import add_tenant
from tests.e2e.embed.host import Host, running_host, widget
from tests.e2e.embed.stage import Widget
from trex_app import __version__
from trex_app.ui.build import STATIC_DIR

SECOND = "vehicle_search"
REFUSALS = 3  # after as many it is no accident
BACK_MS = 60_000


@pytest.fixture
def own_app(launch: Launch) -> RunningApp:
    return launch()


@pytest.fixture
def own_host(own_app: RunningApp) -> Iterator[Host]:
    with running_host() as host:
        add_tenant(own_app, "acme", host.address)
        yield host


def test_a_frame_says_so_while_the_server_is_away_and_goes_on(
    page: Page, own_app: RunningApp, own_host: Host
) -> None:
    page.goto(own_host.page(own_app.address, widget(own_app.address)))
    shown = Widget(page).until_ready()
    loads = page.evaluate("performance.timeOrigin")
    own_app.stop()
    offline = "heard.some((e) => e.type === 'offline' && e.data.isOffline === %s)"
    page.wait_for_function(offline % "true", timeout=BACK_MS)
    banner = shown.frame.locator("[data-banner=connection]")
    expect(banner).to_be_visible()
    own_app.start()
    page.wait_for_function(offline % "false", timeout=BACK_MS)
    expect(banner).to_be_hidden()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    assert page.evaluate("performance.timeOrigin") == loads


def test_a_loader_of_another_release_says_so_and_loads_nothing_anew(
    page: Page, app: RunningApp, host: Host
) -> None:
    loader = (STATIC_DIR / "embed" / "v1" / "trex.js").read_text()
    older = loader.replace(__version__, "99.0.0")
    headers = {"content-type": "text/javascript", "access-control-allow-origin": "*"}
    page.route("**/embed/v1/trex.js", lambda route: route.fulfill(body=older, headers=headers))
    page.goto(host.page(app.address, widget(app.address)))
    loads = page.evaluate("performance.timeOrigin")
    Widget(page).until_ready()
    (told,) = page.evaluate("heard.filter((event) => event.type === 'version-mismatch')")
    assert told["data"] == {"frame": __version__, "loader": "99.0.0"}
    assert page.evaluate("performance.timeOrigin") == loads


def test_without_a_server_the_link_appears(page: Page, app: RunningApp, host: Host) -> None:
    page.route("**/api/embed/tickets", lambda route: route.abort())
    page.goto(host.page(app.address, widget(app.address)))
    Widget(page).reaches("error")
    expect(page.get_by_role("link", name="Go on without the widget")).to_be_visible()
    page.unroute("**/api/embed/tickets")
    Widget(page).until_ready()
    expect(page.get_by_role("link", name="Go on without the widget")).to_be_hidden()


def test_a_server_that_refuses_every_ticket_leads_to_the_link(
    page: Page, app: RunningApp, host: Host
) -> None:
    asked: list[str] = []

    def forge(route: Route) -> None:
        asked.append(route.request.url)
        headers = {"access-control-allow-origin": host.address}
        route.fulfill(json={"ticket": "forged", "theme": {}}, headers=headers)

    page.route("**/api/embed/tickets", forge)
    page.goto(host.page(app.address, widget(app.address)))
    Widget(page).reaches("error")
    page.wait_for_function(
        "heard.some((e) => e.type === 'error' && e.data.code === 'socket_refused')",
        timeout=BACK_MS,
    )
    told = page.evaluate("heard.filter((e) => e.data.code === 'socket_refused')")
    assert [event["data"]["isFinal"] for event in told] == [True]
    assert told[0]["data"]["message"]
    assert len(asked) >= REFUSALS
    expect(page.get_by_role("link", name="Go on without the widget")).to_be_visible()
