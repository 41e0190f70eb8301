"""Plain pages in frames: in the tenant's own pages they work, in anybody else's none appears."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, running_host, widget

FRAME = '<iframe id="plain" src="{src}" width="800" height="600"></iframe>'

REFUSED = "chrome-error://chromewebdata/"
"""Where Chromium leaves a frame whose page may not stand there."""


def framed(host: Host, src: str) -> str:
    return host.put("/framed.html", f"<!doctype html><title>A site</title>{FRAME.format(src=src)}")


@pytest.mark.parametrize(
    "path", ["/h/buying", "/h/buying?tenant=acme", "/h/-/your-data", "/h/-/link?tenant=acme"]
)
def test_in_the_page_of_another_site_none_appears(page: Page, app: RunningApp, path: str) -> None:
    with running_host() as stranger:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(framed(stranger, f"{app.address}{path}"))
        page.wait_for_load_state("networkidle")
        (inside,) = page.frames[1:]
        assert inside.url == REFUSED
        assert any("frame-ancestors" in line or "X-Frame-Options" in line for line in said)
        assert page.title() == "A site"  # which goes on as if nothing had been


def test_in_the_tenants_page_it_works_without_scripts_and_with_cookies_of_its_own(
    browser: Browser, app: RunningApp, host: Host
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(framed(host, f"{app.address}/h/buying?tenant=acme"))
    inside = page.frame_locator("#plain")
    inside.locator("[name=knows_vehicle]").first.check()
    inside.locator(".actions button[value=submit]").click()
    expect(inside.locator("[data-step=vehicle_search]")).to_be_visible()
    kept = {cookie.get("name", ""): cookie for cookie in context.cookies()}
    assert {"trex_framed_visitor", "trex_framed_tenant", "trex_journey_buying"} <= kept.keys()
    assert all(cookie.get("sameSite") == "None" for cookie in kept.values())
    assert page.url.startswith(host.address)
    context.close()


def test_no_page_of_ones_data_appears_in_the_tenants_page_either(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.goto(framed(host, f"{app.address}/h/-/your-data?tenant=acme"))
    page.wait_for_load_state("networkidle")
    (inside,) = page.frames[1:]
    assert inside.url == REFUSED


def test_the_link_in_the_element_leaves_the_page_of_the_site(
    browser: Browser, app: RunningApp, host: Host
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(host.page(app.address, widget(app.address)))
    page.get_by_role("link", name="Go on without the widget").click()
    page.wait_for_url(f"{app.address}/h/buying/*")
    assert len(page.frames) == 1
    context.close()
