"""A slow network, and a server of a newer release: the frame has patience, the page no trouble."""

import re
import time

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import READY_MS, Widget
from trex_app.embed.messages import VersionMismatch

SECOND = "vehicle_search"
SCRIPTS = "**/assets/*.js"
SCHEMA = re.compile(r"stateSchema=`[0-9a-f]{32}`")
OLD_SCHEMA = "stateSchema=`" + 32 * "0" + "`"
LATE_SECONDS = 0.1  # each script of the frame, one after the other


def test_a_slow_network_only_takes_longer(page: Page, app: RunningApp, host: Host) -> None:
    def slow(route: Route) -> None:
        time.sleep(LATE_SECONDS)
        route.continue_()

    page.route(SCRIPTS, slow)
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page)
    # The first step is drawn before there is any script, and can be read.
    expect(shown.frame.locator("h1")).to_be_visible(timeout=READY_MS)
    shown.until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)


def test_a_journey_that_comes_too_late_takes_the_place_of_the_link(
    page: Page, app: RunningApp, host: Host
) -> None:
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    page.route(SCRIPTS, hold)
    address = host.page(app.address, widget(app.address))
    page.goto(address, wait_until="domcontentloaded")
    link = page.get_by_role("link", name="Go on without the widget")
    shown = Widget(page)
    shown.reaches("error")
    expect(link).to_be_visible()
    (failed,) = page.evaluate("heard.filter((event) => event.type === 'error')")
    assert failed["data"] == {"code": "timeout", "isFinal": True}
    is_held = False
    for route in held:
        route.continue_()
    shown.until_ready()
    expect(link).to_be_hidden()
    # Who asks from now on is told that it is there.
    assert page.evaluate("widget.mount().then((given) => given === undefined)") is True
    assert page.evaluate("widget.update({ theme: 'dark' }).then((given) => given === undefined)")
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)


def test_after_an_update_each_of_several_loads_itself_anew_and_says_nothing_about_it(
    page: Page, app: RunningApp, host: Host
) -> None:
    aged: set[str] = set()

    def age(route: Route) -> None:
        """What each frame has kept of the release before, until it is told."""
        answer, name = route.fetch(), route.request.frame.name
        text = answer.text()
        if name not in aged and SCHEMA.search(text):
            aged.add(name)
            text = SCHEMA.sub(OLD_SCHEMA, text)
        route.fulfill(response=answer, body=text)

    page.route(SCRIPTS, age)
    names = ("one", "two")
    body = "".join(widget(app.address, id=name, session_key=name) for name in names)
    page.goto(host.page(app.address, body))
    for name in names:
        page.wait_for_function(
            "(name) => heard.some(({ on, type }) => on === name && type === 'version-mismatch')",
            arg=name,
            timeout=READY_MS,
        )
    for name in names:
        shown = Widget(page, name)
        expect(shown.frame.locator("[data-trex-step=vehicle_knowledge]")).to_have_count(1)
        expect(shown.frame.locator("#reflex-new-version-banner")).to_have_count(0)
        shown.until_ready().answer(knows_vehicle="true")
        shown.shows(SECOND)
    assert len(aged) == len(names)


def test_a_newer_server_loads_the_frame_anew_and_never_the_page(
    page: Page, app: RunningApp, host: Host
) -> None:
    aged: list[str] = []

    def age(route: Route) -> None:
        """What a browser has kept of the release before, until it is told."""
        answer = route.fetch()
        text = answer.text()
        if not aged and SCHEMA.search(text):
            aged.append(route.request.url)
            text = SCHEMA.sub(OLD_SCHEMA, text)
        route.fulfill(response=answer, body=text)

    page.route(SCRIPTS, age)
    page.goto(host.page(app.address, widget(app.address)))
    loaded = page.evaluate("performance.timeOrigin")
    page.evaluate("window.typed = 'what a person has typed on the page'")
    page.wait_for_function(
        "heard.some((event) => event.type === 'version-mismatch')", timeout=READY_MS
    )
    shown = Widget(page).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    assert aged
    (told,) = page.evaluate("heard.filter((event) => event.type === 'version-mismatch')")
    assert VersionMismatch.model_validate(told["data"]).frame == 32 * "0"
    assert set(told["data"]) == {"frame", "server"}
    assert page.evaluate("performance.timeOrigin") == loaded
    assert page.evaluate("typed")
    assert page.evaluate("history.length") == 2  # the blank page and this one
