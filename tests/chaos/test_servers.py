"""Processes, Redis, RabbitMQ and PostgreSQL that end and come back while people walk."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.chaos.own_servers import OwnPostgres, OwnRabbit, an_own_postgres, an_own_rabbit
from tests.chaos.people import EVERYBODY, Crowd
from tests.chaos.reckoning import Reckoning
from tests.chaos.site import Site, a_site
from tests.integration.own_redis import OwnRedis, an_own_redis
from tests.sandbox_process import SandboxProcess
from trex_app.db.transaction import Database

pytestmark = pytest.mark.xdist_group("chaos")

PATIENCE_SECONDS = 300
SLOW_MS = 500
ANSWERS_BETWEEN = 40
"""So many answers of a crowd under way, before what is next breaks."""


@dataclass
class Town:
    """Everything at once: web, worker, and servers of the test's own."""

    postgres: OwnPostgres
    redis: OwnRedis
    rabbit: OwnRabbit
    sandbox: SandboxProcess
    site: Site
    database: Database
    reckoning: Reckoning
    crowds: list[Crowd] = field(default_factory=list[Crowd])

    def crowd(self, *, outlasts: bool = False) -> Crowd:
        """People who are counted in the end.

        Dealers take their time, so that leads are under way whenever something breaks.
        """
        self.sandbox.fault("dealers", kind="latency", latency_ms=SLOW_MS)
        self.crowds.append(self.site.crowd(outlasts=outlasts))
        return self.crowds[-1]

    def check(self) -> None:
        """Everybody who ever came has what they were promised."""
        self.sandbox.heal()
        for crowd in self.crowds:
            crowd.check()
        references = [reference for crowd in self.crowds for reference in crowd.references]
        assert self.reckoning.check(references) == {"delivered": len(references)}

    def waiting_events(self) -> int:
        """How many deliveries wait for the broker."""
        query = text("SELECT count(*) FROM event_delivery WHERE status = 'pending'")
        return self.database.read_sync(lambda tx: tx.connection.execute(query).scalar_one())


@pytest.fixture(scope="module")
def town(
    sandbox_process: SandboxProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    sandbox_process.clear()
    folder = tmp_path_factory.mktemp("town")
    with ExitStack() as servers:
        postgres = servers.enter_context(an_own_postgres())
        redis = servers.enter_context(an_own_redis(tmp_path_factory.mktemp("redis")))
        rabbit = servers.enter_context(an_own_rabbit(tmp_path_factory.mktemp("rabbit")))
        url = postgres.create("trex")
        behind = {"redis_url": redis.url, "broker_url": rabbit.url}
        site = servers.enter_context(a_site(url, folder, sandbox_process, **behind))
        site.start_web("web")
        site.start_worker()
        database = Database(url)
        servers.callback(database.close)
        reckoning = Reckoning(database, sandbox_process)
        yield Town(postgres, redis, rabbit, sandbox_process, site, database, reckoning)


async def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await asyncio.to_thread(is_so):
        assert time.monotonic() < deadline, "it did not come to that in time"
        await asyncio.sleep(0.05)


async def through_breaks(crowd: Crowd, *breaks: Callable[[], None]) -> None:
    """Let people come and come while one thing after the other breaks and is mended."""
    is_over = asyncio.Event()

    async def keep_coming() -> None:
        while not is_over.is_set():
            await crowd.come(*EVERYBODY)

    async def break_it() -> None:
        try:
            for each in breaks:
                before = len(crowd.statuses)
                await until(lambda before=before: len(crowd.statuses) > before + ANSWERS_BETWEEN)
                await asyncio.to_thread(each)
        finally:
            is_over.set()

    await asyncio.gather(keep_coming(), keep_coming(), break_it())
    await crowd.come(*EVERYBODY)


async def test_without_redis_nobody_notices_anything(town: Town) -> None:
    def is_shared() -> bool:
        return town.site.metric("trex_gateway_redis_up") == 1

    def is_alone() -> bool:
        return not is_shared()

    crowd = town.crowd()
    await through_breaks(crowd, town.redis.stop)
    await until(is_alone)
    town.redis.start()
    await until(is_shared)
    await through_breaks(crowd, town.redis.freeze)
    await until(is_alone)
    town.redis.thaw()
    await until(is_shared)
    await crowd.come(*EVERYBODY)
    town.check()


async def test_while_rabbitmq_is_away_events_wait_for_it(town: Town) -> None:
    crowd = town.crowd()
    # A node that is killed within half a second has not written down yet which queues are new.
    await crowd.come(*EVERYBODY)
    await until(lambda: town.waiting_events() == 0)
    await through_breaks(crowd, town.rabbit.kill)
    await until(lambda: town.waiting_events() > 0)
    await asyncio.to_thread(town.rabbit.start)
    town.check()


async def test_a_database_that_crashes_under_load_costs_nobody_anything_but_a_moment(
    town: Town,
) -> None:
    crowd = town.crowd(outlasts=True)
    mended = (town.postgres.crash, town.postgres.start)
    await through_breaks(crowd, *mended, *mended)
    # What is back at once is waited for; whose commit it met, or who waited for long, is told.
    assert set(crowd.statuses) <= {200, 503}
    town.check()


async def test_killed_processes_are_started_again_and_go_on(town: Town) -> None:
    def renew_worker() -> None:
        town.site.kill("worker")
        town.site.start_worker()

    def renew_web() -> None:
        town.site.kill("serve")
        town.site.start_web("web")

    await through_breaks(town.crowd(outlasts=True), renew_worker, renew_web)
    town.check()


async def test_one_process_that_does_everything_may_be_killed(
    sandbox: SandboxProcess, sqlite_url: str, tmp_path: Path
) -> None:
    with a_site(sqlite_url, tmp_path, sandbox) as site:

        def renew() -> None:
            site.kill("serve")
            site.start_web()

        sandbox.fault("dealers", kind="latency", latency_ms=SLOW_MS)
        site.start_web()
        crowd = site.crowd(outlasts=True)
        await through_breaks(crowd, renew, renew)
        crowd.check()
        sandbox.heal()
        database = Database(sqlite_url)
        ended = Reckoning(database, sandbox).check(crowd.references)
        database.close()
    assert ended == {"delivered": len(crowd.references)}
