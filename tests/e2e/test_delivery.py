"""How the app reaches a browser: one origin, one cookie, a strict policy, a guarded socket."""

import json
import re

import httpx2
import pytest
from playwright.sync_api import ConsoleMessage, Page, expect
from redis import Redis
from simple_websocket import Client, ConnectionClosed
from simple_websocket import ConnectionError as SocketRefused

from tests.e2e.conftest import RunningApp, StartApp
from tests.e2e.walks import answer as answer_step
from tests.e2e.walks import begin, shows
from trex_app.core.visitor import COOKIE_NAME


def open_socket(base_url: str, headers: dict[str, str]) -> Client:
    address = base_url.replace("http", "ws") + "/_event/?EIO=4&transport=websocket"
    return Client(address, headers=[(k.encode(), v.encode()) for k, v in headers.items()])


def hear_out(socket: Client) -> None:
    """Read until there is nothing more to come. Raises ConnectionClosed."""
    while socket.receive(timeout=60) is not None:
        pass


def test_the_landing_page_is_there_before_any_script_runs(base_url: str) -> None:
    answer = httpx2.get(base_url)
    assert answer.status_code == 200
    assert "<h1" in answer.text


def test_a_page_breaks_neither_its_policy_nor_a_script(page: Page, base_url: str) -> None:
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location})")

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert complaints == []


def test_scripts_cannot_read_the_visitor_cookie(page: Page, base_url: str) -> None:
    page.goto("/")
    cookies = {cookie.get("name"): cookie for cookie in page.context.cookies()}
    assert cookies[COOKIE_NAME].get("httpOnly") is True
    assert COOKIE_NAME not in page.evaluate("document.cookie")


def test_the_socket_goes_to_the_address_of_the_page(page: Page, base_url: str) -> None:
    with page.expect_websocket() as opened:
        page.goto("/")
    own = re.escape(base_url.replace("http", "ws"))
    assert re.match(rf"{own}/_event/", opened.value.url)


def test_our_own_page_may_open_the_socket(base_url: str) -> None:
    socket = open_socket(base_url, {"Origin": base_url})
    assert socket.connected
    socket.close()


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_no_other_page_may_open_the_socket(base_url: str, headers: dict[str, str]) -> None:
    with pytest.raises(SocketRefused):
        open_socket(base_url, headers)


@pytest.mark.parametrize(
    "message", ["4" + "x" * 70_000, "42" + "x" * 1_000_000], ids=["70 kB", "1 MB"]
)
def test_the_socket_takes_no_message_longer_than_64_kib(base_url: str, message: str) -> None:
    socket = open_socket(base_url, {"Origin": base_url})
    socket.send(message)
    with pytest.raises(ConnectionClosed):
        hear_out(socket)


def test_the_socket_takes_a_message_of_usual_length(base_url: str) -> None:
    socket = open_socket(base_url, {"Origin": base_url})
    socket.send("40/_event," + json.dumps({"padding": "x" * 60_000}))
    assert '"maxPayload":65536' in str(socket.receive(timeout=60))
    assert str(socket.receive(timeout=60)).startswith("40/_event,")
    socket.close()


def test_a_browser_that_asks_for_the_icon_at_its_usual_place_finds_it(base_url: str) -> None:
    answer = httpx2.get(f"{base_url}/favicon.ico")
    assert answer.status_code == 200
    assert answer.content.startswith(b"\0\0\1\0")  # the header of an icon file


def test_a_page_speaks_its_language_before_any_script_runs(base_url: str) -> None:
    page = httpx2.get(f"{base_url}/de/j/buying/vehicle_search")
    assert page.status_code == 200
    assert '<html lang="de"' in page.text


def test_an_address_that_does_not_exist_says_so(page: Page, base_url: str) -> None:
    answer = page.goto("/nowhere")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("404")).to_be_visible()


def test_the_state_of_pages_lives_in_redis_where_there_is_one(
    page: Page, start_app: StartApp, redis_url: str
) -> None:
    address = start_app(TREX_REDIS_URL=redis_url)
    page.goto(f"{address}/j/buying")
    page.wait_for_url("**/j/buying/*")  # the first screen is there before the state
    token = page.evaluate("sessionStorage.getItem('token')")
    stored = [key.decode() for key in Redis.from_url(redis_url).scan_iter(f"*{token}*")]
    assert stored != []


def test_an_error_in_a_page_reaches_the_servers_log(page: Page, app: RunningApp) -> None:
    begin(page, "buying")
    shows(page, "vehicle_knowledge")
    with page.expect_request("**/api/browser-errors") as report:
        page.evaluate("setTimeout(() => Promise.reject(new RangeError('Ada Lovelace')))")
    answer = report.value.response()
    assert answer is not None
    assert answer.status == 204
    # Reflex tells the server too, by the socket: what comes after it on the same way has arrived.
    answer_step(page, {"knows_vehicle": "true"})
    shows(page, "vehicle_search")
    log = app.log.read_text()
    assert "browser_error" in log
    assert "RangeError" in log
    assert "Lovelace" not in log
