"""A person whose browser runs no script: the link in the element leads to a journey that works."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.test_plain import move_on, step_of
from tests.e2e.walks import WALKS


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_the_link_leads_through_a_whole_journey(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    page.get_by_role("link", name="Go on without the widget").click()
    page.wait_for_url(f"{app.address}/h/buying/*")
    cookies = {cookie.get("name"): cookie.get("value") for cookie in page.context.cookies()}
    assert cookies["trex_tenant"] == "acme"  # whose leads these will be
    walk = WALKS["buying by a search"]
    passed = [step_of(page)]
    while passed[-1] != walk.end:
        passed.append(move_on(page, walk))
    assert set(passed) == {*walk.answers, walk.end}
    expect(page.locator("[data-reference]").first).to_be_visible()
