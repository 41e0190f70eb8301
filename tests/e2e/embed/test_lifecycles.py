"""The lifecycles of single-spa, and how much a host loads for them."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, running_host
from tests.e2e.embed.stage import Widget, wait_until_alone
from trex_app import __version__
from trex_app.ui.build import STATIC_DIR

LOADER_BYTES_MAX = 2048
SCRIPTS = "**/assets/*.js"
PROPS = "{name: 'buying', attributes: {id: 'widget', tenant: 'acme', workflow: 'buying'}}"
PLACE = '<div id="single-spa-application:buying"></div>'


def load(page: Page, app: RunningApp, host: Host) -> None:
    """A page whose root configuration has fetched the application."""
    page.goto(host.page(app.address, PLACE))
    page.evaluate(
        "async (url) => { window.app = await import(url); }", f"{app.address}/embed/v1/trex.js"
    )


def test_an_application_is_mounted_changed_and_unmounted(
    page: Page, app: RunningApp, host: Host
) -> None:
    load(page, app, host)
    page.evaluate(f"app.bootstrap({PROPS}).then(() => app.mount({PROPS}))")
    Widget(page).reaches("ready")
    expect(page.locator("[id='single-spa-application:buying'] > trex-workflow")).to_have_count(1)
    page.evaluate("app.update({name: 'buying', attributes: {theme: 'dark'}})")
    root = Widget(page).frame.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    page.evaluate("app.unmount({name: 'buying'})")
    expect(page.locator("trex-workflow")).to_have_count(0)
    wait_until_alone(page)


def test_mounting_where_it_may_not_fails_with_the_reason(page: Page, app: RunningApp) -> None:
    with running_host() as stranger:
        load(page, app, stranger)
        reason = page.evaluate(
            f"app.mount({PROPS}).catch((e) => [e instanceof Error, e.code, e.message])"
        )
        assert reason[:2] == [True, "host_not_allowed"]
        assert stranger.address in reason[2]
        expect(page.locator("#widget")).to_have_attribute("data-state", "error")


def test_a_server_that_is_away_for_long_leaves_the_way_on_and_comes_late(
    page: Page, app: RunningApp, host: Host
) -> None:
    load(page, app, host)
    held: list[Route] = []

    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    page.route(SCRIPTS, hold)
    mounted = page.evaluate(
        f"""async () => {{
          const fallback = document.createElement("a");
          Object.assign(fallback, {{ href: "#calls", text: "Call us" }});
          await app.mount({{ ...{PROPS}, fallback }});
          return document.getElementById("widget").dataset.state;
        }}"""
    )
    # A mount that fails is one that single-spa takes away, and never tries again.
    assert mounted == "error"
    link = page.get_by_role("link", name="Call us")
    expect(link).to_be_visible()
    is_held = False
    for route in held:
        route.continue_()
    Widget(page).reaches("ready")
    expect(link).to_be_hidden()
    page.evaluate(f"app.unmount({PROPS})")
    expect(page.locator("trex-workflow")).to_have_count(0)


def test_unmounting_before_it_is_ready_ends_the_waiting(
    page: Page, app: RunningApp, host: Host
) -> None:
    load(page, app, host)
    ended = page.evaluate(
        f"""async () => {{
          const mounting = app.mount({PROPS}).then(
            () => "mounted", (error) => [error instanceof Error, error.code, error.message]);
          await app.unmount({{name: "buying"}});
          return mounting;
        }}"""
    )
    assert ended == [True, "unmounted", "unmounted"]


def test_mounting_comes_to_nothing_but_being_mounted(
    page: Page, app: RunningApp, host: Host
) -> None:
    load(page, app, host)
    mounted = "app.mount(%s).then((given) => given === undefined)"
    assert page.evaluate(mounted % PROPS) is True


@pytest.mark.parametrize("version", [__version__, "v1"])
def test_the_loader_is_small(base_url: str, version: str) -> None:
    compressed = STATIC_DIR / "embed" / version / "trex.js.br"
    assert compressed.stat().st_size <= LOADER_BYTES_MAX
