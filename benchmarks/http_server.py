"""A server process to measure: the product's API, or a bare endpoint with the floor's writes.

Run as `python -m benchmarks.http_server product|bare <database URL> <folder>`. Prints its port once
it listens; ends when it is told to (SIGTERM).
"""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from benchmarks.floors import RawFloor, Rows
from benchmarks.journey import SHORT, program
from benchmarks.product import Durable, container_on
from trex_app.api.application import create_api
from trex_app.core.telemetry import configure_logging
from trex_app.db.connections import database_url
from trex_app.db.session_statements import INSERT_SESSION
from trex_app.db.transaction import THREADS

ANSWER_BYTES = 1_800
"""As large as the product's answer to a transition of the measured journey."""


def product(url: str, folder: Path) -> ASGIApp:
    """The whole API, with every layer it is served with."""
    return create_api(container_on(url, folder))


def bare(url: str, _folder: Path) -> ASGIApp:
    """Reads a request, does the reads and writes of a submit by the raw driver, answers."""
    dialect = database_url(url).get_backend_name()
    rows = Rows(dialect, Durable(url, program(SHORT), sessions=1).sizes(), sessions=0)
    threads = ThreadPoolExecutor(THREADS[dialect, "write"])
    held = local()
    padding = "x" * ANSWER_BYTES

    def floor() -> RawFloor:
        if not hasattr(held, "floor"):
            held.floor = RawFloor(url, rows)
        return held.floor

    def insert(session_id: str) -> None:
        floor().tx.run(INSERT_SESSION, rows.begun(session_id))
        floor().tx.driver.commit()

    async def answer(work: Callable[[str], None], request: Request) -> Response:
        session_id = orjson.loads(await request.body())["sessionId"]
        await asyncio.get_running_loop().run_in_executor(threads, work, session_id)
        body = {"sessionId": session_id, "sessionToken": "", "revision": 0, "data": padding}
        return Response(orjson.dumps(body), media_type="application/json")

    async def start(request: Request) -> Response:
        return await answer(insert, request)

    async def transition(request: Request) -> Response:
        return await answer(lambda session_id: floor().submit(session_id), request)

    routes = (("start", start), ("transition", transition))
    return Starlette(
        routes=[Route(f"/api/workflow/{name}", work, methods=["POST"]) for name, work in routes]
    )


class _Server(uvicorn.Server):
    """A server that says where it listens."""

    async def startup(self, *args: Any, **kwargs: Any) -> None:
        await super().startup(*args, **kwargs)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)


def main(kind: str, url: str, folder: str) -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        configure_logging("json", "INFO", nowhere)  # the product writes its log as ever
        app = {"product": product, "bare": bare}[kind](url, Path(folder))
        config = uvicorn.Config(app, port=0, log_config=None, access_log=False)
        _Server(config).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
