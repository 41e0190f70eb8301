"""What follows from events: the function behind each handler's name."""

from trex_app.core.clock import Clock
from trex_app.core.crypto import Keyring
from trex_app.messaging.registry import Registry
from trex_app.messaging.subscriptions import (
    COMMUNICATIONS,
    DEALER_ROUTING,
    JOURNEY_ANALYTICS,
    LEAD_SCORING,
)
from trex_app.services.analytics import Analytics
from trex_app.services.communications import Communications
from trex_app.services.routing import Routing
from trex_app.services.scoring import Scoring


def shipped_handlers(keyring: Keyring, clock: Clock, communications: Communications) -> Registry:
    """Every handler that `messaging.subscriptions` names."""
    return Registry(
        {
            LEAD_SCORING: Scoring(keyring).hear,
            DEALER_ROUTING: Routing(keyring).hear,
            JOURNEY_ANALYTICS: Analytics(clock).hear,
            COMMUNICATIONS: communications.hear,
        }
    )
