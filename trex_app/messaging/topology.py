"""What RabbitMQ is to hold: exchanges, and a durable queue for each handler."""

from typing import Final

from faststream.rabbit import ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitQueue

from trex_app.messaging.subscriptions import Subscriptions

DELIVERY_LIMIT: Final = 20
"""How often a message may come back unanswered (its worker died) before it is a dead letter."""
PARKED_FOR_MS: Final = 14 * 24 * 3600 * 1000
PARKED_MAX: Final = 10_000


class Topology:
    """Names and properties, for one installation's prefix.

    Events go to a topic exchange by topic. What a handler's queue gives up goes to a fanout
    exchange with two queues: one that workers read, to list it as parked, and one that keeps it.
    """

    def __init__(self, prefix: str, subscriptions: Subscriptions) -> None:
        self._prefix = prefix
        self._subscriptions = subscriptions
        self.events = RabbitExchange(f"{prefix}.events", type=ExchangeType.TOPIC, durable=True)
        self._dead = RabbitExchange(f"{prefix}.dead", type=ExchangeType.FANOUT, durable=True)
        self.dead_letters = RabbitQueue(f"{prefix}.dead_letters", queue_type=QueueType.QUORUM)
        self.parked = RabbitQueue(
            f"{prefix}.parked",
            queue_type=QueueType.QUORUM,
            arguments={"x-message-ttl": PARKED_FOR_MS, "x-max-length": PARKED_MAX},
        )
        self._queues = {
            handler: RabbitQueue(
                f"{prefix}.{handler}",
                queue_type=QueueType.QUORUM,
                arguments={
                    "x-delivery-limit": DELIVERY_LIMIT,
                    "x-dead-letter-exchange": self._dead.name,
                },
            )
            for handler in subscriptions
        }

    def queue(self, handler: str) -> RabbitQueue:
        """The handler's queue."""
        return self._queues[handler]

    def handler_of(self, queue_name: str) -> str | None:
        """The handler whose queue has this name."""
        handler = queue_name.removeprefix(f"{self._prefix}.")
        return handler if handler in self._queues else None

    def is_heard(self, topic: str) -> bool:
        """Whether any handler hears of the topic."""
        return any(topic in topics for topics in self._subscriptions.values())

    async def declare(self, broker: RabbitBroker) -> None:
        """Create what is missing. Raises what the broker's library raises."""
        events = await broker.declare_exchange(self.events)
        dead = await broker.declare_exchange(self._dead)
        for queue in (self.parked, self.dead_letters):
            await (await broker.declare_queue(queue)).bind(dead)
        for handler, topics in self._subscriptions.items():
            declared = await broker.declare_queue(self._queues[handler])
            for topic in sorted(topics):
                await declared.bind(events, routing_key=topic)
