"""Connections and locks belong to an event loop; a process may run several."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from threading import Lock
from typing import Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

import structlog

CLOSING_SECONDS = 2.0

log = structlog.get_logger(__name__)


class Closable(Protocol):
    """Something that belongs to a loop and is closed in it."""

    def aclose(self) -> Awaitable[None]:
        """Let go of everything."""
        ...


C = TypeVar("C", bound=Closable)


class PerLoop(Generic[C]):
    """One thing for each running event loop, made when it is first asked for there."""

    def __init__(self, make: Callable[[], C]) -> None:
        self._make = make
        self._lock = Lock()
        self._things: WeakKeyDictionary[asyncio.AbstractEventLoop, C] = WeakKeyDictionary()

    def here(self) -> C:
        """That of the running loop."""
        loop = asyncio.get_running_loop()
        thing = self._things.get(loop)
        if thing is None:
            with self._lock:
                self._forget_closed_loops()
                thing = self._things[loop] = self._make()
        return thing

    async def aclose(self) -> None:
        """Close each thing in its own loop, whatever becomes of the others.

        One whose loop has ended is let go.
        """
        with self._lock:
            things = dict(self._things)
            self._things.clear()
        here = asyncio.get_running_loop()
        async with AsyncExitStack() as closing:
            for loop, thing in things.items():
                if loop is here:
                    closing.push_async_callback(thing.aclose)
                elif loop.is_running():
                    closing.push_async_callback(_close_elsewhere, thing, loop)

    def _forget_closed_loops(self) -> None:
        """A thing's connections may hold their loop, so its key alone would keep it for ever."""
        for loop in [loop for loop in self._things if loop.is_closed()]:
            del self._things[loop]


async def _close_elsewhere(thing: Closable, loop: asyncio.AbstractEventLoop) -> None:
    closing = asyncio.run_coroutine_threadsafe(_close(thing), loop)
    try:
        async with asyncio.timeout(CLOSING_SECONDS):
            await asyncio.wrap_future(closing)
    except TimeoutError:
        log.warning("gateway_loop_too_busy_to_close")


async def _close(thing: Closable) -> None:
    await thing.aclose()
