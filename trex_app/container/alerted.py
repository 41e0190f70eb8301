"""The counters that deploy/alerts.yml watches, there with 0 before anything has happened."""

from itertools import product

from trex_app.core.telemetry import EVENT_DELIVERIES, LEADS, MESSAGES
from trex_app.messaging.delivery import Outcome
from trex_app.messaging.subscriptions import SUBSCRIPTIONS
from trex_app.services.contacts import Channel
from trex_app.services.lead_states import LeadStatus
from trex_app.services.messages import PARKED, Purpose
from trex_app.services.refusals import NOTHING_KNOWN, count_from_zero


def count_all_from_zero() -> None:
    """Have everything counted that an alert asks about.

    It asks how much a counter grew, and one that appears with its first event did not grow.
    """
    for status in LeadStatus:
        LEADS.labels(status)
    for purpose, channel in product(Purpose, Channel):
        MESSAGES.labels(purpose, channel, PARKED)
    for handler, topics in SUBSCRIPTIONS.items():
        for topic in topics:
            EVENT_DELIVERIES.labels(handler, topic, Outcome.PARKED)
    count_from_zero(NOTHING_KNOWN.workflow)
