"""What is answered before a page's own scripts have arrived counts, once."""

from playwright.sync_api import Page, expect

from tests.e2e.early import HeldScripts, answer_early
from tests.e2e.walks import answer, begin, shows


def test_an_answer_before_the_scripts_leads_on(page: Page) -> None:
    scripts = HeldScripts(page)
    page.goto("/j/entry", wait_until="commit")
    answer_early(page, "intent", "selling")
    scripts.let_go()
    shows(page, "has_buyer")
    page.go_back()
    shows(page, "intent_selection")
    expect(page.locator('[name="intent"][value="selling"]')).to_be_checked()


def test_the_last_choice_counts(page: Page) -> None:
    scripts = HeldScripts(page)
    page.goto("/j/entry", wait_until="commit")
    answer_early(page, "intent", "selling")
    page.locator('form [name="intent"][value="buying"]').check()
    scripts.let_go()
    shows(page, "vehicle_knowledge")


def test_where_the_journey_stands_elsewhere_nothing_is_answered(page: Page) -> None:
    begin(page, "entry")
    answer(page, {"intent": "buying"})
    shows(page, "vehicle_knowledge")
    scripts = HeldScripts(page)
    page.goto("/j/entry", wait_until="commit")
    answer_early(page, "intent", "selling")
    scripts.let_go()
    shows(page, "vehicle_knowledge")


def test_an_early_mistake_is_said_as_any_other(page: Page) -> None:
    scripts = HeldScripts(page)
    page.goto("/j/entry", wait_until="commit")
    page.locator('form button[type="submit"]').click()
    scripts.let_go()
    expect(page.get_by_role("alert").or_(page.locator("[data-errors]")).first).to_be_visible()
    shows(page, "intent_selection")
    expect(page.locator('form button[type="submit"]')).to_have_attribute("aria-busy", "false")
