"""A page of an origin that no tenant has named gets nothing, and its console says why."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.conftest import add_tenant
from tests.e2e.embed.host import Host, running_host, widget
from tests.e2e.embed.stage import READY_MS, Widget
from trex_app.ui.build import PROJECT_DIR

NOTICED_SECONDS = 30  # two, says the guide, on a machine that has time
FRAMED = "/embed/frame/buying?tenant=acme"
ASK = """
([address, options]) => fetch(address, options).then(
  async (answer) => [answer.type, answer.status, await answer.text()], (error) => [error.name])
"""
# What a socket of a page comes to: whether it ever opened, before it was closed.
KNOCK = """
([address, protocols]) => new Promise((done) => {
  const socket = new WebSocket(address, protocols);
  let isOpened = false;
  socket.onopen = () => { isOpened = true; socket.close(); };
  socket.onclose = () => done(isOpened);
})
"""
VERSION = version("reflex")  # which our pages offer as a subprotocol, too


def asking(tenant: str) -> dict[str, Any]:
    """How a page asks for a ticket."""
    return {
        "method": "POST",
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"tenant": tenant, "workflow": "buying"}),
    }


@pytest.fixture
def stranger() -> Iterator[Host]:
    """A site that nobody has let in."""
    with running_host() as host:
        yield host


@pytest.fixture
def told(page: Page) -> list[str]:
    """What the page's console says."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    return found


def socket_of(app: RunningApp) -> str:
    """Where our pages open their socket."""
    return app.address.replace("http", "ws") + "/_event/?EIO=4&transport=websocket&token=guessed"


def ticket_for(page: Page, app: RunningApp) -> str:
    """A ticket that the page asks for."""
    _, _, answer = page.evaluate(ASK, [f"{app.address}/api/embed/tickets", asking("acme")])
    return json.loads(answer)["ticket"]


def opens(page: Page, app: RunningApp, *protocols: str) -> bool:
    """Whether a socket of the page is let in."""
    return page.evaluate(KNOCK, [socket_of(app), [VERSION, *protocols]])


def test_a_strange_page_cannot_frame_a_journey(
    page: Page, app: RunningApp, host: Host, stranger: Host, told: list[str]
) -> None:
    body = f'<iframe id="direct" src="{app.address}{FRAMED}"></iframe>'
    page.goto(stranger.page(app.address, body))
    expect(page.locator("#direct")).to_be_attached()
    page.wait_for_load_state("load")
    framed = page.frames[1]
    expect(framed.locator("[data-step]")).to_have_count(0)
    assert any("frame-ancestors" in text and host.address in text for text in told)
    assert framed.url.startswith("chrome-error:")
    page.goto(host.page(app.address, body))
    expect(page.frame_locator("#direct").locator("main")).to_be_visible()


def test_a_strange_page_in_between_cannot_frame_one_either(
    page: Page, app: RunningApp, host: Host, stranger: Host
) -> None:
    """Every page around must be the tenant's, not only the nearest one."""
    inner = host.page(app.address, widget(app.address), path="/inner.html")
    page.goto(stranger.page(app.address, f'<iframe id="inner" src="{inner}"></iframe>'))
    element = page.frame_locator("#inner").locator("#widget")
    expect(element).to_have_attribute("data-state", "error", timeout=READY_MS)
    expect(element.get_by_role("link")).to_be_visible()


def test_a_strange_page_reads_nothing_of_the_api(
    page: Page, app: RunningApp, host: Host, stranger: Host, told: list[str]
) -> None:
    page.goto(stranger.page(app.address, ""))
    address = f"{app.address}/api/workflow/definitions"
    assert page.evaluate(ASK, [address, {}]) == ["TypeError"]
    assert page.evaluate(ASK, [address, {"credentials": "include"}]) == ["TypeError"]
    assert any("CORS" in text for text in told)
    page.goto(host.page(app.address, ""))
    kind, status, _ = page.evaluate(ASK, [address, {}])
    assert (kind, status) == ("cors", 200)
    assert page.evaluate(ASK, [address, {"credentials": "include"}]) == ["TypeError"]


def test_a_strange_page_opens_no_socket_not_even_with_a_ticket(
    page: Page, app: RunningApp, host: Host, stranger: Host
) -> None:
    page.goto(host.page(app.address, ""))
    ticket = ticket_for(page, app)
    # The ticket is the frame's, and the host's page is not the frame.
    assert not opens(page, app, f"trex-ticket.{ticket}")
    page.goto(stranger.page(app.address, ""))
    for offered in ([], [f"trex-ticket.{ticket}"], ["trex-ticket.guessed"]):
        assert not opens(page, app, *offered)
    page.goto(f"{app.address}/privacy")
    assert opens(page, app)


def test_a_socket_is_opened_by_a_ticket_once(page: Page, app: RunningApp, host: Host) -> None:
    page.goto(host.page(app.address, ""))
    ticket = ticket_for(page, app)
    page.goto(f"{app.address}/privacy")
    assert [opens(page, app, f"trex-ticket.{ticket}") for _ in range(2)] == [True, False]


def test_a_site_is_let_in_while_everything_runs(
    page: Page, app: RunningApp, stranger: Host, told: list[str]
) -> None:
    page.goto(stranger.page(app.address, widget(app.address, tenant="newcomer")))
    shown = Widget(page)
    shown.reaches("error")
    expect(page.get_by_role("link", name="Go on without the widget")).to_be_visible()
    assert any(f"tenants set newcomer --origin {stranger.address}" in text for text in told)
    add_tenant(app, "newcomer", stranger.address)
    wait_for_answer(page, app, 200)
    page.reload()
    shown.until_ready()
    remove_tenant(app, "newcomer")
    wait_for_answer(page, app, 403)
    page.reload()
    shown.reaches("error")


def wait_for_answer(page: Page, app: RunningApp, status: int) -> None:
    """Ask for tickets until the server answers so."""
    deadline = time.monotonic() + NOTICED_SECONDS
    while page.evaluate(ASK, [f"{app.address}/api/embed/tickets", asking("newcomer")])[1] != status:
        assert time.monotonic() < deadline, f"no {status} within {NOTICED_SECONDS} s"
        page.wait_for_timeout(200)


def remove_tenant(app: RunningApp, tenant: str) -> None:
    """Remove a tenant as an operator does."""
    subprocess.run(
        [sys.executable, "-m", "trex_app", "tenants", "remove", tenant],
        cwd=PROJECT_DIR,
        env={**os.environ, "TREX_DATA_DIR": str(app.folder)},
        check=True,
        capture_output=True,
    )
