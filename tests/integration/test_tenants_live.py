"""The real server: what sites are let and refused there, and that a command changes it at once."""

import base64
import os
import socket
import time
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx
import pytest
from reflex_base.constants import Reflex

from tests.e2e.conftest import RunningApp
from tests.integration.tenant_command import tenants

SERVE = (
    "from trex_app.core.settings import get_settings; from trex_app.ui.build import serve_backend;"
    "serve_backend(get_settings())"
)
HOST = "https://www.acme.example"
EVIL = "https://evil.example"
VERSION = Reflex.VERSION
PATIENCE_SECONDS = 10
POSTING_JSON = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    app = RunningApp(tmp_path_factory.mktemp("installation"), {}, SERVE)
    app.start()
    tenants(app.folder, "add", "acme", "--origin", HOST)
    yield app
    app.stop()


def asked(server: RunningApp, origin: str) -> httpx.Response:
    address = f"{server.address}/api/embed/tickets"
    return httpx.post(address, json={"tenant": "acme"}, headers={"origin": origin})


def asked_until(server: RunningApp, origin: str, status: HTTPStatus) -> httpx.Response:
    """The answer once it has this status: what another process changes holds soon."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (answer := asked(server, origin)).status_code != status:
        assert time.monotonic() < deadline, answer.text
    return answer


def handshake(server: RunningApp, origin: str, *protocols: str) -> tuple[int, str]:
    """The status that a websocket is answered with, and the subprotocol it gets."""
    place = urlsplit(server.address)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        "GET /_event/?EIO=4&transport=websocket&token=tab HTTP/1.1",
        f"Host: {place.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
        f"Sec-WebSocket-Protocol: {', '.join((VERSION, *protocols))}",
        f"Origin: {origin}",
    ]
    with socket.create_connection(("127.0.0.1", place.port or 80), timeout=30) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(4096)
    head = answer.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
    return int(head[0].split()[1]), headers.get("sec-websocket-protocol", "")


def test_a_ticket_opens_one_socket(server: RunningApp) -> None:
    ticket = asked_until(server, HOST, HTTPStatus.OK).json()["ticket"]
    ours = server.address
    assert handshake(server, ours, f"trex-ticket.{ticket}") == (101, VERSION)
    assert handshake(server, ours, f"trex-ticket.{ticket}")[0] == HTTPStatus.FORBIDDEN


def test_an_evil_page_opens_none(server: RunningApp) -> None:
    ticket = asked_until(server, HOST, HTTPStatus.OK).json()["ticket"]
    assert handshake(server, EVIL)[0] == HTTPStatus.FORBIDDEN
    assert handshake(server, EVIL, f"trex-ticket.{ticket}")[0] == HTTPStatus.FORBIDDEN


def test_our_own_page_needs_no_ticket(server: RunningApp) -> None:
    assert handshake(server, server.address) == (101, VERSION)


def test_nothing_in_front_adds_to_what_an_evil_page_may_read(server: RunningApp) -> None:
    refusal = asked(server, EVIL)
    assert refusal.status_code == HTTPStatus.FORBIDDEN
    assert refusal.headers["access-control-allow-origin"] == EVIL
    for path in ("/api/embed/tickets", "/api/workflow/definitions", "/", "/ping"):
        answer = httpx.get(f"{server.address}{path}", headers={"origin": EVIL})
        assert "access-control-allow-credentials" not in answer.headers
        if path != "/api/embed/tickets":
            assert "access-control-allow-origin" not in answer.headers


def test_nothing_in_front_refuses_a_tenants_preflight(server: RunningApp) -> None:
    asked_until(server, HOST, HTTPStatus.OK)
    headers = {"origin": HOST, **POSTING_JSON}
    for path in ("/api/embed/tickets", "/api/workflow/start"):
        answer = httpx.options(f"{server.address}{path}", headers=headers)
        assert answer.headers["access-control-allow-origin"] == HOST


def test_a_command_changes_what_the_running_server_allows(server: RunningApp) -> None:
    added = "https://shop.acme.example"
    assert asked(server, added).status_code == HTTPStatus.FORBIDDEN
    tenants(server.folder, "set", "acme", "--origin", added)
    asked_until(server, added, HTTPStatus.OK)
    tenants(server.folder, "set", "acme", "--without", added)
    asked_until(server, added, HTTPStatus.FORBIDDEN)
