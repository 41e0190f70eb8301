"""HTTP transitions: rate, waiting time and the server's CPU time, beside a bare endpoint.

Server and client are processes of their own and share the cores of this machine, so a rate says
more about them together than about the server; the CPU time of the server says what it costs.
"""

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import databases, report
from benchmarks.measuring import cpu_seconds_of

CONNECTIONS = (1, 16, 64)
PRODUCT, BARE = "T-Rex", "bare endpoint"
KINDS = {BARE: "bare", PRODUCT: "product"}


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: sessions that are walked through a round, and rounds."""

    sessions: int = 64
    rounds: int = 5


@dataclass(frozen=True, slots=True)
class Load:
    """What one round of transitions took."""

    count: int
    seconds: float
    p50_ms: float
    p99_ms: float
    server_cpu_seconds: float | None

    @property
    def per_second(self) -> float:
        """Transitions a second."""
        return self.count / self.seconds

    @property
    def server_us(self) -> str:
        """The server's CPU time of one transition, in microseconds."""
        if self.server_cpu_seconds is None:
            return "-"
        return f"{self.server_cpu_seconds / self.count * 1e6:,.0f}"


def run(scale: Scale) -> None:
    """Measure on every kind of database there is, and print it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with databases.on_sqlite(folder) as new_database:
            on_database("SQLite", new_database, folder, scale)
        try:
            with databases.on_postgres() as new_database:
                on_database("PostgreSQL", new_database, folder, scale)
        except databases.NoServer as error:
            report.note(f"PostgreSQL is not measured: {error}")


def on_database(
    name: str, new_database: Callable[[], str], folder: Path, scale: Scale
) -> dict[tuple[str, int], Load]:
    """The middle round of each server with each number of connections."""
    report.heading(f"HTTP over {name}: transitions a second, by open connections")
    loads: dict[tuple[str, int], list[Load]] = defaultdict(list)
    with (
        _server(BARE, new_database(), folder) as bare,
        _server(PRODUCT, new_database(), folder) as product,
    ):
        for _ in range(scale.rounds):
            for connections in CONNECTIONS:
                for server in (bare, product):
                    load = server.load(connections, scale.sessions)
                    loads[server.name, connections].append(load)
    middle = {key: sorted(taken, key=_seconds)[len(taken) // 2] for key, taken in loads.items()}
    _print(middle)
    return middle


def _seconds(load: Load) -> float:
    return load.seconds


def _print(found: dict[tuple[str, int], Load]) -> None:
    print(
        f"{'':16}{'connections':>12}{'a second':>10}{'of the bare':>13}{'p50 ms':>9}{'p99 ms':>9}"
        f"{'server CPU us':>15}"
    )
    for connections in CONNECTIONS:
        floor = found[BARE, connections].per_second
        for name in KINDS:
            load = found[name, connections]
            print(
                f"{name:16}{connections:12}{load.per_second:10,.0f}{load.per_second / floor:13.0%}"
                f"{load.p50_ms:9.1f}{load.p99_ms:9.1f}{load.server_us:>15}"
            )


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    name: str
    process_id: int
    port: int

    def load(self, connections: int, sessions: int) -> Load:
        """Let a client walk so many sessions through the journey."""
        arguments = [str(self.port), str(connections), str(sessions)]
        with _module("benchmarks.http_client", *arguments) as client:
            _line_of(client)
            begin = cpu_seconds_of(self.process_id)
            seen, _ = client.communicate("go\n")
            end = cpu_seconds_of(self.process_id)
        spent = None if begin is None or end is None else end - begin
        return Load(**json.loads(seen), server_cpu_seconds=spent)


@contextmanager
def _server(name: str, url: str, folder: Path) -> Iterator[Server]:
    with _module("benchmarks.http_server", KINDS[name], url, str(folder)) as process:
        try:
            yield Server(name, process.pid, int(_line_of(process)))
        finally:
            process.terminate()


def _module(name: str, *arguments: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-m", name, *arguments], stdin=pipe, stdout=pipe, text=True
    )


def _line_of(process: subprocess.Popen[str]) -> str:
    """The next line a process prints. Raises RuntimeError when it has ended instead."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("A process of the benchmark ended early; see its message above.")
    return line
