"""Sagas: leads a second on their way from the commit to delivered, beside a floor of the same run.

Leads are sent while no worker runs; then one worker process's worth of jobs takes them all. The
floor sends the same two requests for each lead, CRM and dealer, by bare httpx to the same sandbox,
and commits as many small writes on the bare driver as the lead's travels need, with as many at
once. It remembers nothing that would let it go on after a crash.
"""

import asyncio
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from threading import local
from typing import Any

import httpx
import psycopg
from sqlalchemy import select

from benchmarks import databases, report
from benchmarks.sandbox import Sandbox, running_sandbox
from trex_app.container import Container
from trex_app.core.settings import Settings
from trex_app.db.connections import database_url
from trex_app.db.statements import SQLITE
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database
from trex_app.sagas.jobs import CONCURRENT_JOBS
from trex_app.services.lead_progress import STEPS
from trex_app.services.views import Caller

VISITOR = "v" * 43
BUYING: tuple[Any, ...] = ({"knows_vehicle": True}, {"price_max": 60000}, None, {"confirmed": True})
CONTACT = {
    "first_name": "Robin",
    "last_name": "Vale",
    "email": "robin@example.com",
    "postal_code": "73301",
    "contact_channels": ["email"],
    "consent_contact": True,
}
WRITES_A_LEAD = 2 * len(STEPS)
"""A step that asks a partner commits before and after it; the others commit what comes of them."""
WARM_UP = 2
PATIENCE_SECONDS = 600.0
NEW_TABLE = "CREATE TABLE floor (key TEXT PRIMARY KEY, step INTEGER, note TEXT)"


@dataclass(frozen=True, slots=True)
class Scale:
    """How many leads are sent, on each database, and one by one after them."""

    leads: int = 100
    alone: int = 20


@dataclass(frozen=True, slots=True)
class Rate:
    """Leads a second where many wait, and milliseconds for one alone."""

    per_second: float
    floor_per_second: float
    p50_ms: float
    p99_ms: float


def run(scale: Scale) -> dict[str, Rate]:
    """Measure and print; the rates by database."""
    report.heading("Sagas: leads from the commit to delivered, over the sandbox")
    found: dict[str, Rate] = {}
    with tempfile.TemporaryDirectory(prefix="trex-bench-") as name, running_sandbox() as sandbox:
        folder = Path(name)
        with databases.on_sqlite(folder) as new_database:
            found["SQLite"] = _measure(new_database, folder / "one", sandbox, scale)
        try:
            with databases.on_postgres() as new_database:
                found["PostgreSQL"] = _measure(new_database, folder / "two", sandbox, scale)
        except databases.NoServer as error:
            report.note(f"no PostgreSQL: {error}")
    _print(found)
    return found


def _measure(new_database: Callable[[], str], folder: Path, sandbox: Sandbox, scale: Scale) -> Rate:
    url = new_database()
    asyncio.run(_send(url, folder, sandbox, scale.leads))
    many = asyncio.run(_work(url, folder, sandbox, scale.leads, alone=0))
    alone = asyncio.run(_work(url, folder, sandbox, scale.leads, alone=WARM_UP + scale.alone))
    floor = _floor(new_database(), sandbox, scale.leads)
    took = [1e3 * (end - begin).total_seconds() for begin, end in alone[-scale.alone :]]
    ends = sorted(end for _, end in many)
    per_second = (len(ends) - 1) / (ends[-1] - ends[0]).total_seconds()
    return Rate(per_second, floor, median(took), quantiles(took, n=100)[98])


def _container(url: str, folder: Path, sandbox: Sandbox) -> Container:
    return Container(
        Settings(
            data_dir=folder,
            database_url=url,
            sandbox_url=sandbox.url,
            smtp_url=sandbox.smtp_url,
            # The gateway's limit on calls a second would be what is measured.
            partner_policies={name: {"calls_per_second": 10_000} for name in ("crm", "dealers")},
            _env_file=None,  # pyright: ignore[reportCallIssue]
        )
    )


async def _send(url: str, folder: Path, sandbox: Sandbox, count: int) -> None:
    """Walk so many journeys to their end, while nobody works on what they send."""
    container = _container(url, folder, sandbox)
    await container.open(with_jobs=False)
    try:
        for _ in range(count):
            await _buy(container)
    finally:
        await container.close()


async def _buy(container: Container) -> None:
    caller = Caller(visitor=VISITOR)
    view = await container.journeys.start(caller, "buying")
    for answer in (*BUYING, CONTACT):
        given = answer or {"vehicle_id": view.data["vehicles"][0]["vehicle_id"]}
        view = await container.journeys.submit(caller, view.session_id, view.step_id, given)


async def _work(
    url: str, folder: Path, sandbox: Sandbox, count: int, alone: int
) -> list[tuple[datetime, datetime]]:
    """Let jobs run until so many leads are delivered, then send more one by one; times of each."""
    container = _container(url, folder, sandbox)
    await container.open()
    try:
        await _delivered(container.database, count)
        for number in range(alone):
            await _buy(container)
            await _delivered(container.database, count + number + 1)
        return await container.database.read(_times)
    finally:
        await container.close()


async def _delivered(database: Database, count: int) -> None:
    """Wait for so many. Raises RuntimeError where they do not come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(await database.read(_times)) < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{count} leads were not delivered in time.")
        await asyncio.sleep(0.05)


def _times(tx: Any) -> list[tuple[datetime, datetime]]:
    """When each lead was sent, and when its dealer and the CRM had both got it."""
    event, record = METADATA.tables["domain_event"], METADATA.tables["crm_record"]
    sent, done = event.alias(), event.alias()
    query = (
        select(sent.c.recorded_at, done.c.recorded_at, record.c.updated_at)
        .join(done, done.c.subject == sent.c.subject)
        .join(record, record.c.lead_key == sent.c.subject)
        .where(
            sent.c.topic == "LeadCaptured",
            done.c.topic == "LeadDelivered",
            record.c.status == "done",
        )
        .order_by(done.c.sequence)
    )
    return [(row[0], max(row[1], row[2])) for row in tx.connection.execute(query)]


def _floor(url: str, sandbox: Sandbox, count: int) -> float:
    """The same requests and as many commits; leads a second."""
    patterns = [sandbox.received("crm")[0], sandbox.received("dealers")[0]]
    connect = _connecting(url)
    with connect() as connection:
        connection.execute(NEW_TABLE)
        connection.commit()
    held = local()

    def lead(_number: int) -> None:
        if not hasattr(held, "client"):
            held.client = httpx.Client(base_url=sandbox.url, trust_env=False, timeout=60)
            held.connection = connect()
        key = uuid.uuid4().hex
        for step in range(WRITES_A_LEAD):
            _write(held.connection, key, step)
            if step < len(patterns):
                _ask(held.client, patterns[step], key)

    with ThreadPoolExecutor(CONCURRENT_JOBS) as threads:
        begin = time.perf_counter()
        list(threads.map(lead, range(count)))
        return count / (time.perf_counter() - begin)


def _connecting(url: str) -> Callable[[], Any]:
    parsed = database_url(url)
    if parsed.get_backend_name() == SQLITE:

        def connect() -> Any:
            connection = sqlite3.connect(str(parsed.database), timeout=60)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            return connection

        return connect
    plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    return lambda: psycopg.connect(plain)


def _write(connection: Any, key: str, step: int) -> None:
    mark = "?" if isinstance(connection, sqlite3.Connection) else "%s"
    if step == 0:
        connection.execute(f"INSERT INTO floor VALUES ({mark}, 0, 'x')", (key,))
    else:
        change = f"UPDATE floor SET step = {mark} WHERE key = {mark}"
        connection.execute(change, (step, key))
    connection.commit()


def _ask(client: httpx.Client, pattern: dict[str, Any], key: str) -> None:
    """Send such a request anew. Raises HTTPStatusError."""
    body = pattern["body"]
    about: dict[str, Any] = {"json": body}
    headers = {"Idempotency-Key": key}
    if isinstance(body, str):
        about, headers = {"content": body}, {**headers, "Content-Type": "application/xml"}
    answer = client.request(pattern["method"], pattern["path"], headers=headers, **about)
    answer.raise_for_status()


def _print(found: dict[str, Rate]) -> None:
    print(
        f"{'':{report.NAME_WIDTH}}{'leads a second':>16}{'floor':>8}{'share':>8}"
        f"{'one alone: p50 ms':>19}{'p99 ms':>8}"
    )
    for name, rate in found.items():
        share = rate.per_second / rate.floor_per_second
        print(
            f"{name:{report.NAME_WIDTH}}{rate.per_second:16.1f}{rate.floor_per_second:8.1f}"
            f"{share:8.0%}{rate.p50_ms:19.0f}{rate.p99_ms:8.0f}"
        )
