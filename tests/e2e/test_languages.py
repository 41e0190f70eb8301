"""German throughout: every screen, the way between the languages, and who is greeted in which."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.walks import WALKS, answer, control, fill, send, shows, step_of
from trex_app.core.texts import catalogue

# Every text node a person sees, and what only a screen reader says.
SAID = """
() => {
  const nodes = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.parentElement.closest("script, style, [hreflang]")) {
      nodes.push(walk.currentNode.data);
    }
  }
  for (const element of document.querySelectorAll("[aria-label], [placeholder], [alt], [title]")) {
    for (const name of ["aria-label", "placeholder", "alt", "title"]) {
      nodes.push(element.getAttribute(name) ?? "");
    }
  }
  return [document.title, ...nodes].map((said) => said.trim()).filter(Boolean);
}
"""
# Written in figures and units alone, a pattern says nothing about the language.
PATTERNS = {
    english: re.compile(re.sub(r"\\\{\w+\\\}", ".+?", re.escape(english)))
    for english, german in catalogue("de").items()
    if german != english and len(re.sub(r"\{\w+\}|\W", "", english)) > 2
}
# Between them they come by every screen.
WALKED = ["buying with advice", "selling to a private buyer", "selling to the network, then buying"]


@pytest.fixture
def page(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page of a person whose browser prefers German."""
    context = browser.new_context(base_url=base_url, locale="de-DE")
    yield context.new_page()
    context.close()


def english_on(page: Page) -> set[str]:
    """The texts of the catalogue that are on display untranslated."""
    said = set(page.evaluate(SAID))
    return {text for text in said for pattern in PATTERNS.values() if pattern.fullmatch(text)}


def in_german(given: Any) -> Any:
    """An answer as a German would type it: thousands are grouped by a full stop."""
    if isinstance(given, str) and re.fullmatch(r"\d+,\d{3}", given):
        return given.replace(",", ".")
    return given


@pytest.mark.parametrize("name", WALKED)
def test_no_screen_of_a_journey_speaks_english(page: Page, name: str) -> None:
    walk = WALKS[name]
    page.goto(f"/de/j/{walk.journey}")
    page.wait_for_url(f"**/de/j/{walk.journey}/*")
    step, seen = step_of(page), 0
    while step != walk.end:
        assert (step, english_on(page)) == (step, set())
        given = walk.answers[step]
        answer(page, {field: in_german(value) for field, value in given.items()})
        expect(page.locator(f'[data-step]:not([data-step="{step}"])')).to_be_visible()
        step, seen = step_of(page), seen + 1
    assert seen == len(walk.answers)
    assert english_on(page) == set()
    assert "/de/j/" in page.url


def test_a_fault_is_said_in_german_and_numbers_are_read_as_germans_write_them(page: Page) -> None:
    page.goto("/de/j/selling")
    page.wait_for_url("**/de/j/selling/*")
    answer(page, {"has_buyer": "false"})
    shows(page, "sale_vehicle")
    fill(page, "mileage_km", "85.000")
    send(page)
    expect(page.locator("trex-error-summary")).to_be_visible()
    assert english_on(page) == set()
    expect(control(page, "mileage_km")).to_have_value(re.compile(r"85\.?000"))


def test_the_switch_leads_to_the_same_step_in_the_other_language(page: Page) -> None:
    page.goto("/de/j/buying")
    page.wait_for_url("**/de/j/buying/*")
    answer(page, {"knows_vehicle": "true"})
    shows(page, "vehicle_search")
    switch(page, "English")
    page.wait_for_url("**/j/buying/vehicle_search")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("What are you looking for?")
    assert "What are you looking for?" in english_on(page)
    assert "/de/" not in page.url
    switch(page, "Deutsch")
    page.wait_for_url("**/de/j/buying/vehicle_search")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("button", name="Fahrzeuge zeigen")).to_be_visible()
    assert english_on(page) == set()


def test_what_speaks_for_a_vehicle_is_said_in_the_language_of_the_page(page: Page) -> None:
    walk = WALKS["buying with advice"]
    page.goto("/de/j/entry")
    page.wait_for_url("**/de/j/entry/*")
    for step in ("intent_selection", "vehicle_knowledge", "carin_questions"):
        shows(page, step)
        answer(page, {name: in_german(value) for name, value in walk.answers[step].items()})
    shows(page, "carin_results")
    reasons = page.get_by_role("article").first
    expect(reasons).to_contain_text("Ihrem Budget")
    switch(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(reasons).to_contain_text("your budget")
    expect(reasons).not_to_contain_text("Budget")


def test_a_person_is_greeted_in_their_language_until_they_choose_another(page: Page) -> None:
    page.goto("/")
    page.wait_for_url("**/de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert english_on(page) == set()
    switch(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("path", ["/de", "/de/nirgendwo", "/de/j/nirgendwo", "/de/resume/nichts"])
def test_every_other_page_speaks_german_too(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.wait_for_load_state("networkidle")
    assert english_on(page) == set()


def switch(page: Page, language: str) -> None:
    page.get_by_role("link", name=language).click()
