"""The page behind a reference: for whoever sent it, and for nobody else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.letters import status_link
from tests.e2e.walks import CONTACT, WALKS, begin, move_on

WALK = WALKS["buying by a search"]
WIDTHS = (360, 1280)


@pytest.fixture
def page(browser: Browser, base_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base_url, color_scheme="dark")
    yield context.new_page()
    context.close()


@pytest.fixture
def stranger(browser: Browser, base_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base_url)
    yield context.new_page()
    context.close()


def send_request(page: Page, email: str) -> str:
    """Walk a journey to its end, as a person of this address; the reference."""
    person = {**CONTACT, "email": email}
    walk = replace(WALK, answers={**WALK.answers, "buying_confirmation": person})
    step = begin(page, walk.journey)
    while step != walk.end:
        step = move_on(page, walk)
    return page.locator("[data-reference]").get_attribute("data-reference") or ""


def check_sound(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_reference_leads_to_where_the_request_stands(
    page: Page, stranger: Page, app: RunningApp
) -> None:
    reference = send_request(page, "status@example.com")
    page.get_by_role("link", name="See where it stands").click()
    page.wait_for_url(f"**/status/{reference}")
    expect(page.locator("[data-standing]")).to_be_visible()
    expect(page.get_by_text("Your request has arrived", exact=True)).to_be_visible()
    check_sound(page)

    # Somebody else is told the same whether there is such a request or not.
    for unknown in (reference, "TRX-0000-0000"):
        stranger.goto(f"/status/{unknown}")
        expect(stranger.get_by_role("heading", level=1)).to_have_text("We cannot show this here")
        expect(stranger.locator("[data-standing]")).to_have_count(0)
    check_sound(stranger)

    # The link of the message opens it anywhere, in its language, and leaves the address.
    stranger.goto(status_link(app, reference, "de"))
    expect(stranger.locator("[data-standing]")).to_be_visible()
    expect(stranger.get_by_text("Ihre Anfrage ist angekommen", exact=True)).to_be_visible()
    stranger.wait_for_function("location.hash === ''")
    stranger.reload()
    expect(stranger.locator("[data-standing]")).to_be_visible()


def test_what_was_sent_is_shown_to_read_and_leads_on(page: Page) -> None:
    send_request(page, "sealed@example.com")
    page.locator("[data-action=back]").click()
    expect(page.locator("[data-sealed]")).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
    expect(page.get_by_text("sealed@example.com")).to_be_visible()
    check_sound(page)
    page.reload()
    expect(page.locator("[data-sealed]")).to_be_visible()
    page.locator("[data-action=go-on]").click()
    expect(page.locator("[data-reference]")).to_be_visible()
