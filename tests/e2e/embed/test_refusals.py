"""A frame that is refused says so once, tries again in good time, and shows nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.e2e.conftest import Launch, RunningApp
from tests.e2e.embed.conftest import add_tenant
from tests.e2e.embed.host import Host, running_host, widget
from tests.e2e.embed.stage import Widget
from trex_app.ui.build import PROJECT_DIR

BACK_MS = 60_000
FIRST_PAUSES = [1000, 2000, 4000, 8000, 10000, 10000, 10000]
# Notes each pause of the frame's own script, and makes it short. It is those between two tries.
HASTY = """
const later = window.setTimeout;
window.pauses = [];
window.setTimeout = (done, ms, ...given) => {
  const isPause = ms >= 1000 && new Error().stack.includes("/embed/frame.js");
  if (isPause) pauses.push(ms);
  return later(done, isPause ? 20 : ms, ...given);
};
"""
TOLD = "heard.filter((event) => event.type === 'error').map((event) => event.data.code)"


@pytest.fixture
def own_app(launch: Launch) -> RunningApp:
    return launch()


@pytest.fixture
def own_host(own_app: RunningApp) -> Iterator[Host]:
    with running_host() as host:
        add_tenant(own_app, "acme", host.address)
        yield host


def moved_away(app: RunningApp, tenant: str, former: str) -> None:
    """The tenant has another site from now on."""
    subprocess.run(
        [
            *(sys.executable, "-m", "trex_app", "tenants", "set", tenant),
            *("--origin", "https://elsewhere.example", "--without", former),
        ],
        cwd=PROJECT_DIR,
        env={**os.environ, "TREX_DATA_DIR": str(app.folder)},
        check=True,
        capture_output=True,
    )


def forge_tickets(page: Page, host: Host) -> None:
    """No ticket that the page gets is good."""

    def forge(route: Route) -> None:
        headers = {"access-control-allow-origin": host.address}
        route.fulfill(json={"ticket": "forged", "theme": {}}, headers=headers)

    page.route("**/api/embed/tickets", forge)


def test_a_tenant_that_loses_its_origin_is_told_once(
    page: Page, own_app: RunningApp, own_host: Host
) -> None:
    answered: list[int] = []

    def note(answer: Response) -> None:
        if answer.url.endswith("/api/embed/tickets") and answer.request.method == "POST":
            answered.append(answer.status)

    page.add_init_script(HASTY)
    page.goto(own_host.page(own_app.address, widget(own_app.address)))
    shown = Widget(page).until_ready()
    own_app.stop()
    page.wait_for_function(
        "heard.some((e) => e.type === 'offline' && e.data.isOffline)", timeout=BACK_MS
    )
    moved_away(own_app, "acme", own_host.address)
    page.on("response", note)
    own_app.start()
    shown.reaches("error")
    # Pauses are short here: who asks again has asked many times by now.
    page.wait_for_timeout(2_000)
    assert page.evaluate(TOLD) == ["host_not_allowed"]
    assert answered == [403]
    expect(page.get_by_role("link", name="Go on without the widget")).to_be_visible()


def test_a_refused_frame_waits_ever_longer_up_to_some_seconds_and_says_so_once(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.add_init_script(HASTY)
    forge_tickets(page, host)
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page)
    shown.reaches("error")
    deadline = time.monotonic() + BACK_MS / 1000
    # A frame that is not shown draws nothing, and playwright waits for it to draw.
    while len(shown.frame.evaluate("pauses")) < len(FIRST_PAUSES) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert shown.frame.evaluate("pauses")[: len(FIRST_PAUSES)] == FIRST_PAUSES
    assert page.evaluate(TOLD).count("socket_refused") == 1
    assert shown.frame.evaluate("document.documentElement.style.visibility") == "hidden"


def test_a_frame_that_is_let_in_after_all_shows_its_journey(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.add_init_script(HASTY)
    forge_tickets(page, host)
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page)
    page.wait_for_function(f"{TOLD}.includes('socket_refused')", timeout=BACK_MS)
    page.unroute("**/api/embed/tickets")
    shown.until_ready()
    expect(shown.frame.locator("h1")).to_be_visible()
