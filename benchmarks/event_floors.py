"""Floors for events: the same reads and writes on the bare driver, with the bare broker between."""

import asyncio
import json
import os
import queue
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import aio_pika
import psycopg
from aio_pika.abc import AbstractIncomingMessage

from trex_app.db.connections import SQLITE_PRAGMAS, database_url
from trex_app.db.statements import POSTGRESQL

RABBITMQ_URL = os.environ.get("TREX_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672/")
BARE, BARE_RABBIT = "bare driver, woken thread", "bare driver, bare RabbitMQ"
PATIENCE_SECONDS = 60.0
INSERT_EVENT = """
    INSERT INTO domain_event (event_id, topic, subject, data, recorded_at)
    VALUES (?, 'LeadScored', ?, ?, ?) RETURNING sequence
"""
INSERT_DELIVERY = """
    INSERT INTO event_delivery (sequence, handler, subject, status, attempts, due_at)
    VALUES (?, 'handler', ?, 'pending', 0, ?)
"""
CLAIM = """
    SELECT d.status, d.attempts, e.topic, e.data
    FROM event_delivery d JOIN domain_event e ON e.sequence = d.sequence
    WHERE d.sequence = ? AND d.handler = 'handler'
"""
MARK_DONE = """
    UPDATE event_delivery SET status = 'done', attempts = attempts + 1, done_at = ?
    WHERE sequence = ? AND handler = 'handler'
"""
Once = Callable[[int], float]


class NoBroker(Exception):
    """There is no RabbitMQ to measure with; the message says why."""


class _Bare:
    """One connection of the bare driver, set up as the product's are."""

    def __init__(self, url: str) -> None:
        parsed = database_url(url)
        self._is_postgres = parsed.get_backend_name() == POSTGRESQL
        if self._is_postgres:
            plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection: Any = psycopg.connect(plain, prepare_threshold=2)
        else:
            self._connection = sqlite3.connect(
                str(parsed.database), isolation_level=None, check_same_thread=False
            )
            for pragma in SQLITE_PRAGMAS:
                self._connection.execute(pragma)

    def record(self, number: int) -> int:
        """Write one event and its delivery, and commit; its sequence."""
        subject, now = f"lead-{number}", self._now()
        data = json.dumps({"lead_key": subject, "score": 50, "reasons": []})
        self._begin()
        row = self._run(INSERT_EVENT, (str(uuid.uuid4()), subject, data, now)).fetchone()
        self._run(INSERT_DELIVERY, (row[0], subject, now))
        self._connection.commit()
        return row[0]

    def handle(self, sequence: int) -> None:
        """Claim the delivery, decode the event, and mark it as done."""
        self._begin()
        claim = CLAIM + " FOR UPDATE OF d SKIP LOCKED" if self._is_postgres else CLAIM
        json.loads(self._run(claim, (sequence,)).fetchone()[3])
        self._run(MARK_DONE, (self._now(), sequence))
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()

    def _begin(self) -> None:
        if not self._is_postgres:
            self._connection.execute("BEGIN IMMEDIATE")

    def _run(self, text: str, values: Sequence[Any]) -> Any:
        return self._connection.execute(
            text.replace("?", "%s") if self._is_postgres else text, values
        )

    def _now(self) -> Any:
        now = datetime.now(UTC)
        return now if self._is_postgres else now.isoformat(timespec="microseconds")


@contextmanager
def bare(url: str) -> Iterator[Once]:
    """A thread that is handed each event as soon as it is committed."""
    recorder, handler = _Bare(url), _Bare(url)
    committed: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[float] = queue.SimpleQueue()

    def serve() -> None:
        while (sequence := committed.get()) is not None:
            handler.handle(sequence)
            done.put(time.perf_counter())

    def once(number: int) -> float:
        sequence = recorder.record(number)
        begin = time.perf_counter()
        committed.put(sequence)
        return done.get(timeout=PATIENCE_SECONDS) - begin

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield once
    finally:
        committed.put(None)
        thread.join()
        recorder.close()
        handler.close()


@contextmanager
def bare_rabbit(url: str) -> Iterator[Once]:
    """Each event published with confirmation to a quorum queue, and handled from there."""
    recorder, handler = _Bare(url), _Bare(url)
    try:
        with own_prefix(("queue",), ()) as prefix, asyncio.Runner() as runner:
            way = _BareRabbit(f"{prefix}.queue", handler)
            runner.run(way.open())
            try:
                yield lambda number: runner.run(way.once(recorder.record(number)))
            finally:
                runner.run(way.close())
    finally:
        recorder.close()
        handler.close()


class _BareRabbit:
    """A connection that publishes, and one that consumes."""

    def __init__(self, queue_name: str, handler: _Bare) -> None:
        self._queue_name = queue_name
        self._handler = handler
        self._done: asyncio.Queue[float] = asyncio.Queue()

    async def open(self) -> None:
        self._publisher = await aio_pika.connect(RABBITMQ_URL)
        self._consumer = await aio_pika.connect(RABBITMQ_URL)
        self._out = await self._publisher.channel()
        inward = await self._consumer.channel()
        await inward.set_qos(prefetch_count=1)
        quorum: dict[str, Any] = {"x-queue-type": "quorum"}
        declared = await inward.declare_queue(self._queue_name, durable=True, arguments=quorum)
        await declared.consume(self._handle)

    async def once(self, sequence: int) -> float:
        begin = time.perf_counter()
        message = aio_pika.Message(
            str(sequence).encode(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT
        )
        await self._out.default_exchange.publish(message, self._queue_name)
        return await asyncio.wait_for(self._done.get(), PATIENCE_SECONDS) - begin

    async def close(self) -> None:
        await self._publisher.close()
        await self._consumer.close()

    async def _handle(self, message: AbstractIncomingMessage) -> None:
        self._handler.handle(int(message.body))
        self._done.put_nowait(time.perf_counter())
        await message.ack()


@contextmanager
def own_prefix(queues: Sequence[str], exchanges: Sequence[str]) -> Iterator[str]:
    """A prefix for names in RabbitMQ; what was made under it is deleted after. Raises NoBroker."""
    prefix = f"trex_bench_{uuid.uuid4().hex[:12]}"
    try:
        asyncio.run(_delete(prefix, (), ()))
    except OSError as error:
        raise NoBroker(str(error).partition("\n")[0]) from error
    try:
        yield prefix
    finally:
        asyncio.run(_delete(prefix, queues, exchanges))


async def _delete(prefix: str, queues: Sequence[str], exchanges: Sequence[str]) -> None:
    connection = await aio_pika.connect(RABBITMQ_URL, timeout=10)
    async with connection:
        channel = await connection.channel()
        for name in queues:
            await channel.queue_delete(f"{prefix}.{name}")
        for name in exchanges:
            await channel.exchange_delete(f"{prefix}.{name}")
