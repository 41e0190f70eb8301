"""Pages that make it hard: a strict content policy, styles for everything, keys alone, a reader."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget

FIRST, SECOND = "vehicle_knowledge", "vehicle_search"
MOST_KEYS = 60
# Everything is forbidden but what docs/embedding.md asks a site to allow.
STRICT = (
    "default-src 'none'; script-src {app}; frame-src {app}; connect-src {app}; base-uri 'none'; "
    "form-action 'none'; object-src 'none'; require-trusted-types-for 'script'"
)
STRICT_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Acme Motors</title>
<script type="module" src="{app}/embed/v1/trex.js"></script></head>
<body>{body}</body></html>
"""
WATCHED = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
HOSTILE = """
<style>
  * { all: unset; margin: 7px !important; padding: 3px !important; color: red !important;
    font: italic 60px/3 fantasy !important; letter-spacing: 9px !important; float: right;
    text-transform: uppercase !important; direction: rtl !important; cursor: none !important;
    transition: all 9s !important; box-sizing: content-box !important; outline: none !important }
  head, style, script, title { display: none !important }
  iframe, slot, main, form, button, input {
    display: none !important; visibility: hidden !important; opacity: 0 !important;
    width: 1px !important; height: 1px !important; position: fixed !important; zoom: 3 }
  ::selection, :not(trex-workflow)::before, :not(trex-workflow)::after {
    content: "!" !important; background: red !important }
  trex-workflow { width: 640px !important; padding: 0 !important }
</style>
"""
PLAIN = "<style>trex-workflow { width: 640px }</style>"
# All that the frame shows, as it is drawn: for each element its box and its whole style.
DRAWN = """
() => [...document.body.querySelectorAll("*")]
  .filter((node) => node.checkVisibility())
  .map((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    return [node.localName, [x, y, width, height].map(Math.round).join(" "),
      Array.from(style, (name) => name + ":" + style.getPropertyValue(name)).join(";")];
  })
"""
# The paragraphs of the page itself stand beside its landmarks, before and after.
AROUND = {"rules": {"region": {"enabled": False}}}
BY_LAW = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


def test_a_strict_policy_is_never_violated(page: Page, app: RunningApp, host: Host) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.add_init_script(WATCHED)
    content = STRICT_PAGE.format(app=app.address, body=widget(app.address))
    policy = {"content-security-policy": STRICT.format(app=app.address)}
    page.goto(host.put("/", content, policy))
    shown = Widget(page).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    shown.press_back()
    shown.shows(FIRST)
    violations = [found for frame in page.frames for found in frame.evaluate("violations")]
    page.evaluate("document.getElementById('widget').remove()")
    assert violations + page.evaluate("violations") == []
    assert [text for text in told if "Content Security Policy" in text] == []


def test_a_policy_that_forbids_the_frame_leads_to_the_link(
    page: Page, app: RunningApp, host: Host
) -> None:
    """Without a frame nothing is heard of it, so its time runs out."""
    content = STRICT_PAGE.format(app=app.address, body=widget(app.address))
    policy = f"default-src 'none'; script-src {app.address}; connect-src {app.address}"
    page.goto(host.put("/", content, {"content-security-policy": policy}))
    shown = Widget(page)
    shown.reaches("error")
    expect(page.get_by_role("link", name="Go on without the widget")).to_be_visible()


def drawn_on(page: Page, app: RunningApp, host: Host, head: str) -> tuple[Any, int]:
    """What a widget draws on a page with these styles, and its height."""
    page.goto(host.page(app.address, widget(app.address, theme="light"), head=head))
    shown = Widget(page).until_ready()
    height = shown.settled_height()
    return shown.frame.evaluate(DRAWN), height


def test_the_styles_of_the_page_do_not_reach_a_journey(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.emulate_media(reduced_motion="reduce")
    plain, height = drawn_on(page, app, host, PLAIN)
    assert drawn_on(page, app, host, HOSTILE) == (plain, height)
    shown = Widget(page)
    expect(shown.frame.locator("main")).to_be_visible()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)


def found_by_axe(where: Page | Frame, **options: Any) -> list[str]:
    """Each violation with the elements that it is about."""
    response = Axe().run(where, options=options).response  # pyright: ignore[reportArgumentType]
    return [
        f"{found['id']}: {node['target']}"
        for found in response["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_inside_and_nothing_new_around(
    page: Page, app: RunningApp, host: Host, theme: str
) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(host.page(app.address, '<div id="place"></div>'))
    before = found_by_axe(page, **AROUND)
    page.evaluate("html => { place.innerHTML = html }", widget(app.address, theme=theme))
    shown = Widget(page).until_ready()
    for step in (FIRST, SECOND):
        shown.shows(step)
        assert found_by_axe(shown.frame) == []
        assert found_by_axe(page, **AROUND) == before
        assert found_by_axe(page, **BY_LAW) == []
        if step == FIRST:
            shown.answer(knows_vehicle="true")


def test_a_step_is_answered_by_keys_alone(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    page.locator("#before").focus()
    press_until(page, shown, "Tab", "document.activeElement.name === 'knows_vehicle'")
    page.keyboard.press("Space")
    press_until(page, shown, "ArrowDown", "document.activeElement.value === 'true'")
    expect(shown.frame.locator('[name="knows_vehicle"][value="true"]')).to_be_checked()
    page.keyboard.press("Enter")
    shown.shows(SECOND)
    # The next step takes the focus, and the page around does not lose its place.
    expect(shown.frame.locator("main *:focus, main:focus")).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == "widget"
    press_until(page, None, "Tab", "document.activeElement.id === 'after'")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "widget"
    assert shown.frame.evaluate("document.activeElement !== document.body")


def press_until(page: Page, shown: Widget | None, key: str, is_there: str) -> None:
    """Press a key until the frame, or the page where there is none, says that it is enough."""
    for _ in range(MOST_KEYS):
        if (shown.frame if shown else page).evaluate(is_there):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead there: {is_there}")
