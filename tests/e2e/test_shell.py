"""The frame around every page: menu, footer, and what a lost network looks like."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def phone(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page as narrow as a small phone."""
    context = browser.new_context(base_url=base_url, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(phone: Page) -> None:
    phone.goto("/")
    menu = phone.get_by_role("button", name="Menu")
    way_in = phone.get_by_role("link", name="Sell", exact=True)
    expect(way_in).to_be_hidden()
    menu.press("Enter")
    expect(way_in).to_be_visible()
    assert Axe().run(phone).violations_count == 0
    phone.keyboard.press("Escape")
    expect(way_in).to_be_hidden()
    menu.press("Enter")
    way_in.press("Enter")
    phone.wait_for_url("**/j/selling/*")


@pytest.mark.parametrize(("name", "path"), [("Privacy", "/privacy"), ("Imprint", "/imprint")])
def test_the_footer_leads_to_what_the_operator_fills_in(phone: Page, name: str, path: str) -> None:
    phone.goto("/")
    phone.get_by_role("link", name=name).click()
    phone.wait_for_url(f"**{path}")
    expect(phone.get_by_role("heading", level=1)).to_have_text(name)
    expect(phone.get_by_role("note").first).to_contain_text("filled in by the operator")
    assert Axe().run(phone).violations_count == 0
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_network_that_goes_away_is_said_and_so_is_its_return(phone: Page) -> None:
    phone.goto("/j/buying")
    phone.wait_for_url("**/j/buying/*")
    banner = phone.locator('[data-banner="connection"]')
    phone.context.set_offline(True)
    expect(banner).to_be_visible(timeout=20_000)
    phone.context.set_offline(False)
    expect(banner).to_be_hidden(timeout=20_000)
