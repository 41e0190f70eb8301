"""Events through a real RabbitMQ: nothing lost, nothing twice, whatever happens to the broker."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aio_pika
import pytest
import structlog
from aio_pika import RobustConnection
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractIncomingMessage,
    AbstractQueue,
)
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.event_post import SUBSCRIPTIONS, Post, cancelled, delivered, event_database, scored
from tests.tcp_gate import TcpGate
from trex_app.core.tracing import current_trace, span
from trex_app.messaging import broker
from trex_app.messaging.broker import PAUSE_SECONDS, BrokerDelivery
from trex_app.messaging.delivery import GIVEN_UP, MAX_ATTEMPTS
from trex_app.messaging.events import Event
from trex_app.messaging.publishing import Notice
from trex_app.messaging.relay import Relay
from trex_app.messaging.topology import DELIVERY_LIMIT

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.02


@pytest.fixture(params=["sqlite", "postgresql"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    with event_database(request.param, tmp_path) as database:
        yield Post(database)


class Rabbit:
    """The real broker, a prefix of our own in it, and a gate before it."""

    def __init__(self, url: str, connection: AbstractConnection, channel: AbstractChannel) -> None:
        parts = urlsplit(url)
        self.prefix = f"trex_test_{uuid.uuid4().hex[:12]}"
        self.connection = connection
        self.channel = channel
        self.gate = TcpGate(parts.hostname or "127.0.0.1", parts.port or 5672)
        credentials = parts.netloc.rpartition("@")[0]
        self._url = f"{parts.scheme}://{credentials}@127.0.0.1:{self.gate.port}{parts.path}"
        self.heartbeat_seconds = 60

    @contextmanager
    def worker(self, post: Post, name: str = "one") -> Iterator[BrokerDelivery]:
        relay = Relay(post.database, post.registry, post.clock, name)
        url = f"{self._url}?heartbeat={self.heartbeat_seconds}"
        delivery = BrokerDelivery(post.database, post.deliveries, relay, url, prefix=self.prefix)
        delivery.start()
        try:
            yield delivery
        finally:
            delivery.stop()

    async def count(self, queue: str) -> int:
        declared = await self.channel.declare_queue(f"{self.prefix}.{queue}", passive=True)
        return declared.declaration_result.message_count or 0

    async def clear(self) -> None:
        for queue in (*SUBSCRIPTIONS, "parked", "dead_letters"):
            await self.channel.queue_delete(f"{self.prefix}.{queue}")
        for exchange in ("events", "dead"):
            await self.channel.exchange_delete(f"{self.prefix}.{exchange}")


@pytest.fixture
async def rabbit(rabbitmq_url: str) -> AsyncIterator[Rabbit]:
    connection = await aio_pika.connect(rabbitmq_url)
    rabbit = Rabbit(rabbitmq_url, connection, await connection.channel())
    yield rabbit
    rabbit.gate.close()
    await rabbit.clear()
    await connection.close()


async def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await asyncio.to_thread(is_so):
        assert time.monotonic() < deadline, "it did not come to that in time"
        await asyncio.sleep(LOOK_SECONDS)


async def until_in_queue(rabbit: Rabbit, queue: str, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while await rabbit.count(queue) != count:
        assert time.monotonic() < deadline, "it did not come to that in time"
        await asyncio.sleep(LOOK_SECONDS)


def is_done(post: Post) -> bool:
    statuses = [status for name in SUBSCRIPTIONS for status in post.statuses(name)]
    return bool(statuses) and set(statuses) == {"done"}


async def test_events_reach_their_handlers_in_order(post: Post, rabbit: Rabbit) -> None:
    with rabbit.worker(post):
        post.record(scored("a"), cancelled("b"), delivered("a"))
        await until(lambda: is_done(post))
    assert post.heard("first") == post.heard("second") == [scored("a"), delivered("a")]
    assert post.heard("third") == [cancelled("b")]


async def test_a_message_carries_the_trace_of_what_recorded_its_event(
    post: Post, rabbit: Rabbit, exported: InMemorySpanExporter
) -> None:
    with rabbit.worker(post):
        await until_declared(rabbit)
        ours = await rabbit.channel.declare_queue(exclusive=True)
        await ours.bind(f"{rabbit.prefix}.events", "LeadCancelled")
        with span("workflow.submit"):
            traceparent = current_trace()
            post.record(cancelled("a"))
        message = await next_message(ours)
        await message.ack()
        await until(lambda: is_done(post))
    assert message.headers["traceparent"] == traceparent
    assert "event.handle" in {each.name for each in exported.get_finished_spans()}


async def test_while_the_broker_is_away_events_wait(post: Post, rabbit: Rabbit) -> None:
    rabbit.gate.close()
    with rabbit.worker(post):
        post.record(scored("a"))
        assert post.handled == []
        rabbit.gate.open()
        await until(lambda: is_done(post))
    assert post.heard("first") == [scored("a")]


async def test_every_connection_is_closed_also_those_that_were_never_made(
    post: Post, rabbit: Rabbit, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[RobustConnection] = []

    class Kept(RobustConnection):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            opened.append(self)

    monkeypatch.setattr(broker, "RobustConnection", Kept)
    with rabbit.worker(post):
        await until_declared(rabbit)
        rabbit.gate.close()
        await until(lambda: len(opened) > 2)
        rabbit.gate.open()
        post.record(scored("a"))
        await until(lambda: is_done(post))
    assert [connection.is_closed for connection in opened] == [True] * len(opened)


async def test_delivery_outlasts_a_network_that_falls_silent(post: Post, rabbit: Rabbit) -> None:
    """The broker's library then cancels whoever waits for it, as if we had meant to end."""
    rabbit.heartbeat_seconds = 1
    with rabbit.worker(post):
        await until_declared(rabbit)
        rabbit.gate.fall_silent()
        with structlog.testing.capture_logs() as logs:
            post.record(scored("a"))
            await until(lambda: any(log["event"] == "event_broker_away" for log in logs))
        rabbit.gate.speak()
        await until(lambda: is_done(post))
    assert post.heard("first") == [scored("a")]


async def test_a_broker_that_is_away_is_told_once_and_then_that_it_is_back(
    post: Post, rabbit: Rabbit
) -> None:
    rabbit.gate.close()
    with structlog.testing.capture_logs() as told, rabbit.worker(post):
        await until(lambda: any(line["event"] == "event_broker_away" for line in told))
        await asyncio.sleep(3 * PAUSE_SECONDS)
        rabbit.gate.open()
        await until(lambda: any(line["event"] == "event_broker_connected" for line in told))
    away = [line for line in told if line["event"] == "event_broker_away"]
    [back] = [line for line in told if line["event"] == "event_broker_connected"]
    assert len(away) == 1
    assert datetime.fromisoformat(away[0]["since"]).tzinfo is not None
    assert back["away_seconds"] >= 2 * PAUSE_SECONDS


async def test_a_broker_that_comes_and_goes_loses_and_doubles_nothing(
    post: Post, rabbit: Rabbit
) -> None:
    other = Post(post.database, handled=post.handled)
    with rabbit.worker(post), rabbit.worker(other, "two"):
        for turn in range(3):
            for n in range(6):
                post.record(scored(f"{turn}-{n}"), delivered(f"{turn}-{n}"))
            rabbit.gate.close()
            post.record(scored(f"{turn}-away"))
            rabbit.gate.open()
            # What a worker that was cut off held is published again after a while.
            await until(lambda: "done" in post.statuses("first"))
        await until(lambda: _is_done_as_time_goes_by(post, other))
    for handler in ("first", "second"):
        heard = post.heard(handler)
        assert len(heard) == len(set(heard)) == 3 * (6 * 2 + 1)
        for turn in range(3):
            for n in range(6):
                of_one = [event for event in heard if event.subject == f"{turn}-{n}"]
                assert of_one == [scored(f"{turn}-{n}"), delivered(f"{turn}-{n}")]


def _is_done_as_time_goes_by(*posts: Post) -> bool:
    for one in posts:
        one.wait(seconds=0.5)
    return is_done(posts[0])


async def test_a_delivery_that_keeps_failing_ends_parked_and_as_a_dead_letter(
    post: Post, rabbit: Rabbit
) -> None:
    def fail(handler: str, _event: Event) -> None:
        if handler == "third":
            raise ValueError

    post.fault = fail
    with rabbit.worker(post):
        post.record(cancelled("a"), cancelled("b"))
        for attempts in range(1, MAX_ATTEMPTS + 1):
            await until(lambda n=attempts: [row.attempts for row in post.rows("third")] == [n, n])
            post.wait(hours=1)
        await until(lambda: post.statuses("third") == ["parked", "parked"])
        await until_in_queue(rabbit, "parked", 2)
        post.fault = lambda _handler, _event: None
        assert await post.records.replay() == 2
        await until(lambda: is_done(post))
    assert len(post.heard("third")) == 2 * (MAX_ATTEMPTS + 1)


async def test_a_message_that_no_worker_survives_is_parked(post: Post, rabbit: Rabbit) -> None:
    with rabbit.worker(post):
        await until_declared(rabbit)
    post.record(cancelled("a"))
    relay = Relay(post.database, post.registry, post.clock, "relay")
    await relay.run(RawPublisher(rabbit))
    queue = await rabbit.channel.get_queue(f"{rabbit.prefix}.third")
    for _ in range(DELIVERY_LIMIT + 1):
        await (await next_message(queue)).nack(requeue=True)
    await relay.stop()
    await until_in_queue(rabbit, "dead_letters", 1)
    with rabbit.worker(post):
        await until(lambda: post.statuses("third") == ["parked"])
        await until_in_queue(rabbit, "dead_letters", 0)
    (parked,) = await post.records.parked()
    assert (parked.handler, parked.subject, parked.reason) == ("third", "a", GIVEN_UP)
    assert await rabbit.count("parked") == 1


async def test_a_message_nobody_can_read_stops_nothing(post: Post, rabbit: Rabbit) -> None:
    with rabbit.worker(post):
        await until_declared(rabbit)
        message = aio_pika.Message(b"{", content_type="application/json")
        await rabbit.channel.default_exchange.publish(message, f"{rabbit.prefix}.third")
        post.record(cancelled("a"))
        await until(lambda: is_done(post))
        await until_in_queue(rabbit, "parked", 1)


async def next_message(queue: AbstractQueue) -> AbstractIncomingMessage:
    """The next message, as soon as the queue has it: one that was given back takes a moment."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (message := await queue.get(fail=False)) is None:
        assert time.monotonic() < deadline, "no message came in time"
        await asyncio.sleep(LOOK_SECONDS)
    return message


class RawPublisher:
    """Publishes without a worker of ours."""

    def __init__(self, rabbit: Rabbit) -> None:
        self._rabbit = rabbit

    async def publish(self, notice: Notice) -> None:
        exchange = await self._rabbit.channel.get_exchange(f"{self._rabbit.prefix}.events")
        message = aio_pika.Message(notice.body(), content_type="application/json")
        await exchange.publish(message, notice.topic)

    async def publish_to(self, handler: str, notice: Notice) -> None:
        raise AssertionError


async def until_declared(rabbit: Rabbit) -> None:
    """Until a worker has made its queues; a missing one closes the channel that asks."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        channel = await rabbit.connection.channel()
        try:
            await channel.declare_queue(f"{rabbit.prefix}.third", passive=True)
            await channel.get_exchange(f"{rabbit.prefix}.events", ensure=True)
        except aio_pika.exceptions.ChannelClosed:
            assert time.monotonic() < deadline, "no worker declared its queues in time"
            await asyncio.sleep(LOOK_SECONDS)
        else:
            await channel.close()
            return
