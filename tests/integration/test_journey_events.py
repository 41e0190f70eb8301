"""What journeys tell: that they came to their end, and that they were left alone."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from tests.integration.world import World
from trex_app.db.tables import METADATA
from trex_app.messaging.events import Event, JourneyAbandoned, JourneyCompleted, decode
from trex_app.services import abandonment
from trex_app.services.abandonment import FOUND_WITHIN, LEASE, sweep, sweep_on_duty
from trex_app.services.simulation import Person, ServiceEdge, visit
from trex_app.services.views import Caller, StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVENT = METADATA.tables["domain_event"]
DELIVERY = METADATA.tables["event_delivery"]
ADA = Caller(visitor="visitor-of-journey-events")


def told(world: World, session_id: str) -> list[Event]:
    """What was recorded about a session, in order."""
    query = select(EVENT.c.topic, EVENT.c.data).where(EVENT.c.subject == session_id)
    query = query.order_by(EVENT.c.sequence)
    rows = world.container.database.read_sync(lambda tx: tx.connection.execute(query).all())
    return [decode(topic, data) for topic, data in rows]


def swept(world: World) -> int:
    return sweep(world.container.database, world.clock)


async def begin(world: World) -> StepView:
    """A journey that has one answer."""
    view = await world.journeys.start(ADA, "selling")
    return await answer(world, view.session_id, "has_buyer", has_buyer=True)


async def answer(world: World, session_id: str, step: str, **data: object) -> StepView:
    return await world.journeys.submit(ADA, session_id, step, data)


async def walk_to_the_end(world: World) -> StepView:
    edge = ServiceEdge(world.journeys, ADA)
    return await visit(Person(random.Random(3), {}), edge, await edge.start("buying"))


async def test_a_journey_tells_once_that_it_came_to_its_end(world: World) -> None:
    ending = await walk_to_the_end(world)
    (fact,) = told(world, ending.session_id)
    assert isinstance(fact, JourneyCompleted)
    assert fact.workflow_id == "buying"
    assert fact.steps[-1] == "buying_confirmation"
    assert len(fact.steps) == len(set(fact.steps))


async def test_a_journey_under_way_tells_nothing(world: World) -> None:
    view = await begin(world)
    assert told(world, view.session_id) == []


async def test_a_journey_left_alone_is_told_of_once(world: World) -> None:
    view = await begin(world)
    world.clock.now += timedelta(hours=23, minutes=59)
    swept(world)
    assert told(world, view.session_id) == []
    world.clock.now += timedelta(minutes=1)
    assert swept(world) >= 1
    assert swept(world) == 0
    assert told(world, view.session_id) == [
        JourneyAbandoned(view.session_id, "selling", "sale_vehicle", ("has_buyer",))
    ]


async def test_coming_back_begins_a_new_period(world: World) -> None:
    view = await begin(world)
    world.clock.now += timedelta(days=1)
    swept(world)
    world.clock.now += timedelta(hours=1)
    await world.journeys.back(ADA, view.session_id, "sale_vehicle")
    swept(world)
    assert len(told(world, view.session_id)) == 1
    world.clock.now += timedelta(days=1)
    swept(world)
    assert [type(fact) for fact in told(world, view.session_id)] == [JourneyAbandoned] * 2


async def test_a_journey_is_not_told_of_again_when_its_event_is_long_gone(world: World) -> None:
    view = await begin(world)
    world.clock.now += timedelta(days=1)
    swept(world)
    of_it = EVENT.c.subject == view.session_id
    await world.container.database.write(
        lambda tx: tx.connection.execute(delete(EVENT).where(of_it))
    )
    world.clock.now += FOUND_WITHIN
    swept(world)
    assert told(world, view.session_id) == []


async def test_processes_that_sweep_together_tell_of_it_once(world: World) -> None:
    views = [await begin(world) for _ in range(5)]
    world.clock.now += timedelta(days=1)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: swept(world), range(4)))
    assert sum(counts) >= len(views)
    assert [len(told(world, view.session_id)) for view in views] == [1] * len(views)


async def test_one_process_at_a_time_has_the_duty_to_look(world: World) -> None:
    database, clock = world.container.database, world.clock
    view = await begin(world)
    clock.now += timedelta(days=1)
    assert sweep_on_duty(database, clock, "first") >= 1
    another = await begin(world)
    clock.now += timedelta(days=1)
    clock.now -= LEASE / 2
    assert sweep_on_duty(database, clock, "first") == 0
    clock.now += LEASE / 2
    assert sweep_on_duty(database, clock, "second") == 0
    clock.now += LEASE / 2
    assert sweep_on_duty(database, clock, "second") >= 1
    assert [len(told(world, each.session_id)) for each in (view, another)] == [1, 1]


async def test_a_sweep_looks_at_every_page_of_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(abandonment, "AT_A_TIME", 2)
    views = [await begin(world) for _ in range(5)]
    world.clock.now += timedelta(days=1)
    swept(world)
    assert [len(told(world, view.session_id)) for view in views] == [1] * len(views)


async def test_a_journey_at_its_end_is_not_left_alone(world: World) -> None:
    ending = await walk_to_the_end(world)
    world.clock.now += timedelta(days=30)
    swept(world)
    assert [type(fact) for fact in told(world, ending.session_id)] == [JourneyCompleted]


async def test_what_is_told_waits_for_the_analytics(world: World) -> None:
    ending = await walk_to_the_end(world)
    query = select(DELIVERY.c.handler).where(DELIVERY.c.subject == ending.session_id)
    read = world.container.database.read_sync(
        lambda tx: tx.connection.execute(query).scalars().all()
    )
    assert "journey_analytics" in read
