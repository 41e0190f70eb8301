"""200 people on their way while one partner hangs: what that costs the steps that do not need it.

People go at their own pace, a connection for each answer, half of them buying and half selling.
A server with a fresh database is walked through without the fault and another one with it, in
turns that begin with either; the slowest hundredth of a round is a handful of answers, so that the
answers of all rounds together decide. Only one step asks the partner that hangs, the vehicle
search; it waits for as long as the gateway lets it, and then shows what is saved. All others must
not notice.
"""

import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks import databases, report
from benchmarks.http_client import Connection
from benchmarks.report import Verdict
from benchmarks.sagas import BUYING, CONTACT
from benchmarks.sandbox import Sandbox, running_sandbox

PARTNER = "vehicles"
NEEDS_IT = frozenset({"vehicle_search", "search_results"})
"""Steps whose answer asks the partner: for vehicles, and for the one that was chosen."""
SELLING: tuple[Any, ...] = (
    {"has_buyer": True},
    {
        "vin": "1HGCM82633A004352",
        "mileage_km": 42000,
        "condition": "good",
        "asking_price": 9000,
        "postal_code": "60618",
    },
    {"buyer_type": "private"},
    {"buyer_name": "Mary Shelley", "buyer_email": "mary@example.org", "agreed_price": 8800},
    {"needs_financing": False},
    CONTACT,
    {"wants_replacement": False},
)
WALKS = {"buying": (*BUYING, CONTACT), "selling": SELLING}
CALM, HANGING = "every partner is well", f"{PARTNER} hangs"
WANTED_RATIO = 1.5
START_SECONDS = 120
GENEROUS = {"TREX_REQUESTS_PER_MINUTE": "10000000", "TREX_STARTS_PER_MINUTE": "10000000"}


@dataclass(frozen=True, slots=True)
class Scale:
    """People at once, the seconds each walks, how long each thinks on average, and rounds."""

    people: int = 200
    seconds: float = 25.0
    think_seconds: float = 6.0
    rounds: int = 6


@dataclass(slots=True)
class Taken:
    """Seconds that steps took, by whether they need the partner."""

    others: list[float] = field(default_factory=list[float])
    needing: list[float] = field(default_factory=list[float])


def run(scale: Scale) -> list[Verdict]:
    """Measure and print; whether the steps that do not need the partner stay as fast."""
    report.heading(f"{scale.people} people at once, while a partner hangs: milliseconds of a step")
    ways: dict[str, list[Taken]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="trex-bench-") as name, running_sandbox() as sandbox:
        folder = Path(name)
        with _databases(folder) as new_database:
            for number in range(scale.rounds):
                # What changes on the machine meanwhile meets both ways alike.
                for way in (CALM, HANGING) if number % 2 == 0 else (HANGING, CALM):
                    place = folder / f"{number}-{way}"
                    ways[way].append(_walk_through(new_database(), place, sandbox, way, scale))
    return _print(ways)


@contextmanager
def _databases(folder: Path) -> Iterator[Callable[[], str]]:
    """On PostgreSQL, or on SQLite where there is none."""
    try:
        with databases.on_postgres() as new_database:
            yield new_database
    except databases.NoServer as error:
        report.note(f"no PostgreSQL, so on SQLite: {error}")
        with databases.on_sqlite(folder) as new_database:
            yield new_database


def _walk_through(url: str, folder: Path, sandbox: Sandbox, way: str, scale: Scale) -> Taken:
    with _server(url, folder, sandbox) as port:
        if way == HANGING:
            sandbox.hang(PARTNER)
        try:
            return asyncio.run(_crowd(port, scale))
        finally:
            sandbox.heal()


async def _crowd(port: int, scale: Scale) -> Taken:
    taken = Taken()
    people = [_Person(port, number, scale, taken) for number in range(scale.people)]
    await asyncio.gather(*[person.walk() for person in people])
    return taken


class _Person:
    """Somebody who walks one journey after the other, and thinks before each answer."""

    def __init__(self, port: int, number: int, scale: Scale, taken: Taken) -> None:
        self._port = port
        self._journey = list(WALKS)[number % len(WALKS)]
        self._think_seconds = scale.think_seconds
        self._seconds = scale.seconds
        self._taken = taken
        # The same pauses in every round, so that only the fault differs.
        self._chance = random.Random(number)

    async def walk(self) -> None:
        """Walk until the time is over."""
        end = time.perf_counter() + self._seconds
        while time.perf_counter() < end:
            await self._journey_through(end)

    async def _journey_through(self, end: float) -> None:
        await self._think()
        step = await self._post("start", {"workflowType": self._journey})
        token = step["sessionToken"]
        for answer in WALKS[self._journey]:
            await self._think()
            if time.perf_counter() > end:
                return
            given = answer or {"vehicle_id": step["data"]["vehicles"][0]["vehicle_id"]}
            if "price_max" in given:
                # Everybody looks for something else: one saved answer would serve them all.
                given = {"price_max": self._chance.randrange(30_000, 90_000, 500)}
            body = {
                "sessionId": step["sessionId"],
                "currentStep": step["stepId"],
                "revision": step["revision"],
                "data": given,
            }
            needs_it = step["stepId"] in NEEDS_IT
            begin = time.perf_counter()
            step = await self._post("transition", body, token)
            seconds = time.perf_counter() - begin
            (self._taken.needing if needs_it else self._taken.others).append(seconds)

    async def _post(self, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        """On a new connection: whoever thinks for long finds the one before closed."""
        connection = Connection(*await asyncio.open_connection("127.0.0.1", self._port))
        try:
            return await connection.post(path, body, token)
        finally:
            connection.writer.close()

    async def _think(self) -> None:
        await asyncio.sleep(self._chance.uniform(0, 2 * self._think_seconds))


@contextmanager
def _server(url: str, folder: Path, sandbox: Sandbox) -> Iterator[int]:
    """The product's own server and jobs on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = {
        "TREX_DATABASE_URL": url,
        "TREX_DATA_DIR": str(folder),
        "TREX_SANDBOX_URL": sandbox.url,
        "TREX_SMTP_URL": sandbox.smtp_url,
        "TREX_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "trex_app", "serve", "--port", str(port)]
    environment = {**os.environ, **GENEROUS, **settings}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}/readyz", process)
            yield port
        finally:
            process.terminate()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start; see its message above.")


def _print(ways: Mapping[str, list[Taken]]) -> list[Verdict]:
    """A line for each kind of step and way, and the ratio over all rounds together."""
    width = report.NAME_WIDTH + 8
    print(f"{'':{width}}{'steps':>8}{'p50':>9}{'p99':>9}   p99 by round")
    for what in ("others", "needing"):
        for way, rounds in ways.items():
            seconds = [each for taken in rounds for each in getattr(taken, what)]
            by_round = ", ".join(f"{_p99(getattr(taken, what)):.0f}" for taken in rounds)
            name = f"steps that {'need' if what == 'needing' else 'do not need'} it; {way}"
            print(
                f"{name:{width}}{len(seconds):8,}{1e3 * median(seconds):9.1f}"
                f"{_p99(seconds):9.1f}   {by_round}"
            )
    what = "p99 of steps that do not need it, beside without the fault"
    ratio = _p99(_others(ways[HANGING])) / _p99(_others(ways[CALM]))
    return [Verdict(what, f"{ratio:.2f} x", f"at most {WANTED_RATIO} x", ratio <= WANTED_RATIO)]


def _others(rounds: list[Taken]) -> list[float]:
    return [seconds for taken in rounds for seconds in taken.others]


def _p99(seconds: list[float]) -> float:
    """In milliseconds."""
    return 1e3 * quantiles(seconds, n=100)[98]
