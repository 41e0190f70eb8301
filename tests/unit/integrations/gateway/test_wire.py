"""What goes over a real connection: cancellation, redirects, sizes, cookies, headers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog

from tests.unit.integrations.gateway.scripted import BEGIN, PARTNER, as_json, until
from trex_app.core.errors import PartnerUnavailable
from trex_app.integrations.gateway import Gateway, PartnerPolicy, Reply, State
from trex_app.integrations.gateway.fault import PartnerFault
from trex_app.integrations.gateway.message import Outgoing
from trex_app.integrations.gateway.wire import Wire

Handle = Callable[[str, asyncio.StreamWriter], Awaitable[None]]
LATER = "Mon, 04 May 2026 14:02:30 GMT"


@dataclass
class LocalServer:
    """A real server: `handle` writes the answer to each request's head."""

    handle: Handle
    heads: list[str] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client has closed its connection."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.heads.append(head)
                await self.handle(head, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.closed.set()
        finally:
            writer.close()


@asynccontextmanager
async def serving(handle: Handle) -> AsyncIterator[tuple[LocalServer, str]]:
    local = LocalServer(handle)
    server = await asyncio.start_server(local.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield local, f"http://127.0.0.1:{port}"
    finally:
        server.close()


def said(status: str, body: bytes = b"{}", **headers: str) -> Handle:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    answer = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    async def handle(_head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return handle


async def silence(_head: str, _writer: asyncio.StreamWriter) -> None:
    """Take the request and never answer it."""


async def send(url: str, path: str = "/a", method: str = "GET", most: int = 1000) -> Reply:
    wire = Wire()
    try:
        return await wire.send(
            url, Outgoing(partner=PARTNER, method=method, path=path), most, BEGIN
        )
    finally:
        await wire.aclose()


async def reason_of(work: Awaitable[Any]) -> str:
    with pytest.raises(PartnerFault) as failed:
        await work
    return failed.value.reason


@asynccontextmanager
async def a_gateway_to(url: str, **numbers: Any) -> AsyncIterator[Gateway]:
    policy = PartnerPolicy(base_url=url, **{"timeout_seconds": 30.0, **numbers})
    gateway = Gateway({PARTNER: policy})
    try:
        yield gateway
    finally:
        await gateway.aclose()


async def test_a_cancelled_call_closes_its_connection() -> None:
    async with serving(silence) as (server, url), a_gateway_to(url) as gateway:
        call = asyncio.create_task(gateway.call(PARTNER, "GET", "/a", read=as_json))
        await until(lambda: len(server.heads) == 1)
        assert not server.closed.is_set()
        call.cancel()
        await asyncio.wait_for(server.closed.wait(), 20)
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_a_call_past_its_deadline_closes_its_connection() -> None:
    async with (
        serving(silence) as (server, url),
        a_gateway_to(url, timeout_seconds=0.3) as gateway,
    ):
        with pytest.raises(PartnerUnavailable) as failed:
            await gateway.call(PARTNER, "GET", "/a", read=as_json)
        assert failed.value.reason == "timeout"
        await asyncio.wait_for(server.closed.wait(), 20)


async def test_an_answer_that_trickles_is_ended_by_the_deadline() -> None:
    async def trickle(_head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with serving(trickle) as (_, url), a_gateway_to(url, timeout_seconds=0.3) as gateway:
        with pytest.raises(PartnerUnavailable) as failed:
            await gateway.call(PARTNER, "GET", "/a", read=as_json)
        assert failed.value.reason == "timeout"


async def test_after_cancelled_calls_the_connections_still_serve() -> None:
    async def hang_on_a(head: str, writer: asyncio.StreamWriter) -> None:
        if "/hang" not in head:
            await said("200 OK")(head, writer)

    async with serving(hang_on_a) as (server, url), a_gateway_to(url, concurrent=2) as gateway:
        for count in range(10):
            call = asyncio.create_task(gateway.call(PARTNER, "GET", "/hang", read=as_json))
            await until(lambda count=count: len(server.heads) > count)
            call.cancel()
            await asyncio.wait({call})
        assert (await gateway.call(PARTNER, "GET", "/a", read=as_json)).value == {}


async def test_nobody_there_is_a_connection_fault() -> None:
    async with serving(silence) as (_, url):
        pass
    assert await reason_of(send(url)) == "connection"


async def test_a_connection_that_drops_is_a_connection_fault() -> None:
    async def drop(_head: str, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with serving(drop) as (_, url):
        assert await reason_of(send(url)) == "connection"


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "407 Proxy"])
async def test_credentials_that_are_not_taken_wait_and_open_no_breaker(status: str) -> None:
    async with serving(said(status)) as (server, url), a_gateway_to(url) as gateway:
        with structlog.testing.capture_logs() as lines:
            for _ in range(10):
                with pytest.raises(PartnerUnavailable) as failed:
                    await gateway.call(PARTNER, "GET", "/a", read=as_json)
                assert failed.value.reason == "unauthorised"
        assert {(line["event"], line["status"]) for line in lines} == {
            ("partner_unauthorised", int(status[:3]))
        }
        assert gateway.health(PARTNER).state is State.CLOSED
        assert len(server.heads) == 10


async def test_an_answer_over_the_limit_is_not_read() -> None:
    async with serving(said("200 OK", b"x" * 1001)) as (_, url):
        assert await reason_of(send(url)) == "malformed"
    async with serving(said("200 OK", b"x" * 1000)) as (_, url):
        assert (await send(url)).content == b"x" * 1000


async def test_an_answer_without_a_length_is_cut_off_at_the_limit() -> None:
    async def endless(_head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"3e8\r\n" + b"x" * 1000 + b"\r\n")
            await writer.drain()

    async with serving(endless) as (server, url):
        async with asyncio.timeout(20):
            assert await reason_of(send(url)) == "malformed"
            await server.closed.wait()


async def test_an_answer_packed_wrongly_is_malformed() -> None:
    async with serving(said("200 OK", b"no gzip", Content_Encoding="gzip")) as (_, url):
        assert await reason_of(send(url)) == "malformed"


async def test_a_redirect_is_followed_at_home_only() -> None:
    async def move(head: str, writer: asyncio.StreamWriter) -> None:
        is_there = head.startswith("GET /there")
        await (said("200 OK") if is_there else said("302 Found", Location="/there"))(head, writer)

    async with serving(said("200 OK")) as (other, elsewhere):
        async with serving(said("302 Found", Location=f"{elsewhere}/there")) as (_, url):
            assert await reason_of(send(url)) == "error"
        assert other.heads == []
    async with serving(move) as (_, url):
        assert (await send(url)).json() == {}
        assert await reason_of(send(url, method="POST")) == "error"


async def test_a_redirect_in_a_circle_ends() -> None:
    async with serving(said("302 Found", Location="/a")) as (server, url):
        assert await reason_of(send(url)) == "error"
        assert len(server.heads) <= 4


async def test_cookies_of_one_call_are_not_sent_with_the_next() -> None:
    handle = said("200 OK", Set_Cookie="who=anna; Path=/")
    async with serving(handle) as (server, url), a_gateway_to(url) as gateway:
        for _ in range(2):
            await gateway.call(PARTNER, "GET", "/a", read=as_json)
    assert len(server.heads) == 2
    assert "cookie" not in server.heads[1].lower()


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with serving(said("200 OK")) as (_, url):
        assert (await send(url)).json() == {}


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("7", 7), (LATER, 30), ("soon", None), ("-3", None), ("999999999", 3600)],
)
async def test_retry_after_is_a_number_or_a_date(given: str, seconds: float | None) -> None:
    async with serving(said("503 Later", Retry_After=given)) as (_, url):
        with pytest.raises(PartnerFault) as failed:
            await send(url)
    assert failed.value.retry_after_seconds == seconds
