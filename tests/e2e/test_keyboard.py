"""Buying and selling by the keyboard alone: Tab, Enter, Space and the arrows, from start to end."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.walks import WALKS, Walk, begin, control, shows, step_of

MOST_TABS = 90
# What the keys do with the control that has the focus.
FOCUSED = """
() => {
  const { name, type, tagName, value } = document.activeElement;
  return { name, kind: tagName === "INPUT" ? type : tagName.toLowerCase(), value };
}
"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until an element that is wanted has the focus."""
    focused = wanted.and_(page.locator(":focus"))
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if focused.count():
            return
    pytest.fail(f"The keyboard does not reach {wanted} on {page.url}.", pytrace=False)


def give(page: Page, name: str, value: Any) -> None:
    """Go to a field and answer it with the keys that its control understands."""
    if control(page, name).first.get_attribute("type") == "hidden":
        rank(page, name, [str(ranked) for ranked in value])
        return
    for given in value if isinstance(value, list) else [value]:
        controls = control(page, name)
        is_box = controls.first.get_attribute("type") == "checkbox"
        of_value = page.locator(f'[value="{given}"]')
        tab_to(page, controls.and_(of_value) if is_box and isinstance(given, str) else controls)
        kind = page.evaluate(FOCUSED)["kind"]
        if kind == "checkbox":
            tick(page, given)
        elif kind == "radio":
            choose(page, name, given)
        elif kind == "select":
            pick(page, name, str(given))
        elif kind == "date":
            year, month, day = str(given).split("-")
            page.keyboard.type(month + day + year)  # as the control shows it here
            expect(controls).to_have_value(given)
        else:
            page.keyboard.press("Control+A")
            page.keyboard.type(str(given))
            expect(page.locator("*:focus")).to_have_value(re.compile(".+"))


def tick(page: Page, given: Any) -> None:
    """Tick the box that has the focus, or that many boxes further on."""
    for _ in range(given if type(given) is int else 0):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("*:focus")).to_be_checked()


def choose(page: Page, name: str, given: Any) -> None:
    """Move through the radio buttons to the one that is meant, by place or by value."""
    radios = control(page, name)
    values = [radios.nth(at).get_attribute("value") for at in range(radios.count())]
    wanted = given if type(given) is int else values.index(str(given))
    page.keyboard.press("Space")
    for _ in range((wanted - values.index(page.evaluate(FOCUSED)["value"])) % len(values)):
        page.keyboard.press("ArrowDown")
    expect(radios.nth(wanted)).to_be_checked()


def pick(page: Page, name: str, value: str) -> None:
    """Move through a select to the option that is meant."""
    values = page.locator(f'[name="{name}"] option').evaluate_all("all => all.map(o => o.value)")
    page.keyboard.press("Home")
    for _ in range(values.index(value)):
        page.keyboard.press("ArrowDown")
    expect(page.locator(f'select[name="{name}"]')).to_have_value(value)


def rank(page: Page, name: str, wanted: list[str]) -> None:
    """Move each entry of a ranking up to its place, by its button."""
    hidden = control(page, name)

    def order() -> list[str]:
        return [hidden.nth(at).input_value() for at in range(hidden.count())]

    for place, value in enumerate(wanted):
        start = order().index(value)
        if start == place:
            continue
        tab_to(page, page.locator("[data-slot]").nth(start).locator('[data-move="-1"]'))
        for _ in range(start - place):
            page.keyboard.press("Enter")
        assert order()[place] == value


def send(page: Page) -> None:
    """Press the step's main button."""
    tab_to(page, page.locator('form button[type="submit"]'))
    page.keyboard.press("Enter")


def walk_by_keys(page: Page, walk: Walk) -> list[str]:
    """Walk a journey to its end; the steps that were passed."""
    step, passed = begin(page, walk.journey), []
    while step != walk.end:
        given: Mapping[str, Any] = walk.answers[step]
        for name, value in given.items():
            give(page, name, value)
        send(page)
        expect(page.locator(f'[data-step]:not([data-step="{step}"])')).to_be_visible()
        passed.append(step)
        step = step_of(page)
        # Whoever hears the page hears where they are now.
        expect(page.get_by_role("heading", level=1)).to_be_focused()
    return passed


@pytest.mark.parametrize("name", ["buying with advice", "selling to the network, then buying"])
def test_a_journey_is_walked_by_the_keyboard_alone(page: Page, name: str) -> None:
    walk = WALKS[name]
    assert walk_by_keys(page, walk) == list(walk.answers)
    shows(page, walk.end)
    expect(page.locator("[data-reference]").first).to_be_visible()


def test_financing_a_private_sale_needs_no_mouse(page: Page) -> None:
    walk = WALKS["selling to a private buyer"]
    assert walk_by_keys(page, walk) == list(walk.answers)


def test_a_refusal_is_reached_and_mended_by_the_keyboard(page: Page) -> None:
    begin(page, "buying")
    send(page)
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the line leads to its field
    expect(page.locator('[name="knows_vehicle"]').first).to_be_focused()
    choose(page, "knows_vehicle", "true")
    page.keyboard.press("Enter")  # in a form that is sending it
    shows(page, "vehicle_search")


def test_starting_over_by_the_keyboard_asks_and_can_be_called_off(page: Page) -> None:
    begin(page, "buying")
    give(page, "knows_vehicle", "true")
    send(page)
    shows(page, "vehicle_search")
    opener = page.get_by_role("banner").get_by_role("button", name="Start over")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Start over with nothing filled in?")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    tab_to(page, dialog.get_by_role("button", name="Start over"))
    page.keyboard.press("Enter")
    shows(page, "vehicle_knowledge")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
