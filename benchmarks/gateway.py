"""What a call through the gateway costs beside the same call with bare httpx.

CPU time of the caller; the partner is a process of its own, or answers from memory, so that the
network is in no figure of the second kind.
"""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from benchmarks import report
from benchmarks.measuring import Contender, Effort, take_turns, timed
from trex_app.integrations.gateway import Gateway, PartnerPolicy, Reply

PARTNER = "vehicles"
PATH = "/v1/vehicles"
BODY = b'{"items": [], "page": {"number": 1, "size": 12, "totalItems": 0}}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
    len(BODY),
    BODY,
)
UNLIMITED: dict[str, Any] = {"timeout_seconds": 60.0, "calls_per_second": 10_000_000.0}
FROM_MEMORY, OVER_LOOPBACK = "no network", "over loopback"
Ask = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: calls a round, and rounds."""

    calls: int = 500
    rounds: int = 30


class Caller:
    """Asks one question after the other in an event loop of its own."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, ask: Ask, calls: int, at_once: int = 1
    ) -> None:
        self._loop, self._ask = loop, ask
        self._calls, self._at_once = calls, at_once

    def round(self) -> Effort:
        """Ask so many times."""
        return timed(lambda: self._loop.run_until_complete(self._ask_all()))

    async def _ask_all(self) -> int:
        await asyncio.gather(*[self._ask_some() for _ in range(self._at_once)])
        return self._calls

    async def _ask_some(self) -> None:
        for _ in range(self._calls // self._at_once):
            await self._ask()


def run(scale: Scale) -> dict[str, float]:
    """Measure and print; what the gateway adds to a call, in microseconds, by kind of network."""
    report.heading("The gateway beside bare httpx: CPU time of the caller, for each call")
    loop = asyncio.new_event_loop()
    try:
        with _partner() as url:
            return {
                FROM_MEMORY: _beside(loop, scale, FROM_MEMORY, "http://partner.example", _memory()),
                OVER_LOOPBACK: _beside(loop, scale, OVER_LOOPBACK, url, None),
            }
    finally:
        loop.close()


def _beside(
    loop: asyncio.AbstractEventLoop,
    scale: Scale,
    kind: str,
    url: str,
    transport: httpx.AsyncBaseTransport | None,
) -> float:
    bare, through = f"bare httpx, {kind}", f"gateway, {kind}"
    client, gateway = _client(url, transport), _gateway(url, transport)
    contenders: dict[str, Contender] = {
        bare: Caller(loop, lambda: _ask_bare(client), scale.calls),
        through: Caller(loop, lambda: _ask(gateway), scale.calls),
        f"{bare}, 16 at once": Caller(loop, lambda: _ask_bare(client), scale.calls, 16),
        f"{through}, 16 at once": Caller(loop, lambda: _ask(gateway), scale.calls, 16),
        f"{through}, saved answer": Caller(loop, lambda: _ask(gateway, True), scale.calls),
    }
    try:
        found = take_turns(contenders, scale.rounds)
    finally:
        loop.run_until_complete(client.aclose())
        loop.run_until_complete(gateway.aclose())
    report.table(found, floor=bare, what="calls")
    added = (found[through].seconds_each - found[bare].seconds_each) * 1e6
    report.note(f"The gateway adds {added:.0f} us to a call.")
    return added


def _client(url: str, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, transport=transport, timeout=60, trust_env=False)


def _gateway(url: str, transport: httpx.AsyncBaseTransport | None) -> Gateway:
    return Gateway({PARTNER: PartnerPolicy(base_url=url, **UNLIMITED)}, transport=transport)


async def _ask_bare(client: httpx.AsyncClient) -> Any:
    response = await client.get(PATH, params={"page": 1})
    return response.json()


async def _ask(gateway: Gateway, is_cached: bool = False) -> Any:
    answer = await gateway.call(
        PARTNER, "GET", PATH, read=_as_json, params={"page": 1}, is_cached=is_cached
    )
    return answer.value


def _as_json(reply: Reply) -> Any:
    return reply.json()


def _memory() -> httpx.MockTransport:
    async def handle(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=BODY, headers={"Content-Type": "application/json"})

    return httpx.MockTransport(handle)


@contextmanager
def _partner() -> Iterator[str]:
    """A process that answers every request the same; yields its address."""
    command = [sys.executable, "-m", "benchmarks.gateway"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


async def _serve() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
