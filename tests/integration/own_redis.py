"""A Redis of a test's own: stopped, started again and frozen without disturbing anybody."""

import contextlib
import random
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from tests.conftest import missing

DEADLINE_SECONDS = 30


class OwnRedis:
    """On a port of its own, without a file on disk: it forgets everything when it stops."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", ""]
        options += ["--appendonly", "no", "--dir", str(self._folder)]
        self._process = subprocess.Popen([self._program, *options], stdout=subprocess.DEVNULL)
        patience = Retry(ConstantBackoff(0.1), int(DEADLINE_SECONDS / 0.1))
        client = redis.Redis.from_url(
            self.url, retry=patience, retry_on_error=[redis.ConnectionError]
        )
        with client:
            client.ping()

    def stop(self) -> None:
        """Stop it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(DEADLINE_SECONDS)
            self._process = None

    def freeze(self) -> None:
        """Let it accept connections and answer nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


@contextmanager
def an_own_redis(folder: Path) -> Iterator[OwnRedis]:
    """Started, and stopped after."""
    program = shutil.which("redis-server")
    if program is None:
        missing("a Redis that stops and starts", "apt-get install redis-server")
        return
    server = OwnRedis(program, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """One that stays free while its server is away: outgoing connections get higher ones."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")
