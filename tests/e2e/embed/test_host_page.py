"""What a widget does to the page around it, and what the page can do with the widget."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, running_host, widget
from tests.e2e.embed.stage import Widget, wait_until_alone

FIRST, SECOND = "vehicle_knowledge", "vehicle_search"
FOOTPRINT = """
() => ({
  html: [...document.documentElement.attributes].map((a) => [a.name, a.value]),
  body: [...document.body.attributes].map((a) => [a.name, a.value]),
  head: document.head.innerHTML,
  nodes: document.querySelectorAll("*").length,
  title: document.title,
  handlers: [window.onerror, window.onunhandledrejection].map(String),
  storage: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
  globals: Object.keys(window).filter((name) => !/^\\d+$/.test(name)).sort(),
  style: ["h1", "a"].map((name) => ({ ...getComputedStyle(document.querySelector(name)) })),
  ground: ["color", "font", "margin", "background", "overflow"].map(
    (name) => getComputedStyle(document.body)[name]),
  history: history.length,
  address: location.href,
})
"""


def footprint(page: Page) -> Any:
    return page.evaluate(FOOTPRINT)


def put_in(page: Page, element: str) -> None:
    page.evaluate("html => after.insertAdjacentHTML('afterend', html)", element)


def test_the_page_is_as_it_was_before_while_and_after(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.goto(host.page(app.address, '<p style="height: 3000px"></p>'))
    before = footprint(page)
    put_in(page, widget(app.address))
    shown = Widget(page).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    while_shown = footprint(page)
    page.evaluate("widget.remove()")
    expect(shown.element).to_have_count(0)
    wait_until_alone(page)
    assert footprint(page) == before
    own = before["nodes"] + 2  # the element, and the link that the page itself has put into it
    named = {name for name in while_shown["globals"] if name != "widget"}
    assert {**while_shown, "nodes": own, "globals": sorted(named)} == {**before, "nodes": own}
    assert while_shown["nodes"] == own


def test_two_widgets_have_journeys_of_their_own(page: Page, app: RunningApp, host: Host) -> None:
    left = widget(app.address, id="left", session_key="left")
    right = widget(app.address, id="right", session_key="right")
    page.goto(host.page(app.address, left + right))
    shown = [Widget(page, name).until_ready() for name in ("left", "right")]
    shown[0].answer(knows_vehicle="true")
    shown[0].shows(SECOND)
    assert shown[1].step == FIRST
    page.reload()
    for one, step in zip(shown, (SECOND, FIRST), strict=True):
        one.until_ready()
        one.shows(step)


def test_a_widget_that_is_moved_keeps_its_journey(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address) + '<div id="elsewhere"></div>'))
    shown = Widget(page).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    page.evaluate("heard.length = 0; elsewhere.append(widget)")
    page.wait_for_function("heard.some((event) => event.type === 'ready')")
    shown.shows(SECOND)
    assert page.evaluate("heard.filter((event) => event.type === 'unmounted').length") == 0


def test_a_move_that_keeps_state_keeps_the_frame(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address) + '<div id="elsewhere"></div>'))
    shown = Widget(page).until_ready()
    shown.frame.locator('[name="knows_vehicle"][value="true"]').check()  # and not sent yet
    loaded = shown.frame.evaluate("performance.timeOrigin")
    page.evaluate("heard.length = 0; elsewhere.moveBefore(widget, null)")
    assert page.evaluate("widget.parentElement.id") == "elsewhere"
    shown.send()
    shown.shows(SECOND)
    assert shown.frame.evaluate("performance.timeOrigin") == loaded
    told = page.evaluate("heard.map((event) => event.type)")
    assert not {"ready", "unmounted", "error"} & set(told)


def test_it_is_unmounted_and_mounted_again(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    page.evaluate("widget.unmount()")
    wait_until_alone(page)
    assert shown.element.get_attribute("data-state") is None
    page.evaluate("widget.mount()")
    shown.until_ready()
    shown.shows(SECOND)


def test_a_page_leads_to_an_answered_step(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    page.evaluate("step => widget.navigate(step)", FIRST)
    shown.shows(FIRST)
    assert page.evaluate("history.length") == 2  # the blank page and this one


def test_an_unknown_origin_gets_the_link_and_the_reason(page: Page, app: RunningApp) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    with running_host() as stranger:
        page.goto(stranger.page(app.address, widget(app.address)))
        Widget(page).reaches("error")
        expect(page.get_by_role("link", name="Go on without the widget")).to_be_visible()
        (failed,) = page.evaluate("heard.filter((event) => event.type === 'error')")
        assert failed["data"]["code"] == "host_not_allowed"
        assert any(f"tenants set acme --origin {stranger.address}" in text for text in told)
        page.evaluate("widget.focus()")
        expect(page.get_by_role("link", name="Go on without the widget")).to_be_focused()


def test_a_journey_that_does_not_exist_gets_the_link_and_the_reason(
    page: Page, app: RunningApp, host: Host
) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(host.page(app.address, widget(app.address, workflow="flying")))
    Widget(page).reaches("error")
    expect(page.get_by_role("link", name="Go on without the widget")).to_be_visible()
    assert page.evaluate("widget.mount().catch((failed) => failed.code)") == "not_found"
    (failed,) = page.evaluate("heard.filter((event) => event.type === 'error')")
    reason = "There is no such journey"
    assert failed["data"] == {"code": "not_found", "message": reason, "isFinal": True}
    assert f"{reason}: flying" in told


def test_an_attribute_that_is_missing_is_named(page: Page, app: RunningApp, host: Host) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(host.page(app.address, widget(app.address, tenant="")))
    Widget(page).reaches("error")
    (failed,) = page.evaluate("heard.filter((event) => event.type === 'error')")
    assert failed["data"]["code"] == "required"
    assert failed["data"]["message"].startswith("tenant is missing")
    assert failed["data"]["message"] in told


def test_a_trouble_is_told_once_the_page_says_what_it_is(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    frame = Widget(page).until_ready().frame
    frame.evaluate("document.querySelector('[data-trex-step]').dataset.trexTrouble = 'lost'")
    page.wait_for_timeout(200)
    heading = "<div data-trouble><h1>Nobody is here</h1></div>"
    frame.evaluate("drawn => document.body.insertAdjacentHTML('beforeend', drawn)", heading)
    page.wait_for_function("heard.some((event) => event.type === 'error')")
    (failed,) = page.evaluate("heard.filter((event) => event.type === 'error')")
    assert failed["data"] == {"code": "lost", "message": "Nobody is here", "isFinal": False}


@pytest.mark.parametrize(
    "forged",
    [
        "{trex: 1, type: 'hello', nonce: 'guessed'}",
        "{trex: 1}",
        "{trex: 2, type: 'welcome', nonce: '0,0,0,0'}",
    ],
)
def test_a_forged_hello_is_counted_and_changes_nothing(
    page: Page, app: RunningApp, host: Host, forged: str
) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    page.evaluate(f"postMessage({forged}, '*')")
    page.wait_for_function("widget.stats.ignored === 1")
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)


def test_other_peoples_messages_are_not_counted(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    Widget(page).until_ready()
    page.evaluate("() => new Promise((d) => { onmessage = d; postMessage({hello: 1}, '*'); })")
    assert page.evaluate("widget.stats.ignored") == 0
