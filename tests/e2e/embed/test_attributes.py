"""What a page writes on the element: where it leads, and how often the journey is loaded for it."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget

LOADED = """
async (props) => {
  const ended = () => heard.filter(({ type }) => type === "unmounted").length;
  const before = ended();
  await widget.update(props);
  return [ended() - before, widget.dataset.state];
}
"""


def test_several_that_change_at_once_load_the_journey_anew_once(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    given = {"workflow": "selling", "session-key": "other", "locale": "de"}
    assert page.evaluate(LOADED, given) == [1, "ready"]
    assert urlsplit(shown.frame.url).path.startswith("/de/embed/frame/selling")


def test_what_stays_as_it_is_loads_nothing(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    Widget(page).until_ready()
    given = {"tenant": "acme", "workflow": "buying", "theme": "dark"}
    assert page.evaluate(LOADED, given) == [0, "ready"]


def test_who_unmounts_after_a_change_is_not_mounted_again(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    Widget(page).until_ready()
    page.evaluate("() => { widget.setAttribute('locale', 'de'); widget.unmount(); }")
    assert page.evaluate("'state' in widget.dataset") is False


def test_an_attribute_leads_to_no_other_address(page: Page, app: RunningApp, host: Host) -> None:
    body = widget(app.address, workflow="../../j/buying?a", tenant="acme&amp;step=1#x")
    with page.expect_request(lambda asked: "tenant=acme" in asked.url) as asked:
        page.goto(host.page(app.address, body))
    address = urlsplit(asked.value.url)
    assert address.path == "/embed/frame/..%2F..%2Fj%2Fbuying%3Fa"
    assert address.query == "tenant=acme%26step%3D1%23x"
    assert address.fragment == ""
