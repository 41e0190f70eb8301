"""How events travel is chosen by one setting."""

from pydantic import SecretStr

from tests.event_post import Post
from trex_app.messaging.broker import BrokerDelivery
from trex_app.messaging.chosen import choose_delivery
from trex_app.messaging.local import LocalDelivery


def chosen(post: Post, broker_url: SecretStr | None):
    return choose_delivery(post.database, post.registry, post.clock, broker_url, "p" * 80)


def test_without_a_broker_events_are_delivered_locally(post: Post) -> None:
    assert isinstance(chosen(post, None), LocalDelivery)


def test_with_a_broker_they_travel_through_it(post: Post) -> None:
    delivery = chosen(post, SecretStr("amqp://nobody:nothing@127.0.0.1:1/"))
    assert isinstance(delivery, BrokerDelivery)
    # Away from the beginning: starting and stopping work all the same.
    delivery.start()
    delivery.stop()
