"""Apps, and the API, on a port of this machine, for clients that need a real address."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import LifespanType

from tests.installation import TestSettings
from trex_app.api.application import create_api
from trex_app.container import Container


class _Server(uvicorn.Server):
    """A server that tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_settled = Event()

    async def startup(self, *args, **kwargs) -> None:
        await super().startup(*args, **kwargs)
        self.is_settled.set()


@contextmanager
def listening(app: ASGIApp, lifespan: LifespanType) -> Iterator[int]:
    """Serve an app on a free port of this machine, on a thread; yields the port."""
    server = _Server(uvicorn.Config(app, port=0, log_config=None, lifespan=lifespan))
    thread = Thread(target=server.run, name="live_server", daemon=True)
    thread.start()
    server.is_settled.wait(timeout=60)
    assert server.started, "the server did not start; see the log above"
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def running_api(data_dir: Path) -> Iterator[str]:
    """A fresh installation on a free port; yields its address."""
    settings = TestSettings(
        data_dir=data_dir,
        requests_per_minute=1_000_000,
        starts_per_minute=1_000_000,
    )
    with listening(create_api(Container(settings)), lifespan="on") as port:
        yield f"http://127.0.0.1:{port}"
