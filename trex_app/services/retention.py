"""How long personal data is kept: what nobody needs any longer is erased, the bare facts stay."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select, update

from trex_app.core.clock import Clock
from trex_app.db import leases, resume_links
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.session import Status
from trex_app.services.erasure import Erasure

BATCH: Final = 200
"""How many are erased in one transaction, so that others are not kept waiting."""
MESSAGE_LIFETIME: Final = timedelta(days=30)
"""How long a message that could not be sent keeps what it says."""
UNFINISHED: Final = (Status.ACTIVE, Status.EXPIRED)
DUTY: Final = "retention"
LEASE: Final = timedelta(minutes=30)
"""After so long without a look of the process that has the duty, another one takes it."""

_session = METADATA.tables["session"]
_lead = METADATA.tables["lead"]
_message = METADATA.tables["message"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was erased, or would be."""

    idle_sessions: int
    finished_sessions: int
    leads: int
    messages: int
    resume_links: int

    def as_json(self) -> dict[str, int]:
        """The shape that `privacy retain --json` prints."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge of sessions removed."""

    erased_sessions: int
    removed_links: int


class Retention:
    """Erases what is older than the installation's periods. It may run at any time, and often."""

    def __init__(
        self,
        database: Database,
        erasure: Erasure,
        clock: Clock,
        *,
        idle_days: int,
        finished_days: int,
    ) -> None:
        self._database = database
        self._erasure = erasure
        self._clock = clock
        self._idle = timedelta(days=idle_days)
        self._finished = timedelta(days=finished_days)

    async def apply_on_duty(self, holder: str) -> Kept | None:
        """`apply`, by one process at a time; None where another one has the duty."""
        now = self._clock()
        has_duty = await self._database.write(lambda tx: leases.hold(tx, DUTY, holder, now, LEASE))
        return await self.apply() if has_duty else None

    async def apply(self, *, is_dry_run: bool = False) -> Kept:
        """Erase what is over its time; a dry run only counts."""
        if is_dry_run:
            return await self._database.read(self._count)
        # First, for a session that is erased takes its links along.
        links = await self._remove_links()
        idle = await self._in_batches(self._idle_sessions(), self._erasure.erase_session)
        finished = await self._in_batches(self._finished_sessions(), self._erasure.erase_session)
        leads = await self._erase_leads()
        messages = await self._database.write(self._silence_messages)
        return Kept(idle, finished, leads, messages, links)

    async def purge(self, idle_days: int, *, with_completed: bool = False) -> Purged:
        """Erase sessions whose time ran out so many days ago or earlier, and dead resume links.

        Completed sessions stay unless `with_completed`. Leads that were sent stay.
        """
        statuses = (*UNFINISHED, Status.COMPLETED) if with_completed else UNFINISHED
        links = await self._remove_links()
        over = _ran_out(self._clock() - timedelta(days=idle_days), statuses)
        return Purged(await self._in_batches(over, self._erasure.erase_session), links)

    async def _remove_links(self) -> int:
        now = self._clock()
        return await self._database.write(lambda tx: resume_links.purge_expired(tx, now))

    def _count(self, tx: Transaction) -> Kept:
        link = METADATA.tables["resume_link"]
        return Kept(
            _number(tx, _session, self._idle_sessions()),
            _number(tx, _session, self._finished_sessions()),
            _number(tx, _lead, self._old_leads()),
            _number(tx, _message, self._stale_messages()),
            _number(tx, link, link.c.expires_at <= self._clock()),
        )

    async def _in_batches(self, over: ColumnElement[bool], erase: Any) -> int:
        def work(tx: Transaction) -> int:
            query = select(_session.c.session_id).where(over).limit(BATCH)
            ids = list(tx.connection.execute(query).scalars())
            for session_id in sorted(ids):  # as an erasure holds them: neither waits for the other
                erase(tx, session_id)
            return len(ids)

        total = 0
        while batch := await self._database.write(work):
            total += batch
        return total

    async def _erase_leads(self) -> int:
        """Leads, and with them all that is still there of their sessions."""

        def work(tx: Transaction) -> int:
            query = select(_lead.c.key, _lead.c.session_id).where(self._old_leads()).limit(BATCH)
            rows = tx.connection.execute(query).all()
            for session_id in sorted({row.session_id for row in rows}):
                self._erasure.erase_person(tx, session_id)
            return len(rows)

        total = 0
        while batch := await self._database.write(work):
            total += batch
        return total

    def _silence_messages(self, tx: Transaction) -> int:
        values = {"wrapped_key": None, "details": None, "status": "parked", "error": "too_old"}
        stale = update(_message).where(self._stale_messages()).values(values)
        return tx.connection.execute(stale).rowcount

    # A session's times change with every answer, so that an index of them would cost each submit.
    # What began too late cannot be over its time: that is found by an index, and leaves little.

    def _idle_sessions(self) -> ColumnElement[bool]:
        return _ran_out(self._clock() - self._idle, UNFINISHED)

    def _finished_sessions(self) -> ColumnElement[bool]:
        latest = self._clock() - self._finished
        is_finished = _session.c.status == Status.COMPLETED.value
        return _kept_since(latest) & is_finished & (_session.c.updated_at <= latest)

    def _old_leads(self) -> ColumnElement[bool]:
        return (_lead.c.created_at <= self._clock() - self._finished) & _lead.c.details.is_not(None)

    def _stale_messages(self) -> ColumnElement[bool]:
        old = _message.c.created_at <= self._clock() - MESSAGE_LIFETIME
        return old & _message.c.details.is_not(None)


def _ran_out(latest: datetime, statuses: Sequence[Status]) -> ColumnElement[bool]:
    """Sessions that stand so, and whose time had run out by then."""
    stands_so = _session.c.status.in_([status.value for status in statuses])
    return _kept_since(latest) & stands_so & (_session.c.expires_at <= latest)


def _kept_since(latest: datetime) -> ColumnElement[bool]:
    """Sessions that began by then and were not erased."""
    return _session.c.wrapped_key.is_not(None) & (_session.c.created_at <= latest)


def _number(tx: Transaction, table: Any, condition: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(condition)
    return tx.connection.execute(query).scalar_one()
