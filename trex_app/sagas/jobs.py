"""Durable jobs on DBOS: enqueued in the transaction that needs them, run at least once.

DBOS keeps its tables in the same database (schema `dbos` in PostgreSQL, unprefixed in SQLite), so
that a job exists exactly when the change that asked for it was committed. A job is named by what
it is for and carries nothing but that key, and where traces are collected the one it belongs to:
no personal data enters those tables.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dbos import (
    DBOS,
    DBOSClient,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    EnqueueOptions,
    StepOptions,
)
from sqlalchemy import (
    Engine,
    column,
    event,
    func,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy import create_engine as create_sqlalchemy_engine
from sqlalchemy.engine import URL

from trex_app.core.errors import Unavailable
from trex_app.core.telemetry import JOBS, correlated
from trex_app.core.tracing import current_trace, joined, span
from trex_app.db.statements import SQLITE
from trex_app.db.transaction import Database, Transaction
from trex_app.services import crm_progress

APPLICATION = "trex"
# Pinned: jobs enqueued by one build are run by the next. A saga that changes its steps in a way
# that running jobs cannot follow gets a new name instead.
APPLICATION_VERSION = "1"
QUEUE = "jobs"
CRM_QUEUE = "crm"
"""A CRM that takes its time takes it from no dealer: what asks it has places of its own."""
UNFINISHED = ["ENQUEUED", "DELAYED", "PENDING"]
FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
ENDED = ["SUCCESS", "CANCELLED", *FAILED]
KEPT = timedelta(days=7)
"""How long the record of a job that ended is kept. What it did stands in our own tables."""
FORGOTTEN_AT_A_TIME = 500
# DBOS looks at a queue by the clock and is woken by nothing. A look that finds nothing takes a
# millisecond or two.
POLLING_INTERVAL_SECONDS = 0.1
# Most of a job is waiting for a partner, whom the gateway's bulkhead protects: fewer at a time
# than that lets through, so that no job is turned away there. While they do not wait, they share
# the few connections below.
CONCURRENT_JOBS = 16
CONCURRENT_CRM_JOBS = 16
# Jobs come to the database between their steps and are out of it again at once.
POOL_SIZE = 4
MOST_CONNECTIONS = POOL_SIZE + 1
"""To PostgreSQL, where jobs run: DBOS listens on one more. Enqueuing opens none."""
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # A lost last write only repeats a step; the job itself is written with the submit's own care.
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=30000",
    "PRAGMA foreign_keys=ON",
)

Job = Callable[[str, int], None]
"""A saga's body: runs its steps with `DBOS.run_step`, for its key and round (0 is the first)."""


class Jobs:
    """The queue of durable jobs, and the worker that runs them inside this process.

    `executor_id` names this process; no other that runs may have the same name. The jobs that a
    process was running when it died are taken over under its name.
    """

    def __init__(self, database: Database, executor_id: str) -> None:
        self._executor_id = executor_id
        self.is_running = False
        self._engine = _create_engine(database.url)
        self._client = DBOSClient(
            system_database_engine=self._engine,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
            lazy=True,
        )

    def enqueue(
        self, tx: Transaction, name: str, key: str, *, round: int = 0, delay_seconds: float = 0
    ) -> None:
        """Enqueue the job `name` for `key` with the caller's commit; a repeat changes nothing.

        A further `round` is a job of its own. With a delay it waits in the database, not in a
        process, until `delay_seconds` have passed.
        """
        options: EnqueueOptions = {
            "workflow_name": name,
            "workflow_id": job_id(name, key, round),
            "queue_name": CRM_QUEUE if name == crm_progress.JOB else QUEUE,
            "app_version": APPLICATION_VERSION,
        }
        if delay_seconds > 0:
            options["delay_seconds"] = delay_seconds
        trace = current_trace()
        arguments = (key, round) if trace is None else (key, round, trace)
        self._client.enqueue_in_transaction(tx.connection, options, *arguments)

    def launch(self, jobs: Mapping[str, Job]) -> None:
        """Start running jobs, by name; those a former run of this process left come first."""
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_engine": self._engine,
            "application_version": APPLICATION_VERSION,
            "executor_id": self._executor_id,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
            "console_log_level": "WARNING",
        }
        DBOS(config=config)
        for name, job in jobs.items():
            DBOS.workflow(name=name)(_correlated(name, job))
        DBOS.launch()
        for queue, places in ((QUEUE, CONCURRENT_JOBS), (CRM_QUEUE, CONCURRENT_CRM_JOBS)):
            DBOS.register_queue(
                queue,
                worker_concurrency=places,
                polling_interval_sec=POLLING_INTERVAL_SECONDS,
            )
        self.is_running = True

    def take_over(self, alive: Collection[str], claimed_before: datetime) -> int:
        """Put back in the queue what processes that are not `alive` were running; how many jobs.

        What was claimed at `claimed_before` or later is left alone: its process may only just have
        started, before others could see it.
        """
        latest = claimed_before.timestamp() * 1000
        running = self._client.list_workflows(
            status="PENDING", app_version=APPLICATION_VERSION, load_input=False, load_output=False
        )
        dead = {
            job.executor_id
            for job in running
            if job.executor_id not in alive and (job.updated_at or 0) < latest
        }
        names = sorted(name for name in dead if name is not None)
        # Of two processes that take over, one wins each job. The public resume_workflow would pull
        # it away again from the winner.
        return len(DBOS._recover_pending_workflows(names)) if names else 0  # noqa: SLF001

    def unfinished(self, job_ids: Sequence[str]) -> set[str]:
        """Which of the jobs of these ids wait, are delayed, or are being run."""
        if not job_ids:
            return set()
        found = self._client.list_workflows(
            workflow_ids=list(job_ids), status=UNFINISHED, load_input=False, load_output=False
        )
        return {job.workflow_id for job in found}

    def failed(self, name: str) -> list[tuple[str, int]]:
        """The key and the round of each job of this name that ended without doing its work."""
        found = self._client.list_workflows(
            name=name, status=FAILED, load_input=False, load_output=False
        )
        return [_key_and_round(name, job.workflow_id) for job in found]

    def forget(self, job_ids: Sequence[str]) -> None:
        """Delete the records of jobs that ended."""
        self._client.delete_workflows(list(job_ids))

    def forget_ended(self, before: datetime) -> int:
        """Delete the records of all jobs that ended by then; how many."""
        count = 0
        while found := self._client.list_workflows(
            status=ENDED,
            completed_before=before.isoformat(),
            limit=FORGOTTEN_AT_A_TIME,
            load_input=False,
            load_output=False,
        ):
            self.forget([job.workflow_id for job in found])
            count += len(found)
        return count

    def shutdown(self, patience_seconds: int = 5) -> None:
        """Stop; what is unfinished after `patience_seconds` goes on at the next start."""
        self.is_running = False
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience_seconds)

    def close(self) -> None:
        """Close the connections that jobs use."""
        self._client.destroy()
        self._engine.dispose()


def job_id(name: str, key: str, round: int = 0) -> str:
    """The id of the one job of this name for this key and round."""
    return f"{name}:{key}:{round}" if round else f"{name}:{key}"


def _key_and_round(name: str, job_id: str) -> tuple[str, int]:
    key, _, round = job_id.removeprefix(f"{name}:").partition(":")
    return key, int(round or 0)


def patient(name: str) -> StepOptions:
    """A step that outlasts a short absence of our own database; partners' are dealt with inside."""
    return {
        "name": name,
        "retries_allowed": True,
        "max_attempts": 7,
        "interval_seconds": 0.5,
        "backoff_rate": 2,
        "should_retry": lambda error: isinstance(error, Unavailable),
    }


def count_unfinished(tx: Transaction) -> dict[str, int]:
    """How many jobs wait, are delayed and are being run, by DBOS's name for it."""
    schema = None if tx.dialect == SQLITE else "dbos"
    jobs = table("workflow_status", column("status"), schema=schema)
    # In the words of DBOS's own indexes of what is unfinished, and literally, for SQLite looks at
    # no value to choose an index: there are many more jobs that ended in the last days.
    status = jobs.c.status
    is_delayed = status == literal_column("'DELAYED'")
    is_in_flight = status.in_([literal_column("'ENQUEUED'"), literal_column("'PENDING'")])
    parts = (
        select(status, func.count()).where(condition).group_by(status)
        for condition in (is_in_flight, is_delayed)
    )
    rows = tx.connection.execute(union_all(*parts))
    counted = {str(status): int(count) for status, count in rows}
    return {status: counted.get(status, 0) for status in UNFINISHED}


def prepare(url: URL) -> None:
    """Create or update the tables that jobs are kept in."""
    DBOS.migrate(url.render_as_string(hide_password=False))


def _correlated(name: str, job: Job) -> Job:
    # An earlier build enqueued the key alone; DBOS's own spans would quote what errors say.
    def run(key: str, round: int = 0, trace: str | None = None) -> None:
        with correlated(key), joined(trace), span(f"job {name}", key=key, round=round):
            try:
                job(key, round)
            except Exception:
                JOBS.labels(name, "failed").inc()
                raise
            JOBS.labels(name, "done").inc()

    run.__qualname__ = run.__name__ = name
    return run


def _create_engine(url: URL) -> Engine:
    engine = create_sqlalchemy_engine(url, pool_size=POOL_SIZE, max_overflow=0, pool_timeout=30)
    if url.get_backend_name() == SQLITE:
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = "IMMEDIATE"
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)
