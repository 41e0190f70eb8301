"""Delivery through RabbitMQ: a relay publishes, a queue for each handler brings events to workers.

The messages only say that there is something to do. What is done, and in which order, the
database knows: a message that comes twice, late, or behind its successor changes nothing.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog
from aio_pika import RobustConnection
from faststream.exceptions import RejectMessage
from faststream.middlewares import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage

from trex_app.core.errors import Unavailable
from trex_app.core.outages import Outage
from trex_app.db.transaction import Database
from trex_app.messaging.delivery import Deliveries, Outcome
from trex_app.messaging.publishing import Address, Notice, address_of
from trex_app.messaging.relay import Relay
from trex_app.messaging.topology import Topology

log = structlog.get_logger(__name__)

POLL_SECONDS: Final = 0.5
PAUSE_SECONDS: Final = 1.0
PUBLISH_TIMEOUT_SECONDS: Final = 10.0
LAG_EVERY: Final = 10
"""At every how many looks for news the lag is measured."""


class BrokerDelivery:
    """Delivers events through RabbitMQ, between `start` and `stop`, on a thread of its own.

    While the broker is away events wait in the database; delivery goes on by itself.
    """

    def __init__(
        self,
        database: Database,
        deliveries: Deliveries,
        relay: Relay,
        url: str,
        prefix: str = "trex",
    ) -> None:
        self._deliveries = deliveries
        self._relay = relay
        self._url = url
        self._topology = Topology(prefix, deliveries.registry.subscriptions)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._outage = Outage()
        self._is_stopping = False
        self._news = self._end = asyncio.Event()
        database.listen(self._wake)

    def start(self) -> None:
        """Begin; connecting may take as long as the broker is away."""
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="events-broker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being handled; the rest waits for the next start."""
        self._is_stopping = True
        self._call(self._end.set)
        self._wake()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _wake(self) -> None:
        self._call(self._news.set)

    def _call(self, callback: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None:
            # The loop may end at this very moment; then nobody waits for it.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(callback)

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._news, self._end = asyncio.Event(), asyncio.Event()
            self._loop = runner.get_loop()
            runner.run(self._serve())
            self._loop = None

    async def _serve(self) -> None:
        while not self._is_stopping:
            try:
                await self._session()
            except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001
                # The broker's library raises many kinds, and cancels what waits for a connection
                # that has gone silent. Nobody else cancels this.
                self._note_away(error)
            await self._pause()
        with contextlib.suppress(Unavailable):
            await self._relay.stop()

    def _note_away(self, error: BaseException) -> None:
        since = self._outage.begin()
        if since is not None:
            log.warning("event_broker_away", error=type(error).__name__, since=since.isoformat())

    async def _pause(self) -> None:
        """Give the broker or the database a moment."""
        if not self._is_stopping:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._end.wait(), PAUSE_SECONDS)

    async def _session(self) -> None:
        """One connection, from its start until it is lost or delivery is to stop."""
        lost = asyncio.Event()
        async with self._connected(lost) as broker:
            await self._topology.declare(broker)
            await broker.start()
            away = self._outage.end() or timedelta()
            log.info("event_broker_connected", away_seconds=round(away.total_seconds(), 1))
            await self._relay_until(lost, _Outbox(broker, self._topology))

    @contextlib.asynccontextmanager
    async def _connected(self, lost: asyncio.Event) -> AsyncGenerator[RabbitBroker]:
        """A broker with its connection, which is closed whatever becomes of it."""
        broker = self._connectable(lost)
        try:
            await broker.connect()
            yield broker
        finally:
            try:
                await broker.stop()
            finally:
                await broker.close_connections()

    def _connectable(self, lost: asyncio.Event) -> "_Broker":
        def close(*_: object) -> None:
            lost.set()
            self._news.set()

        broker = _Broker(
            self._url,
            default_channel=Channel(on_return_raises=True),
            ack_policy=AckPolicy.NACK_ON_ERROR,
            on_close=[close],
            timeout=PUBLISH_TIMEOUT_SECONDS,
            reconnect_interval=PAUSE_SECONDS,
            apply_types=False,
            logger=None,
        )
        for handler in self._deliveries.registry.names:
            self._subscribe(broker, self._topology.queue(handler), partial(self._consume, handler))
        self._subscribe(broker, self._topology.dead_letters, self._bury)
        return broker

    def _subscribe(self, broker: RabbitBroker, queue: Any, consume: Callable[..., Any]) -> None:
        """One message at a time: a slow handler then takes one thread, and order is cheap."""

        async def on_message(letter: Any) -> None:
            await consume(letter)

        channel = Channel(prefetch_count=1)
        broker.subscriber(queue, channel=channel, decoder=_opened, no_reply=True)(on_message)

    async def _relay_until(self, lost: asyncio.Event, outbox: "_Outbox") -> None:
        looks = 0
        while not (lost.is_set() or self._is_stopping):
            self._news.clear()
            has_more = False
            try:
                has_more = await self._relay.run(outbox)
                if looks % LAG_EVERY == 0:
                    await asyncio.to_thread(self._measure_lags)
            except Unavailable:
                # That it is away is said where it is found out.
                log.debug("events_wait_for_the_database")
            looks += 1
            if not has_more:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), POLL_SECONDS)

    def _measure_lags(self) -> None:
        for handler in self._deliveries.registry.names:
            self._deliveries.measure_lag(handler)

    async def _consume(self, handler: str, letter: "_Letter") -> None:
        """Handle what waits about the subject. Raises RejectMessage for what is given up."""
        if letter.address is None:
            raise RejectMessage(requeue=False)
        sequence, subject = letter.address
        outcome, last = await self._patiently(
            partial(self._deliveries.deliver_subject, handler, subject)
        )
        if outcome is Outcome.PARKED and last == sequence:
            raise RejectMessage(requeue=False)

    async def _bury(self, letter: "_Letter") -> None:
        """Park what the broker gave up, so that it is listed with everything else that is parked.

        The dead letter itself stays in the parking queue for whoever wants to look at it.
        """
        handler = self._topology.handler_of(letter.died_in)
        if letter.address is None or handler is None:
            log.warning("event_message_unreadable", queue=letter.died_in)
        elif letter.is_given_up:
            sequence = letter.address.sequence
            await self._patiently(partial(self._deliveries.park_given_up, handler, sequence))

    async def _patiently(self, work: Callable[[], Any]) -> Any:
        """The outcome of `work`, as soon as the database answers.

        A message that was given back would return at once, and count as tried.
        """
        while True:
            try:
                return await asyncio.to_thread(work)
            except Unavailable:
                if self._is_stopping:
                    raise
                await self._pause()


class _Broker(RabbitBroker):
    """Keeps hold of its connections.

    FastStream loses sight of one that could not be made, whose first channel could not be opened,
    or whose consumers could not be ended: it would stay open, and go on trying to connect.
    """

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(url, **options)
        self._opened: list[RobustConnection] = []
        self._connection_kwargs["connection_class"] = self._open

    async def close_connections(self) -> None:
        """Close what is still open of them, each whatever becomes of the others."""
        async with contextlib.AsyncExitStack() as closing:
            while self._opened:
                closing.push_async_callback(self._opened.pop().close)

    def _open(self, *args: Any, **options: Any) -> RobustConnection:
        connection = RobustConnection(*args, **options)
        self._opened.append(connection)
        return connection


class _Letter:
    """A message as a consumer sees it, and where it died, if it did."""

    def __init__(self, message: RabbitMessage) -> None:
        self.address: Address | None = address_of(message.body)
        deaths: list[dict[str, Any]] = message.headers.get("x-death") or [{}]
        self.died_in = str(deaths[0].get("queue", ""))
        self.is_given_up = deaths[0].get("reason") == "delivery_limit"


async def _opened(message: RabbitMessage) -> _Letter:
    return _Letter(message)


class _Outbox:
    """Publishes with the broker's confirmation."""

    def __init__(self, broker: RabbitBroker, topology: Topology) -> None:
        self._broker = broker
        self._topology = topology

    async def publish(self, notice: Notice) -> None:
        """To every handler of the topic. Raises FastStreamException, TimeoutError and AMQP's."""
        await self._send(
            notice,
            exchange=self._topology.events,
            routing_key=notice.topic,
            mandatory=self._topology.is_heard(notice.topic),
        )

    async def publish_to(self, handler: str, notice: Notice) -> None:
        """To one handler. Raises as `publish`."""
        await self._send(notice, queue=self._topology.queue(handler), mandatory=True)

    async def _send(self, notice: Notice, **where: Any) -> None:
        await self._broker.publish(
            notice.body(),
            persist=True,
            content_type="application/json",
            headers=notice.headers(),
            message_id=notice.event_id,
            correlation_id=notice.correlation_id or notice.event_id,
            timeout=PUBLISH_TIMEOUT_SECONDS,
            **where,
        )
