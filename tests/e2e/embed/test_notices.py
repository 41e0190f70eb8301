"""What failed outside of the step is said where a person sees it, in a frame of any height."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.absent_database import SERVE_WITH_ABSENT_DATABASE, without_database
from tests.e2e.conftest import Launch, RunningApp
from tests.e2e.embed.conftest import add_tenant
from tests.e2e.embed.host import Host, running_host, widget
from tests.e2e.embed.stage import Widget

TALL = '<div style="height: 150vh"></div>'


@pytest.fixture(scope="module")
def fragile(launch: Launch) -> RunningApp:
    """An app over a database that can be away."""
    return launch(serve=SERVE_WITH_ABSENT_DATABASE)


@pytest.fixture(scope="module")
def host(fragile: RunningApp) -> Iterator[Host]:
    """The site of a tenant of that app."""
    with running_host() as host:
        add_tenant(fragile, "acme", host.address)
        yield host


@pytest.mark.parametrize("edge", ["start", "end"])
def test_a_failure_is_in_sight_wherever_the_frame_is_looked_at(
    page: Page, fragile: RunningApp, host: Host, edge: str
) -> None:
    page.set_viewport_size({"width": 400, "height": 500})
    page.goto(host.page(fragile.address, TALL + widget(fragile.address, workflow="selling") + TALL))
    shown = Widget(page).until_ready()
    shown.answer(has_buyer="false")
    shown.shows("sale_vehicle")
    assert shown.settled_height() > 2 * 500
    page.evaluate("edge => widget.scrollIntoView({ block: edge })", edge)
    save = shown.frame.get_by_role("button", name="Save for later")
    with without_database(fragile.folder):
        # The element itself: a real press would bring its button into sight.
        save.evaluate("button => button.click()")
        said = shown.frame.get_by_role("alert").filter(has_text="not available right now")
        expect(said).to_be_in_viewport(ratio=1)
    shown.settled_height()
    expect(said).to_be_in_viewport(ratio=1)
    shown.frame.get_by_role("button", name="Close").click()
    expect(said).to_have_count(0)
