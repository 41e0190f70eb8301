"""Workers: the processes that run jobs, how they are known to live, and who follows a dead one."""

import os
import secrets
import socket
from collections.abc import Collection
from datetime import timedelta
from typing import Final

import structlog
from prometheus_client import Gauge
from sqlalchemy import Table, delete, func, insert, select, update

from trex_app.core.clock import Clock
from trex_app.core.telemetry import (
    CRM_RECORDS_STANDING,
    JOBS_WAITING,
    LEADS_STANDING,
    TAKEOVERS,
)
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.sagas import jobs
from trex_app.sagas.jobs import Jobs
from trex_app.services import crm_progress
from trex_app.services.lead_progress import ENDED
from trex_app.services.lead_states import LeadStatus, StepStatus

BEAT_SECONDS: Final = 5.0
COUNT_ALL_SECONDS: Final = 600.0
"""How often what is at its end is counted as well: there is ever more of it."""
DEAD_AFTER: Final = timedelta(seconds=15)
"""A process that was not seen for so long is dead: three beats missed."""
FORGOTTEN_AFTER: Final = timedelta(minutes=10)
HOST_LETTERS: Final = 40

OPEN_LEADS: Final = frozenset(LeadStatus) - ENDED
OPEN_RECORDS: Final = crm_progress.OPEN | crm_progress.STOPPED
"""Those that were given up among them: somebody is to see to them, and soon."""

_worker = METADATA.tables["worker"]
_lead = METADATA.tables["lead"]
_crm_record = METADATA.tables["crm_record"]

log = structlog.get_logger(__name__)


def own_name() -> str:
    """A name for this process that no other has or will have."""
    return f"{socket.gethostname()[:HOST_LETTERS]}-{os.getpid()}-{secrets.token_hex(4)}"


class Workers:
    """This process among those that run jobs."""

    def __init__(self, database: Database, clock: Clock, queue: Jobs, executor_id: str) -> None:
        self._database = database
        self._clock = clock
        self._queue = queue
        self._executor_id = executor_id

    def beat(self) -> None:
        """Be seen alive, and take over the jobs of those that no longer are."""
        alive = self._database.write_sync(self.be_seen)
        count = self._queue.take_over(alive, self._clock() - DEAD_AFTER)
        if count:
            TAKEOVERS.inc(count)
            log.warning("jobs_taken_over", count=count)

    def measure(self) -> None:
        """Set the gauges of what is not at its end: jobs, leads, and their records in the CRM."""
        unfinished = self._database.read_sync(jobs.count_unfinished)
        for state, count in unfinished.items():
            JOBS_WAITING.labels(state.lower()).set(count)
        self._tell(LEADS_STANDING, _lead, OPEN_LEADS)
        self._tell(CRM_RECORDS_STANDING, _crm_record, OPEN_RECORDS)

    def measure_ended(self) -> None:
        """Set the gauges of the leads and records that are at their end."""
        self._tell(LEADS_STANDING, _lead, frozenset(LeadStatus) - OPEN_LEADS)
        self._tell(CRM_RECORDS_STANDING, _crm_record, frozenset(StepStatus) - OPEN_RECORDS)

    def _tell(self, gauge: Gauge, table: Table, statuses: Collection[str]) -> None:
        counted = self._database.read_sync(lambda tx: _standing(tx, table, statuses))
        for status in statuses:
            gauge.labels(status).set(counted.get(status, 0))

    def leave(self) -> None:
        """Be known as gone, so that others need not wait to see it."""
        mine = delete(_worker).where(_worker.c.executor_id == self._executor_id)
        self._database.write_sync(lambda tx: tx.connection.execute(mine))

    def be_seen(self, tx: Transaction) -> set[str]:
        """Note that this process lives; the names of all that do."""
        now = self._clock()
        mine = _worker.c.executor_id == self._executor_id
        seen = update(_worker).where(mine).values(seen_at=now)
        if tx.connection.execute(seen).rowcount == 0:
            born = {"executor_id": self._executor_id, "started_at": now, "seen_at": now}
            tx.connection.execute(insert(_worker).values(born))
        tx.connection.execute(delete(_worker).where(_worker.c.seen_at < now - FORGOTTEN_AFTER))
        living = select(_worker.c.executor_id).where(_worker.c.seen_at >= now - DEAD_AFTER)
        return set(tx.connection.execute(living).scalars())


def _standing(tx: Transaction, table: Table, statuses: Collection[str]) -> dict[str, int]:
    """How many rows stand so; read from the index of statuses alone."""
    query = select(table.c.status, func.count()).where(table.c.status.in_(sorted(statuses)))
    rows = tx.connection.execute(query.group_by(table.c.status))
    return {str(status): int(count) for status, count in rows}
