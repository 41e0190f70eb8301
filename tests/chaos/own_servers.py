"""A PostgreSQL and a RabbitMQ of a test's own, to be stopped without disturbing anybody.

Each listens on ports of its own, keeps its data in a folder of the test, and is ended by the
process id under which it was started.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.conftest import AMQP_GREETING, AMQP_METHOD_FRAME, missing
from tests.integration.own_redis import free_port

START_SECONDS = 300
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
DEBIAN_RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
WITHOUT_SYNC = ("-c", "fsync=off", "-c", "full_page_writes=off")
"""What survives the end of a process, and not of the machine: all that is tried here."""


class OwnServer(ABC):
    """A server process that is started, killed and started again on the same data."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = self._launch()
        deadline = time.monotonic() + START_SECONDS
        while not self.is_there():
            assert self._process.poll() is None, "the server ended while it started"
            assert time.monotonic() < deadline, "the server did not answer in time"
            time.sleep(0.1)

    def stop(self, how: signal.Signals) -> None:
        """End it by a signal, and wait until it is gone."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(START_SECONDS)

    @abstractmethod
    def is_there(self) -> bool:
        """Whether it answers."""

    @abstractmethod
    def _launch(self) -> subprocess.Popen[bytes]: ...


class OwnPostgres(OwnServer):
    """A cluster in a folder of its own, as the user `postgres` where the tests are root's."""

    def __init__(self, programs: Path, folder: Path) -> None:
        super().__init__()
        self._programs, self._data = programs, folder / "data"
        self._port = free_port()
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        init = [programs / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-N"]
        text = ["--locale", "C", "--encoding", "UTF8"]
        subprocess.run(
            [*init, *text], check=True, cwd="/", stdout=subprocess.DEVNULL, user=self._user
        )

    def url_of(self, database: str) -> str:
        """A SQLAlchemy URL."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"

    def is_there(self) -> bool:
        try:
            with psycopg.connect(self.url_of("postgres"), connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    def create(self, database: str) -> str:
        """A new database's URL."""
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}".encode())
        return self.url_of(database)

    def crash(self) -> None:
        """End it at once, without a word to its clients: PostgreSQL's immediate shutdown."""
        self.stop(signal.SIGQUIT)

    def _launch(self) -> subprocess.Popen[bytes]:
        where = ["-p", str(self._port), "-h", "127.0.0.1", "-k", ""]
        return subprocess.Popen(
            [self._programs / "postgres", "-D", self._data, *where, *WITHOUT_SYNC],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._user,
        )


class OwnRabbit(OwnServer):
    """A node with a name, a cookie and a port mapper of its own, so that it joins nobody."""

    def __init__(self, program: Path, mapper: str, folder: Path) -> None:
        super().__init__()
        self._program = program
        self._port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self._port}/"
        (folder / "enabled_plugins").write_text("[].\n")
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(free_port()),
            "RABBITMQ_NODENAME": f"trex_test_{self._port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1",
            # Erlang takes the place of the script: one process, whose id is known.
            "RUNNING_UNDER_SYSTEMD": "true",
        }
        # Were none running, Erlang would start one that outlives the test.
        self._mapper = self._run(mapper)

    def is_there(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=10) as broker:
                broker.sendall(AMQP_GREETING)
                return broker.recv(1) == AMQP_METHOD_FRAME
        except OSError:
            return False

    def kill(self) -> None:
        """kill -9."""
        self.stop(signal.SIGKILL)

    def end(self) -> None:
        """Stop it for good."""
        self.kill()
        self._mapper.kill()
        self._mapper.wait()

    def _launch(self) -> subprocess.Popen[bytes]:
        return self._run(self._program)

    def _run(self, program: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [program],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def an_own_postgres() -> Iterator[OwnPostgres]:
    """Started, and stopped after."""
    found = [*DEBIAN_POSTGRES.glob("*/bin/postgres"), *filter(None, [shutil.which("postgres")])]
    if not found:
        missing("a PostgreSQL that stops and starts", "apt-get install postgresql")
        return
    # Not in pytest's folder: nobody but the user of the tests can look into that.
    with tempfile.TemporaryDirectory(prefix="trex-postgres-") as folder:
        server = OwnPostgres(Path(found[0]).parent, Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.crash()


@contextmanager
def an_own_rabbit(folder: Path) -> Iterator[OwnRabbit]:
    """Started, and stopped after."""
    mapper = shutil.which("epmd")
    if not DEBIAN_RABBITMQ.exists() or mapper is None:
        missing("a RabbitMQ that stops and starts", "apt-get install rabbitmq-server")
        return
    server = OwnRabbit(DEBIAN_RABBITMQ, mapper, folder)
    try:
        server.start()
        yield server
    finally:
        server.end()
