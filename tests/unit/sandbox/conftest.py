"""A sandbox in a thread of the test, on free ports, with time that does not pass by itself."""

import threading
import time as wall
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.unit.sandbox.examples import Received
from trex_app.sandbox.inside import InsideSandbox
from trex_app.sandbox.world import World

START = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)


class Time:
    """A clock that a test sets, and pauses that are noted down instead of waited."""

    def __init__(self) -> None:
        self.now = START
        self.pauses: list[float] = []

    def clock(self) -> datetime:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@contextmanager
def running(time: Time) -> Iterator[InsideSandbox]:
    inside = InsideSandbox(world=World(clock=time.clock, pause=time.pause))
    inside.start()
    yield inside
    inside.stop()


@pytest.fixture(scope="session")
def shared_time() -> Time:
    return Time()


@pytest.fixture(scope="session")
def shared_sandbox(shared_time: Time) -> Iterator[InsideSandbox]:
    """One for all tests of this process: starting takes longer than most of them."""
    with running(shared_time) as sandbox:
        yield sandbox


@pytest.fixture
def time(shared_time: Time) -> Time:
    shared_time.now = START
    return shared_time


@pytest.fixture
def sandbox(shared_sandbox: InsideSandbox, time: Time) -> InsideSandbox:
    """A sandbox that has received nothing and fails at nothing."""
    for address in ("/_sandbox/faults", "/_sandbox/received"):
        assert httpx.delete(f"{shared_sandbox.address}{address}").status_code == 204
    time.pauses.clear()
    return shared_sandbox


@pytest.fixture
def partners(sandbox: InsideSandbox) -> Iterator[httpx.Client]:
    """A client of all HTTP partners."""
    with httpx.Client(base_url=sandbox.address, timeout=60) as client:
        yield client


@pytest.fixture
def received(partners: httpx.Client) -> Received:
    def entries(partner: str, **query: str) -> list[dict]:
        return partners.get(f"/_sandbox/received/{partner}", params=query).json()

    return entries


class Receiver:
    """A host that takes webhooks, and answers with the statuses it was told to, then with 204."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self._arrival = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.note({k.lower(): v for k, v in self.headers.items()}, body)
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks?from=bureau"

    def note(self, headers: dict[str, str], body: bytes) -> None:
        with self._arrival:
            self.requests.append((headers, body))
            self._arrival.notify_all()

    def wait_for(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        with self._arrival:
            assert self._arrival.wait_for(lambda: len(self.requests) >= count, timeout=60)
            return list(self.requests)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def wait_for_hit(partners: httpx.Client) -> Callable[[str], None]:
    """Waits until the partner's fault has hit a request."""

    def wait(partner: str) -> None:
        deadline = wall.monotonic() + 60
        while not partners.get("/_sandbox/faults").json()[partner]["hits"]:
            assert wall.monotonic() < deadline, "no request arrived"
            wall.sleep(0.01)

    return wait


@pytest.fixture
def set_fault(partners: httpx.Client) -> Callable[..., None]:
    def put(partner: str, **fault: object) -> None:
        answer = partners.put(f"/_sandbox/faults/{partner}", json=fault)
        assert answer.status_code == 200, answer.text

    return put
