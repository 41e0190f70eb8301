"""Cookies as browsers treat them in frames: partitioned, those of other sites off, or all off."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page

from tests.e2e.conftest import Launch, RunningApp
from tests.e2e.embed.conftest import PARTITIONED, add_tenant
from tests.e2e.embed.host import Host, running_host, widget
from tests.e2e.embed.stage import Widget
from tests.e2e.embed.tls_front import certificate, tls_front

FIRST, SECOND, THIRD = "vehicle_knowledge", "vehicle_search", "search_results"
# What a person chooses in the browser's settings, as the browser keeps it, and which cookies of a
# frame are kept then: those of the old kind, and partitioned ones.
ALLOWED = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
WITHOUT_OTHER_SITES = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
WITHOUT_ANY = {"profile": {"default_content_setting_values": {"cookies": 2}}}
KINDS = ("", "; Partitioned")
KEPT = """
(kinds) => kinds.map((attributes, at) => {
  document.cookie = `probe${at}=1; Secure; SameSite=None${attributes}`;
  return document.cookie.includes(`probe${at}=1`);
})
"""
# Lets a test cut the connection as a network does.
CUT = """
const Socket = WebSocket;
window.opened = [];
window.WebSocket = class extends Socket {
  constructor(...given) { super(...given); opened.push(this); }
};
"""


@contextmanager
def set_up(
    browser_type: BrowserType, arguments: dict[str, Any], folder: Path, chosen: dict[str, Any]
) -> Iterator[Page]:
    """A page of somebody who has changed the browser's preferences."""
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps(chosen))
    flags = [*arguments["args"], PARTITIONED]
    context = browser_type.launch_persistent_context(folder, **{**arguments, "args": flags})
    context.add_init_script(CUT)
    yield context.new_page()
    context.close()


@pytest.fixture
def guarded(
    request: pytest.FixtureRequest,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
) -> Iterator[Page]:
    """A page in a browser with the preferences that the test names."""
    with set_up(browser_type, browser_type_launch_args, tmp_path, request.param) as page:
        yield page


def walk_on(shown: Widget) -> None:
    """Answer the first step, and lose the connection: the journey is still there."""
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)
    before = shown.frame.evaluate("opened.length")
    shown.frame.evaluate("opened.at(-1).close()")
    shown.frame.wait_for_function("before => opened.length > before", arg=before)
    shown.frame.locator('[name="postal_code"]').fill("73301")
    shown.send()
    shown.shows(THIRD)


@pytest.mark.parametrize(
    ("guarded", "kept"),
    [
        pytest.param(ALLOWED, [True, True], id="allowed"),
        pytest.param(WITHOUT_OTHER_SITES, [False, True], id="blocked in frames"),
    ],
    indirect=["guarded"],
)
def test_a_journey_stays_whether_or_not_cookies_of_other_sites_are_blocked(
    guarded: Page, app: RunningApp, host: Host, kept: list[bool]
) -> None:
    guarded.goto(host.page(app.address, widget(app.address)))
    shown = Widget(guarded).until_ready()
    assert shown.frame.evaluate(KEPT, KINDS) == kept
    walk_on(shown)
    guarded.reload()
    shown.until_ready()
    shown.shows(THIRD)


@pytest.mark.parametrize("guarded", [WITHOUT_ANY], indirect=True, ids=["all blocked"])
def test_a_journey_goes_on_where_nothing_may_be_kept(
    guarded: Page, app: RunningApp, host: Host
) -> None:
    guarded.goto(host.page(app.address, widget(app.address)))
    shown = Widget(guarded).until_ready()
    assert shown.frame.evaluate(KEPT, KINDS) == [False, False]
    walk_on(shown)  # and over a new connection
    guarded.reload()
    shown.until_ready()
    assert shown.step == FIRST  # nobody is known after that


@dataclass
class SecureSites:
    """The app and two sites that show its journeys, all of them over TLS."""

    app: str
    sites: tuple[Host, Host]


@pytest.fixture(scope="module")
def secure(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureSites]:
    file = certificate(tmp_path_factory.mktemp("tls"))
    with ExitStack() as stack:
        front = stack.enter_context(tls_front(file))
        address = f"https://trex.localhost:{front.port}"
        app = launch(TREX_PUBLIC_ORIGIN=address)
        front.pass_on_to(port_of(app.address))
        sites = [stack.enter_context(running_host()) for _ in range(2)]
        for site, name in zip(sites, ("127.0.0.1", "shop.localhost"), strict=True):
            before = stack.enter_context(tls_front(file))
            before.pass_on_to(port_of(site.address))
            site.address = f"https://{name}:{before.port}"
        add_tenant(app, "acme", sites[0].address, "--origin", sites[1].address)
        yield SecureSites(address, (sites[0], sites[1]))


@pytest.fixture
def trusting(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of somebody who trusts the certificate."""
    context = browser.new_context(ignore_https_errors=True)
    context.add_init_script(CUT)
    yield context
    context.close()


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def test_each_site_around_has_cookies_of_its_own(
    trusting: BrowserContext, secure: SecureSites
) -> None:
    page = trusting.new_page()
    for site in secure.sites:
        page.goto(site.page(secure.app, widget(secure.app)))
        shown = Widget(page).until_ready()
        assert shown.step == FIRST  # what was answered on the other site is not known here
        walk_on(shown)
        page.reload()
        shown.until_ready()
        shown.shows(THIRD)
    kept = [c for c in trusting.cookies() if c.get("name") == "__Host-trex_framed_visitor"]
    assert len({cookie.get("value") for cookie in kept}) == len({partition(c) for c in kept}) == 2
    for cookie in kept:
        assert cookie.get("httpOnly")
        assert cookie.get("secure")
        assert cookie.get("sameSite") == "None"
        assert cookie.get("path") == "/"
    # One's own visit is another person still, and the frames know nothing of it.
    page.goto(f"{secure.app}/j/buying")
    page.locator(f'[data-step="{FIRST}"]').wait_for()


def partition(cookie: Any) -> str:
    """The site around, which a partitioned cookie is kept for; empty for any other."""
    return cookie.get("partitionKey", "")
