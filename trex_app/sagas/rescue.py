"""Finds what no job takes further any more, and gives it one.

A job ends without an outcome when its code fails, or our database stays away for too long. What
it was for still stands open in our own tables, and that is what is looked at here.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import Select, and_, or_, select

from trex_app.core.clock import Clock
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.sagas import credit_checks, tell_of_erasure
from trex_app.sagas.credit_checks import CreditChecks
from trex_app.sagas.jobs import Jobs, job_id
from trex_app.services import crm_progress, lead_progress
from trex_app.services import messages as sent_messages
from trex_app.services.crm_progress import CrmProgress, open_records
from trex_app.services.lead_progress import MOVING, LeadProgress, pause_seconds
from trex_app.services.lead_states import LeadStatus
from trex_app.services.messages import Messages, open_messages

PERIOD_SECONDS: Final = 60.0
SILENCE: Final = timedelta(minutes=1)
"""What changed more recently is left alone."""
PAGE: Final = 500

_lead = METADATA.tables["lead"]
_check = METADATA.tables["credit_check"]

log = structlog.get_logger(__name__)


class Open(NamedTuple):
    """Something that a job should be working on: its key and the round of that job."""

    key: str
    round: int


Revive = Callable[[Transaction, str, int], bool]
"""Enqueues the next round of what still stands at this one; whether it did."""


class Rescue:
    """Looks for what has lost its job: leads, their CRM records, checks, messages, notices."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        queue: Jobs,
        progress: LeadProgress,
        records: CrmProgress,
        checks: CreditChecks,
        messages: Messages,
    ) -> None:
        self._database = database
        self._clock = clock
        self._queue = queue
        self._kinds: dict[str, tuple[Callable[[datetime], Select[Any, Any]], Revive]] = {
            lead_progress.JOB: (_open_leads, progress.revive),
            crm_progress.JOB: (open_records, records.revive),
            credit_checks.JOB: (_open_checks, checks.revive),
            sent_messages.JOB: (open_messages, messages.revive),
        }

    def rescue(self) -> int:
        """Give everything that has lost its job a further one; how many."""
        found = sum(self._rescue(name) for name in self._kinds)
        return found + self._begin_failed_anew(tell_of_erasure.JOB)

    def _rescue(self, name: str) -> int:
        query, revive = self._kinds[name]
        count = 0
        for page in self._pages(query(self._clock() - SILENCE)):
            job_ids = {job_id(name, each.key, each.round): each for each in page}
            for lost in job_ids.keys() - self._queue.unfinished(list(job_ids)):
                found = job_ids[lost]
                count += self._database.write_sync(lambda tx, f=found: revive(tx, f.key, f.round))
        if count:
            log.warning("jobs_begun_anew", job_name=name, count=count)
        return count

    def _begin_failed_anew(self, name: str) -> int:
        """A further round for failed jobs of whose work none of our own tables tells."""
        failed = self._queue.failed(name)
        for key, round in failed:
            further = {"round": round + 1, "delay_seconds": pause_seconds(key, round + 1)}
            self._database.write_sync(
                lambda tx, k=key, f=further: self._queue.enqueue(tx, name, k, **f)
            )
            self._queue.forget([job_id(name, key, round)])
        if failed:
            log.warning("jobs_begun_anew", job_name=name, count=len(failed))
        return len(failed)

    def _pages(self, query: Select[Any, Any]) -> Iterator[Sequence[Open]]:
        """What a query finds, in pages by key."""
        after = ""
        while True:
            page = self._database.read_sync(lambda tx, after=after: _page(tx, query, after))
            if not page:
                return
            yield page
            after = page[-1].key


def _page(tx: Transaction, query: Select[Any, Any], after: str) -> list[Open]:
    key = query.selected_columns[0]
    some = query.where(key > after).order_by(key).limit(PAGE)
    return [Open(*row) for row in tx.connection.execute(some)]


def _open_leads(before: datetime) -> Select[Any, Any]:
    """Leads on their way. Those of earlier versions, which were to go nowhere, have no trip."""
    moving = and_(_lead.c.status.in_(MOVING), _lead.c.updated_at < before)
    waiting = and_(_lead.c.status == LeadStatus.PARKED, _lead.c.retry_at < before)
    query = select(_lead.c.key, _lead.c.round)
    return query.where(_lead.c.trip_began_at.is_not(None), or_(moving, waiting))


def _open_checks(before: datetime) -> Select[Any, Any]:
    return select(_check.c.key, _check.c.attempts).where(
        _check.c.decision.is_(None), _check.c.wrapped_key.is_not(None), _check.c.created_at < before
    )
