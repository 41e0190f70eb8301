"""The relay: everything reaches the broker, in order, from one process at a time."""

from collections.abc import Callable

import pytest

from tests.event_post import Post, cancelled, delivered, scored
from trex_app.messaging.delivery import Outcome
from trex_app.messaging.events import Event
from trex_app.messaging.publishing import Notice, address_of
from trex_app.messaging.relay import LEASE, PATIENCE, Relay


class Broker:
    """Notes what it is given, and can be away."""

    def __init__(self) -> None:
        self.published: list[str] = []
        self.sent_to: list[tuple[str, str]] = []
        self.fault: Callable[[], None] = lambda: None

    async def publish(self, notice: Notice) -> None:
        self.fault()
        self.published.append(f"{notice.topic} {notice.subject}")

    async def publish_to(self, handler: str, notice: Notice) -> None:
        self.fault()
        self.sent_to.append((handler, notice.subject))


@pytest.fixture
def broker() -> Broker:
    return Broker()


def relay_of(post: Post, holder: str = "one") -> Relay:
    return Relay(post.database, post.registry, post.clock, holder)


async def test_events_are_published_once_in_the_order_of_recording(
    post: Post, broker: Broker
) -> None:
    relay = relay_of(post)
    post.record(scored("a"), cancelled("b"), delivered("a"))
    await relay.run(broker)
    await relay.run(broker)
    assert broker.published == ["LeadScored a", "LeadCancelled b", "LeadDelivered a"]
    await relay.stop()


async def test_what_the_broker_did_not_confirm_is_published_again(
    post: Post, broker: Broker
) -> None:
    relay = relay_of(post)
    post.record(scored("a"), scored("b"))

    def away_after_one() -> None:
        if broker.published:
            raise ConnectionError

    broker.fault = away_after_one
    with pytest.raises(ConnectionError):
        await relay.run(broker)
    broker.fault = lambda: None
    await relay.run(broker)
    assert broker.published == ["LeadScored a", "LeadScored b"]
    await relay.stop()


async def test_one_process_publishes_until_it_stops_or_is_gone(post: Post, broker: Broker) -> None:
    first, second = relay_of(post, "first"), relay_of(post, "second")
    await first.run(broker)
    post.record(scored("a"))
    await second.run(broker)
    assert broker.published == []
    post.now += LEASE
    await second.run(broker)
    assert broker.published == ["LeadScored a"]
    await second.stop()
    post.record(scored("b"))
    await first.run(broker)
    assert broker.published == ["LeadScored a", "LeadScored b"]
    await first.stop()


async def test_a_failed_delivery_is_published_again_when_it_is_due(
    post: Post, broker: Broker
) -> None:
    def fail(_handler: str, _event: Event) -> None:
        raise ValueError

    relay = relay_of(post)
    post.record(cancelled("a"))
    await relay.run(broker)
    post.fault = fail
    assert post.deliver_due("third") == [Outcome.FAILED]
    await relay.run(broker)
    assert broker.sent_to == []
    post.wait(seconds=1)
    for _ in range(3):
        await relay.run(broker)
    assert broker.sent_to == [("third", "a")]
    await relay.stop()


async def test_a_replayed_event_is_published_again(post: Post, broker: Broker) -> None:
    relay = relay_of(post)
    post.record(cancelled("a"))
    await relay.run(broker)
    post.deliveries.park_given_up("third", post.sequences()[0])
    post.wait(seconds=PATIENCE.total_seconds() + 1)
    await relay.run(broker)
    assert broker.sent_to == []
    await post.records.replay()
    await relay.run(broker)
    assert broker.sent_to == [("third", "a")]
    await relay.stop()


async def test_an_event_whose_message_got_lost_is_published_again_after_a_while(
    post: Post, broker: Broker
) -> None:
    relay = relay_of(post)
    post.record(scored("a"), delivered("a"))
    await relay.run(broker)
    post.drain("second")
    post.wait(seconds=PATIENCE.total_seconds() + 1)
    await relay.run(broker)
    assert broker.sent_to == [("first", "a")]
    await relay.stop()


async def test_the_relay_says_when_there_may_be_more(
    post: Post, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trex_app.messaging.relay.AT_A_TIME", 2)
    relay = relay_of(post)
    post.record(scored("a"), scored("b"), scored("c"))
    assert [await relay.run(broker), await relay.run(broker)] == [True, False]
    await relay.stop()


async def test_a_message_carries_what_a_consumer_needs(post: Post) -> None:
    seen: list[Notice] = []

    class Looking(Broker):
        async def publish(self, notice: Notice) -> None:
            seen.append(notice)

    relay = relay_of(post)
    post.record(scored("a"))
    await relay.run(Looking())
    address = address_of(seen[0].body())
    assert address == (post.sequences()[0], "a")
    await relay.stop()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"sequence": "1", "subject": "a"}'])
def test_a_message_of_somebody_else_is_told_apart(body: bytes) -> None:
    assert address_of(body) is None
