"""Waiting for the credit bureau while a person reads on."""

import asyncio
from typing import Any, Final

import reflex as rx
import structlog
from redis.exceptions import RedisError

from trex_app.core.errors import Unavailable
from trex_app.ui.state.journey import JourneyState

log = structlog.get_logger(__name__)

PAUSES_SECONDS: Final = (1, 1, 2, 2, 3, 3, 5, 5, 8, 8, 13, 13, 21, 21, 34, 34)
"""Between one look and the next: soon at first, then ever more rarely, for about three minutes."""


class CreditState(rx.State):
    """Looks for the decision of the step on display."""

    @rx.event(background=True)
    async def await_decision(self) -> None:
        """Look until a decision is there, or the step is no longer shown."""
        for pause in PAUSES_SECONDS:
            await asyncio.sleep(pause)
            try:
                async with self:
                    journey = await self.get_state(JourneyState)
                    if not is_pending(journey.view.data):
                        return
                    await journey.refresh()
            except (Unavailable, RedisError) as error:
                # Nobody asked for this look: what was away for it may be there for the next.
                log.info("decision_not_looked_for", error=type(error).__name__)


def is_pending(data: dict[str, Any]) -> bool:
    """Whether the step shows a credit request that is not decided."""
    return (data.get("credit") or {}).get("decision") == "pending"
