"""Serving the sandbox: one HTTP port for all partners, one for SMTP, in one event loop."""

import socket
from collections.abc import Callable
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from trex_app.sandbox import HTTP_PORT, SMTP_PORT, counter
from trex_app.sandbox.control import Control
from trex_app.sandbox.mail import MailServer
from trex_app.sandbox.page import Page
from trex_app.sandbox.wire import Refused
from trex_app.sandbox.world import World

_GRACE_S: Final = 2
_KEEP_ALIVE_S: Final = 75
"""Longer than clients keep idle connections, so that none is closed as it is used again."""
_BACKLOG: Final = 512


class _Connection(H11Protocol):
    """HTTP that tells the application its connection, so that a fault can close it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application: Any = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            extensions = {**scope.get("extensions", {}), counter.TRANSPORT: self.transport}
            await application({**scope, "extensions": extensions}, receive, send)

        self.app: Any = with_transport


class _Server(uvicorn.Server):
    """A server that tells when it listens, and lets go of those who wait before it stops."""

    def __init__(self, config: uvicorn.Config, world: World, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._world = world
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._world.stop()
        await super().shutdown(sockets)


class SandboxServer:
    """A sandbox that listens on two ports; 0 takes a free one."""

    def __init__(
        self,
        world: World,
        *,
        host: str = "127.0.0.1",
        port: int = HTTP_PORT,
        smtp_port: int = SMTP_PORT,
    ) -> None:
        self._world = world
        self._host = host
        self._ports = (port, smtp_port)
        self._server: _Server | None = None
        self.address = ""
        self.smtp_address = ""

    async def serve(self, on_ready: Callable[[], None]) -> None:
        """Serve until stopped. Raises OSError where a port is taken."""
        port, smtp_port = self._ports
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        with socket.create_server((self._host, port), family=family, backlog=_BACKLOG) as listener:
            # Else headers wait for the other side's delayed acknowledgement: 40 ms an answer.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            mail = MailServer(self._world)
            smtp_port = await mail.start(self._host, smtp_port)
            port = int(listener.getsockname()[1])
            shown_host = f"[{self._host}]" if ":" in self._host else self._host
            self.address = f"http://{shown_host}:{port}"
            self.smtp_address = self._world.smtp_url = f"smtp://{shown_host}:{smtp_port}"
            self._server = _Server(_config(self._world), self._world, on_ready)
            self._world.webhooks.start()
            try:
                await self._server.serve(sockets=[listener])
            finally:
                await mail.stop()
                self._world.ledger.close()

    def stop(self) -> None:
        """Stop serving soon; safe from any thread."""
        if self._server is not None:
            self._server.should_exit = True


def create_app(world: World) -> Starlette:
    """The HTTP side: partners, control, and the page for people."""
    return Starlette(
        routes=[*Control(world).routes(), *Page(world).routes(), *counter.routes(world)],
        exception_handlers={HTTPException: _not_here},
    )


async def _not_here(request: Request, fault: Exception) -> Response:
    """The refusal of an address or a method that no partner has."""
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    message = f"There is no {request.method} {request.url.path} here."
    return counter.response_of(Refused.of(status, "NO_SUCH_ADDRESS", message).answer)


def _config(world: World) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(world),
        http=_Connection,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
