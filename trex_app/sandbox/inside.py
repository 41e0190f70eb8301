"""A sandbox inside another process: what `make run` starts, so that one command shows all."""

import asyncio
from threading import Event, Thread
from typing import Final

from trex_app.sandbox.server import SandboxServer
from trex_app.sandbox.world import World

_START_S: Final = 30.0
_STOP_S: Final = 10.0


class InsideSandbox:
    """The sandbox in a thread with a loop of its own. Port 0 takes a free one."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        smtp_port: int = 0,
        world: World | None = None,
    ) -> None:
        self.world = world or World()
        self._server = SandboxServer(self.world, host=host, port=port, smtp_port=smtp_port)
        self._is_settled = Event()
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._run, name="sandbox", daemon=True)

    @property
    def address(self) -> str:
        """Where all HTTP partners are: `http://127.0.0.1:49152`."""
        return self._server.address

    @property
    def smtp_address(self) -> str:
        """Where the mail server is: `smtp://127.0.0.1:49153`."""
        return self._server.smtp_address

    def start(self) -> None:
        """Start, and return once it listens. Raises OSError where a port is taken."""
        self._thread.start()
        if not self._is_settled.wait(_START_S):
            raise TimeoutError(f"the sandbox did not start within {_START_S:.0f} s")
        if self._fault is not None:
            raise self._fault

    def stop(self) -> None:
        """Stop, and return once it listens no longer."""
        self._server.stop()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(self._is_settled.set))
        except OSError as fault:
            self._fault = fault
        finally:
            self._is_settled.set()
