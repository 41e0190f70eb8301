"""Which way events travel in this installation: through threads of ours, or through RabbitMQ."""

import secrets
from typing import Protocol

from pydantic import SecretStr

from trex_app.core.clock import Clock
from trex_app.db.transaction import Database
from trex_app.messaging.delivery import Deliveries
from trex_app.messaging.local import LocalDelivery
from trex_app.messaging.registry import Registry
from trex_app.messaging.relay import Relay


class EventDelivery(Protocol):
    """Delivers events between `start` and `stop`."""

    def start(self) -> None:
        """Begin, with what was left waiting."""
        ...

    def stop(self) -> None:
        """Finish what is being handled; the rest waits for the next start."""
        ...


def choose_delivery(
    database: Database, registry: Registry, clock: Clock, broker_url: SecretStr | None, process: str
) -> EventDelivery:
    """Through RabbitMQ where a broker is set, else locally. `process` is what logs call it."""
    deliveries = Deliveries(database, registry, clock)
    if broker_url is None:
        return LocalDelivery(database, deliveries)
    # Its library is loaded where it is used: everything else starts faster without.
    from trex_app.messaging.broker import BrokerDelivery

    # Two processes may have been given the same name; only one of them may have a duty.
    holder = f"{process[:60]}/{secrets.token_hex(4)}"
    relay = Relay(database, registry, clock, holder)
    return BrokerDelivery(database, deliveries, relay, broker_url.get_secret_value())
