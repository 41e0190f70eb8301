"""An element that names no journey shows the tenant's own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.conftest import add_tenant
from tests.e2e.embed.host import Host, running_host
from tests.e2e.embed.stage import Widget

NAMELESS = """
<trex-workflow id="widget" tenant="{tenant}" {more}><a href="#link">Go on</a></trex-workflow>
"""


@pytest.fixture(scope="module")
def seller(app: RunningApp) -> Iterator[Host]:
    """A site whose own journey is selling."""
    with running_host() as host:
        add_tenant(app, "seller", host.address, "--workflow", "selling")
        yield host


@pytest.mark.parametrize("more", ["", 'workflow=""'])
def test_it_is_the_one_that_the_tenant_named(
    page: Page, app: RunningApp, seller: Host, more: str
) -> None:
    page.goto(seller.page(app.address, NAMELESS.format(tenant="seller", more=more)))
    shown = Widget(page).until_ready()
    assert shown.step == "has_buyer"
    (ready,) = page.evaluate("heard.filter((event) => event.type === 'ready')")
    assert ready["workflow"] == "selling"
    page.reload()
    shown.until_ready()
    assert page.evaluate("widget.stats.ignored") == 0


def test_without_an_answer_no_frame_is_opened(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, NAMELESS.format(tenant="nobody", more="")))
    Widget(page).reaches("error")
    expect(page.get_by_role("link", name="Go on")).to_be_visible()
    assert page.frames == [page.main_frame]
