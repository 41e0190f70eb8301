"""One call that several callers wait for: the same question is asked once at a time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """Calls under way in one event loop, by the key of their question."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight[T]] = {}

    async def join(
        self,
        key: str,
        ask: Callable[[], Coroutine[Any, Any, T]],
        patience_seconds: float | None = None,
    ) -> T | None:
        """Wait for the answer to a question, asking it if nobody does.

        None when the patience ends first; the call then goes on for those that come later. It is
        cancelled when everybody who waits for it is. Raises what the call raises.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = Flight(asyncio.create_task(ask()))
            flight.task.add_done_callback(lambda task: self._landed(key, task))
        try:
            return await flight.wait(patience_seconds)
        finally:
            if flight.task.cancelling():
                self._forget(key, flight.task)

    async def aclose(self) -> None:
        """Cancel what is under way."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _landed(self, key: str, task: asyncio.Task[T]) -> None:
        self._forget(key, task)
        if not task.cancelled():
            task.exception()  # seen: everybody may have stopped waiting for it

    def _forget(self, key: str, task: asyncio.Task[T]) -> None:
        flight = self._flights.get(key)
        if flight is not None and flight.task is task:
            del self._flights[key]


class Flight(Generic[T]):
    """A task, and how many wait for it."""

    def __init__(self, task: asyncio.Task[T]) -> None:
        self.task = task
        self._waiting = 0

    async def wait(self, patience_seconds: float | None) -> T | None:
        """The task's result; None when the patience, or the task by our closing, ends first."""
        self._waiting += 1
        try:
            done, _ = await asyncio.wait({self.task}, timeout=patience_seconds)
            return self.task.result() if done and not self.task.cancelled() else None
        except asyncio.CancelledError:
            if self._waiting == 1:
                self.task.cancel()
            raise
        finally:
            self._waiting -= 1
