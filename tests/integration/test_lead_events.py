"""A lead that somebody sent is scored, routed and counted by a running installation."""

import random
import time
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy import select

from tests.installation import TestSettings
from trex_app.container import Container
from trex_app.db.tables import METADATA
from trex_app.services.analytics import funnel
from trex_app.services.simulation import Person, ServiceEdge, visit
from trex_app.services.views import Caller

LEAD = METADATA.tables["lead"]
LEAD_DEALER = METADATA.tables["lead_dealer"]
EVENT = METADATA.tables["domain_event"]
PATIENCE_SECONDS = 60.0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_sent_lead_is_scored_routed_and_counted(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue("own_postgres_url") if kind == "postgresql" else None
    container = Container(TestSettings(data_dir=tmp_path, database_url=url))
    await container.open()
    try:
        edge = ServiceEdge(container.journeys, Caller(visitor="visitor-of-lead-events"))
        ending = await visit(Person(random.Random(5), {}), edge, await edge.start("buying"))
        assert ending.status == "completed"
        await _until_all_is_heard(container)
        await _check(container)
    finally:
        await container.close()


async def _until_all_is_heard(container: Container) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    wanted = {"LeadCaptured", "LeadScored", "LeadRouted", "JourneyCompleted"}
    while not (wanted <= set(await _topics(container)) and await _funnel(container)):
        assert time.monotonic() < deadline, "handlers did not hear of it in time"
        await anyio.sleep(0.02)


async def _check(container: Container) -> None:
    topics = await _topics(container)
    assert [topics.count(topic) for topic in ("LeadScored", "LeadRouted")] == [1, 1]
    (lead,) = await _rows(container, select(LEAD))
    assert lead.score > 0
    assert "wants_to_buy" in lead.score_reasons
    assert len(await _rows(container, select(LEAD_DEALER))) == 1
    (whole, *steps) = await _funnel(container)
    assert (whole.reached, whole.completed) == (1, 1)
    assert "buying_confirmation" in {row.step for row in steps}


async def _topics(container: Container) -> list[str]:
    return [row.topic for row in await _rows(container, select(EVENT.c.topic))]


async def _rows(container: Container, query: Any) -> list[Any]:
    return list(await container.database.read(lambda tx: tx.connection.execute(query).all()))


async def _funnel(container: Container) -> list[Any]:
    return await container.database.read(lambda tx: funnel(tx, container.clock, 2, "buying"))
