"""The relay: brings what the database holds to the broker, from one process at a time.

An event stays unpublished until the broker has confirmed it. What failed, was replayed, or whose
message got lost is published again for its handler alone; that a consumer then sees a message
twice changes nothing, because the database knows what is done.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

from trex_app.core.clock import Clock
from trex_app.core.telemetry import EVENTS_PUBLISHED
from trex_app.db import leases
from trex_app.db.transaction import Database, Transaction
from trex_app.messaging import publishing, waiting
from trex_app.messaging.publishing import Notice
from trex_app.messaging.registry import Registry

DUTY: Final = "event_relay"
LEASE: Final = timedelta(seconds=10)
RENEWAL: Final = timedelta(seconds=3)
PATIENCE: Final = timedelta(seconds=60)
"""How long a message may be under way before it counts as lost and is published again."""
AT_A_TIME: Final = 200


class Publisher(Protocol):
    """Sends to the broker; returns once the broker has confirmed. Raises when it does not."""

    async def publish(self, notice: Notice) -> None:
        """To every handler of the topic."""
        ...

    async def publish_to(self, handler: str, notice: Notice) -> None:
        """To one handler."""
        ...


class _Lost(NamedTuple):
    """A delivery that nobody is told of any more, since it became due."""

    handler: str
    due_at: datetime
    notice: Notice

    @property
    def key(self) -> tuple[str, int, datetime]:
        """What tells this round of telling from the next: a failure or a replay sets the time."""
        return (self.handler, self.notice.sequence, self.due_at)


class Relay:
    """Publishes while this process has the duty."""

    def __init__(self, database: Database, registry: Registry, clock: Clock, holder: str) -> None:
        self._database = database
        self._registry = registry
        self._clock = clock
        self._holder = holder
        self._held_until: datetime | None = None
        self._sent_again: dict[tuple[str, int, datetime], datetime] = {}

    async def run(self, publisher: Publisher) -> bool:
        """Publish what waits; True where there may be more. Raises Unavailable, and the broker's.

        Another process that has the duty leaves nothing to do.
        """
        if not await self._has_duty():
            return False
        new = await self._publish_new(publisher)
        await self._publish_again(publisher)
        return new == AT_A_TIME

    async def stop(self) -> None:
        """Leave the duty to others. Raises Unavailable."""
        if self._held_until is not None:
            self._held_until = None
            await self._database.write(lambda tx: leases.release(tx, DUTY, self._holder))

    async def _has_duty(self) -> bool:
        now = self._clock()
        if self._held_until is not None and now < self._held_until - LEASE + RENEWAL:
            return True
        is_held = await self._database.write(
            lambda tx: leases.hold(tx, DUTY, self._holder, now, LEASE)
        )
        self._held_until = now + LEASE if is_held else None
        return is_held

    async def _publish_new(self, publisher: Publisher) -> int:
        waiting_events = await self._database.read(lambda tx: publishing.unpublished(tx, AT_A_TIME))
        confirmed: list[int] = []
        try:
            for notice in waiting_events:
                await publisher.publish(notice)
                confirmed.append(notice.sequence)
        finally:
            if confirmed:
                await self._note_published(confirmed)
        return len(waiting_events)

    async def _note_published(self, confirmed: list[int]) -> None:
        now = self._clock()
        await self._database.write(lambda tx: publishing.mark_published(tx, confirmed, now))
        EVENTS_PUBLISHED.labels("new").inc(len(confirmed))

    async def _publish_again(self, publisher: Publisher) -> None:
        now = self._clock()
        self._sent_again = {key: at for key, at in self._sent_again.items() if now - at < PATIENCE}
        for lost in await self._database.read(lambda tx: self._lost(tx, now)):
            await publisher.publish_to(lost.handler, lost.notice)
            self._sent_again[lost.key] = now
            EVENTS_PUBLISHED.labels("again").inc()

    def _lost(self, tx: Transaction, now: datetime) -> list[_Lost]:
        found: list[_Lost] = []
        for handler in self._registry.names:
            due = dict(waiting.due_again(tx, handler, now, PATIENCE, AT_A_TIME))
            due = {
                sequence: since
                for sequence, since in due.items()
                if (handler, sequence, since) not in self._sent_again
            }
            if due:
                notices = publishing.notices(tx, list(due))
                found += [_Lost(handler, due[notice.sequence], notice) for notice in notices]
        return found
