"""A widget has one socket while it is mounted, and none afterwards, as the server counts them."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Launch, RunningApp
from tests.e2e.embed.conftest import add_tenant
from tests.e2e.embed.counted_sockets import SERVE_COUNTING_SOCKETS, sockets_of
from tests.e2e.embed.host import Host, running_host, widget
from tests.e2e.embed.stage import Widget, wait_until_alone

CYCLES = 20
SETTLED_SECONDS = 30
CYCLE = "async () => { await widget.mount(); await widget.unmount(); }"


@pytest.fixture
def counting(launch: Launch) -> RunningApp:
    return launch(serve=SERVE_COUNTING_SOCKETS)


@pytest.fixture
def counting_host(counting: RunningApp) -> Iterator[Host]:
    with running_host() as host:
        add_tenant(counting, "acme", host.address)
        yield host


def comes_to(app: RunningApp, expected: tuple[int, int]) -> None:
    """The server's count comes to this: it hears of a frame's end a moment later."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while sockets_of(app.folder) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sockets_of(app.folder) == expected


def test_each_of_twenty_mounts_opens_one_socket_and_closes_it(
    page: Page, counting: RunningApp, counting_host: Host
) -> None:
    page.goto(counting_host.page(counting.address, widget(counting.address)))
    Widget(page).until_ready()
    comes_to(counting, (1, 1))
    page.evaluate("widget.unmount()")
    comes_to(counting, (1, 0))
    for _ in range(CYCLES):
        page.evaluate(CYCLE)
    wait_until_alone(page)
    comes_to(counting, (1 + CYCLES, 0))


def test_one_that_leaves_the_page_takes_its_own_socket_along_and_no_other(
    page: Page, counting: RunningApp, counting_host: Host
) -> None:
    body = "".join(widget(counting.address, id=key, session_key=key) for key in ("left", "right"))
    page.goto(counting_host.page(counting.address, body))
    for key in ("left", "right"):
        Widget(page, key).until_ready()
    comes_to(counting, (2, 2))
    page.evaluate("left.remove()")
    comes_to(counting, (2, 1))
    page.goto("about:blank")
    comes_to(counting, (2, 0))
