"""A frame behaves as if it were a part of the page: keys, looks, language, dialogs, scrolling."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget

FIRST, SECOND = "vehicle_knowledge", "vehicle_search"
MOST_TABS = 40
# Moves a field to the very end of the page in the frame.
LAST = """
(name) => {
  const field = document.getElementsByName(name)[0].closest("trex-combobox");
  const { bottom } = document.body.getBoundingClientRect();
  field.style.translate = `0 ${bottom - field.getBoundingClientRect().bottom}px`;
}
"""
# Shows something tall at the lower edge of the frame, as a popover.
POPPED = """
() => {
  const popped = document.createElement("div");
  popped.id = "popped";
  popped.popover = "manual";
  document.body.append(popped);
  Object.assign(popped.style, { top: `${innerHeight - 20}px`, height: "400px", margin: "0" });
  popped.showPopover();
}
"""
TOP_IS_IN_SIGHT = """
() => {
  const { top } = document.getElementById("widget").getBoundingClientRect();
  return top > -1 && top < innerHeight;
}
"""


def tab_until(page: Page, key: str, is_there: str) -> None:
    """Press a key until the page says that the focus is there."""
    for _ in range(MOST_TABS):
        if page.evaluate(is_there):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead there: {is_there}")


def test_tab_leads_in_and_out_both_ways(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    page.locator("#before").focus()
    tab_until(page, "Tab", "document.activeElement.id === 'widget'")
    expect(shown.frame.locator("*:focus")).to_have_count(1)
    tab_until(page, "Tab", "document.activeElement.id === 'after'")
    page.keyboard.press("Shift+Tab")
    tab_until(page, "Shift+Tab", "document.activeElement.id === 'widget'")
    tab_until(page, "Shift+Tab", "document.activeElement.id === 'before'")


def test_the_page_moves_the_focus_into_it(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    page.locator("#before").focus()
    page.evaluate("widget.focus()")
    expect(shown.frame.locator("h1")).to_be_focused()
    assert page.evaluate("document.activeElement.id") == "widget"
    page.keyboard.press("Tab")
    choice = shown.frame.locator('[name="knows_vehicle"]').first
    expect(choice).to_be_focused()
    # Who is in it already stays where they are.
    page.evaluate("widget.focus()")
    page.keyboard.press("Space")
    expect(choice).to_be_checked()


def test_it_follows_the_page_into_the_dark_and_back(
    page: Page, app: RunningApp, host: Host
) -> None:
    night = "<style>.night { background: #111; color: #eee }</style>"
    page.goto(host.page(app.address, widget(app.address), head=night))
    root = Widget(page).until_ready().frame.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    page.evaluate("document.body.className = 'night'")
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_css("color-scheme", "dark")
    page.evaluate("document.body.className = ''")
    expect(root).to_have_attribute("data-theme", "light")
    page.evaluate("widget.setAttribute('theme', 'dark')")
    expect(root).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize(
    ("light_text", "dark_text"),
    [
        ("oklch(0.95 0.02 100)", "oklch(0.25 0.05 250)"),
        ("lab(95 0 0)", "lab(10 0 0)"),
        ("color-mix(in oklab, white 90%, navy)", "color-mix(in oklab, white 10%, navy)"),
    ],
)
def test_it_follows_the_page_whatever_way_its_colours_are_written(
    page: Page, app: RunningApp, host: Host, light_text: str, dark_text: str
) -> None:
    page.emulate_media(color_scheme="light")
    night = f"<style>body {{ color: {dark_text} }} .night {{ color: {light_text} }}</style>"
    page.goto(host.page(app.address, widget(app.address), head=night))
    root = Widget(page).until_ready().frame.locator("html")
    page.evaluate("document.body.className = 'night'")
    expect(root).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.body.className = ''")
    expect(root).to_have_attribute("data-theme", "light")


def test_it_takes_tokens_of_the_page_and_nothing_that_loads(
    page: Page, app: RunningApp, host: Host
) -> None:
    tokens = (
        "<style>trex-workflow { --trex-accent: rgb(1, 2, 3); --trex-canvas: url(//evil/x); "
        "--trex-unknown: 1px }"
        f"trex-workflow[data-step={SECOND}] {{ --trex-accent: rgb(4, 5, 6) }}</style>"
    )
    page.goto(host.page(app.address, widget(app.address), head=tokens))
    shown = Widget(page).until_ready()
    button = shown.frame.locator('form button[type="submit"]')
    expect(button).to_have_css("background-color", "rgb(1, 2, 3)")
    style = shown.frame.evaluate("document.documentElement.style.cssText")
    assert "evil" not in style
    assert "unknown" not in style
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    expect(button).to_have_css("background-color", "rgb(4, 5, 6)")


def test_it_speaks_the_language_of_the_page(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address), lang="de-CH"))
    shown = Widget(page).until_ready()
    assert "/de/embed/frame/buying" in shown.frame.url
    expect(shown.frame.locator("html")).to_have_attribute("lang", "de")


@pytest.mark.parametrize(
    ("lang", "given", "name"),
    [
        ("en", {}, "Buy a vehicle"),
        ("de", {}, "Ein Fahrzeug kaufen"),
        ("de", {"title": "Autokauf"}, "Autokauf"),
    ],
)
def test_who_hears_the_page_hears_what_the_frame_is_for(
    page: Page, app: RunningApp, host: Host, lang: str, given: dict[str, str], name: str
) -> None:
    page.goto(host.page(app.address, widget(app.address, **given), lang=lang))
    frame = Widget(page).until_ready().frame
    assert frame.frame_element().get_attribute("title") == name


def test_a_dialog_stands_where_it_can_be_seen(page: Page, app: RunningApp, host: Host) -> None:
    tall = "<style>html { scroll-behavior: auto } #above { height: 900px }</style>"
    body = f'<div id="above"></div>{widget(app.address)}<div style="height: 2000px"></div>'
    page.goto(host.page(app.address, body, head=tall))
    shown = Widget(page).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    shown.frame.get_by_role("button", name="Start over").click()
    dialog = shown.frame.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_be_in_viewport(ratio=1)


def test_a_list_at_the_edge_of_the_frame_is_seen_whole(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    # The counts of what there is come after the step, and make it taller.
    expect(shown.frame.locator("[data-findings]")).to_contain_text("of 2,400 vehicles")
    # As if its field were the last of a step: the list would end below the frame.
    shown.frame.evaluate(LAST, "make")
    before = shown.settled_height()
    shown.frame.locator('[name="make"]').press("ArrowUp")  # to the last, which is the farthest
    choices = shown.frame.get_by_role("listbox")
    expect(choices).to_be_visible()
    page.wait_for_function("before => widget.offsetHeight > before", arg=before)
    end = choices.evaluate("list => list.getBoundingClientRect().bottom")
    assert end <= page.evaluate("widget.offsetHeight")
    shown.frame.locator('[name="make"]').press("Escape")
    page.wait_for_function("before => widget.offsetHeight === before", arg=before)


def test_what_pops_up_makes_the_frame_tall_enough(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    before = shown.settled_height()
    shown.frame.evaluate(POPPED)
    page.wait_for_function("before => widget.offsetHeight > before + 300", arg=before)
    shown.frame.evaluate("document.getElementById('popped').hidePopover()")
    page.wait_for_function("before => widget.offsetHeight === before", arg=before)


def test_a_dialog_taller_than_what_is_seen_of_the_frame_scrolls(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.set_viewport_size({"width": 480, "height": 260})
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    shown.frame.get_by_role("button", name="Start over").click()
    dialog = shown.frame.get_by_role("dialog")
    expect(dialog).to_be_visible()
    last = dialog.get_by_role("button", name="Start over")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport(ratio=1)
    last.click()
    shown.shows(FIRST)


def test_a_new_step_begins_at_its_top(page: Page, app: RunningApp, host: Host) -> None:
    body = f'{widget(app.address)}<div style="height: 3000px"></div>'
    page.goto(host.page(app.address, body))
    shown = Widget(page).until_ready()
    shown.frame.locator('form [name="knows_vehicle"][value="true"]').check()
    page.set_viewport_size({"width": 800, "height": 300})
    shown.send()
    shown.shows(SECOND)
    # The heading takes the focus, and browsers bring that into sight as they like.
    page.wait_for_function(TOP_IS_IN_SIGHT)


def test_the_link_of_a_saved_journey_is_copied_where_only_the_page_around_may_copy(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.goto(host.page(app.address, widget(app.address) + '<input id="pasted">'))
    frame = Widget(page).until_ready().frame
    frame.get_by_role("button", name="Save for later").click()
    link = frame.get_by_label("Link to your journey").input_value()
    frame.get_by_role("button", name="Copy the link").click()
    page.locator("#pasted").press("Control+V")
    expect(page.locator("#pasted")).to_have_value(link)
