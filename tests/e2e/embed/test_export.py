"""An export on a plain static server, its backend elsewhere, in the page of a third site."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, Route, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.conftest import add_tenant
from tests.e2e.embed.host import Host, running_host, widget
from tests.e2e.embed.static_host import serving
from trex_app.ui.build import PROJECT_DIR

TENANT = "exported"


def exported(app: RunningApp, out: Path, *sites: str) -> None:
    """Export as an operator does."""
    options = ["--backend-url", app.address, "--out", str(out)]
    for site in sites:
        options += ["--framed-by", site]
    subprocess.run(
        [sys.executable, "-m", "trex_app", "export", *options],
        cwd=PROJECT_DIR,
        env={**os.environ, "TREX_DATA_DIR": str(app.folder)},
        check=True,
        capture_output=True,
    )


@pytest.fixture(scope="session")
def site() -> Iterator[Host]:
    with running_host() as host:
        yield host


@pytest.fixture(scope="session")
def bundle(app: RunningApp, site: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin that holds the export."""
    out = tmp_path_factory.mktemp("export") / "dist"
    exported(app, out, site.address)
    with serving(out) as origin:
        add_tenant(app, TENANT, site.address, "--bundle-origin", origin)
        yield origin


@pytest.fixture(scope="session")
def open_bundle(
    app: RunningApp, site: Host, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The origin of an export that any site may show."""
    out = tmp_path_factory.mktemp("open") / "dist"
    exported(app, out)
    with serving(out) as origin:
        add_tenant(app, "open", site.address, "--bundle-origin", origin)
        yield origin


@pytest.fixture
def told(page: Page) -> list[str]:
    """What the browser complains about."""
    found: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(message.text)

    page.on("console", keep)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def requests_of(page: Page) -> list[Request]:
    """Every request of the page from now on, in a list that grows."""
    requests: list[Request] = []

    def keep(request: Request) -> None:
        requests.append(request)

    page.on("request", keep)
    return requests


def origins_of(requests: list[Request], pattern: str) -> set[str]:
    """From where those were asked whose address matches."""
    found = (urlsplit(request.url) for request in requests if re.search(pattern, request.url))
    return {f"{address.scheme}://{address.netloc}" for address in found}


def test_a_journey_of_an_export_is_walked_on_a_third_site(
    page: Page, app: RunningApp, bundle: str, site: Host, told: list[str]
) -> None:
    requests = requests_of(page)
    site.put("/favicon.ico", "")
    page.goto(site.page(bundle, widget(bundle, tenant=TENANT)))
    expect(page.locator("#widget")).to_have_attribute("data-state", "ready", timeout=30_000)
    frame = next(frame for frame in page.frames if frame.url.startswith(bundle))
    frame.locator('input[name="knows_vehicle"][value="true"]').check()
    frame.locator('form button[type="submit"]').click()
    expect(frame.locator('[data-step="vehicle_search"]')).to_be_visible(timeout=15_000)
    assert told == []
    assert origins_of(requests, r"/assets/|/embed/(frame|v1)") == {bundle}
    assert origins_of(requests, r"/api/") == {app.address}


def test_the_first_screen_is_in_the_exported_html(bundle: str) -> None:
    page = httpx2.get(f"{bundle}/embed/frame/selling")
    assert page.status_code == 200
    assert re.search(r"<h1[^>]*>[^<]+</h1>", page.text)


def test_a_page_may_stand_on_the_named_site_alone(bundle: str, site: Host) -> None:
    headers = httpx2.get(f"{bundle}/de/embed/frame/buying").headers
    assert f"frame-ancestors {site.address}" in headers["content-security-policy"]


def test_a_reload_on_a_step_finds_the_page_of_its_journey(bundle: str) -> None:
    page = httpx2.get(f"{bundle}/embed/frame/buying/vehicle_search")
    assert (page.status_code, "/embed/frame.js" in page.text) == (200, True)


def test_a_site_that_is_not_the_tenants_shows_nothing_whatever_it_says_of_itself(
    page: Page, app: RunningApp, open_bundle: str, site: Host, told: list[str]
) -> None:
    with running_host() as evil:

        def lend(route: Route) -> None:
            """As the site's own server can: it names the tenant's origin, not its own."""
            given = httpx2.post(
                route.request.url,
                json=route.request.post_data_json,
                headers={"origin": site.address},
            )
            assert given.is_success
            headers = {"access-control-allow-origin": evil.address}
            route.fulfill(json=given.json(), headers=headers)

        page.route("**/api/embed/tickets", lend)
        page.goto(evil.page(open_bundle, widget(open_bundle, tenant="open")))
        refused = "heard.some((e) => e.type === 'error' && e.data.code === 'socket_refused')"
        page.wait_for_function(refused, timeout=60_000)
        assert page.evaluate("heard.filter((event) => event.type === 'ready')") == []
        frame = next(frame for frame in page.frames if frame.url.startswith(open_bundle))
        assert frame.evaluate("document.documentElement.style.visibility") == "hidden"
        assert any(evil.address in text for text in told)


def test_the_tenants_own_site_shows_an_export_that_names_none(
    page: Page, open_bundle: str, site: Host
) -> None:
    page.goto(site.page(open_bundle, widget(open_bundle, tenant="open")))
    expect(page.locator("#widget")).to_have_attribute("data-state", "ready", timeout=30_000)
