"""Questions to partners that change nothing, and how their answers are read and checked."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from trex_app.core.errors import PartnerRefused, PartnerUnavailable
from trex_app.integrations.gateway import Answer, Gateway, Reply

T = TypeVar("T")


class WireModel(BaseModel):
    """A JSON object of a partner: members in camel case; what we do not know is left out."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)


M = TypeVar("M", bound=BaseModel)


def reading(model: type[M]) -> Callable[[Reply], M]:
    """Reads a reply's JSON into the model; another shape is a ValueError."""
    return lambda reply: model.model_validate_json(reply.content)


async def ask(
    gateway: Gateway,
    partner: str,
    path: str,
    read: Callable[[Reply], T],
    params: dict[str, str | int] | None = None,
) -> Answer[T]:
    """What a partner says to a GET, fresh or saved. Raises PartnerUnavailable.

    A refused question is no fault of the person who asks: it counts as no answer, so that what
    stands in for the partner does.
    """
    try:
        return await gateway.call(partner, "GET", path, read=read, params=params, is_cached=True)
    except PartnerRefused as refusal:
        raise PartnerUnavailable(partner, f"refused_{refusal.partner_status}") from refusal


class Patience:
    """Waits so long for answers and no longer: for those whose place something else can take."""

    def __init__(self, partner: str, seconds: float) -> None:
        self._partner = partner
        self._seconds = seconds
        self._left_behind: set[asyncio.Task[Any]] = set()

    async def wait(self, question: Coroutine[Any, Any, T]) -> T:
        """The answer, if it comes in time. Raises PartnerUnavailable.

        A question that nobody waits for any more goes on to its own deadline: only so does the
        gateway learn that the partner hangs, and stops asking it.
        """
        task = asyncio.ensure_future(question)
        try:
            done, _ = await asyncio.wait({task}, timeout=self._seconds)
        finally:
            if not task.done():
                self._left_behind.add(task)
                task.add_done_callback(self._forget)
        if not done:
            raise PartnerUnavailable(self._partner, "timeout")
        return task.result()

    def _forget(self, task: asyncio.Task[Any]) -> None:
        """Take note of how a question ended that nobody waited for: the gateway has counted it."""
        self._left_behind.discard(task)
        if not task.cancelled():
            task.exception()
