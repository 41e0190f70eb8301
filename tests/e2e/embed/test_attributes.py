"""What a page writes on the element: where it leads, and how often the journey is loaded for it."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, expect

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


def test_a_refusal_of_what_was_written_before_hides_nothing_when_it_comes_late(
    page: Page, app: RunningApp, host: Host
) -> None:
    held: list[Route] = []
    tickets = "**/api/embed/tickets"

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(tickets, hold_the_first)
    page.goto(host.page(app.address, widget(app.address, tenant="acne")))
    page.wait_for_function("widget.dataset.state === 'loading'")
    page.evaluate("widget.setAttribute('tenant', 'acme')")
    shown = Widget(page).until_ready()
    with page.expect_response(tickets) as refused:
        held[0].continue_()
    assert refused.value.status == 403
    refused.value.finished()
    page.wait_for_timeout(500)  # until the page has read it
    assert shown.frame.frame_element().is_visible()
    expect(page.get_by_role("link", name="Go on without the widget")).to_be_hidden()
    assert page.evaluate("heard.map(({ type }) => type).lastIndexOf('error')") == -1


def test_an_attribute_leads_to_no_other_address(page: Page, app: RunningApp, host: Host) -> None:
    body = widget(app.address, workflow="../../j/buying?a", tenant="acme&amp;step=1#x")
    with page.expect_request(lambda asked: "tenant=acme" in asked.url) as asked:
        page.goto(host.page(app.address, body))
    address = urlsplit(asked.value.url)
    assert address.path == "/embed/frame/..%2F..%2Fj%2Fbuying%3Fa"
    assert address.query == "tenant=acme%26step%3D1%23x"
    assert address.fragment == ""
