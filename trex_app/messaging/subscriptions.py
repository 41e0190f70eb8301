"""Who hears of what, as data: each process that records a fact must know it, also one without jobs.

A handler's name stays for good: deliveries that wait in the database are waiting for it.
"""

from collections.abc import Mapping

Subscriptions = Mapping[str, frozenset[str]]
"""Handler name → the topics it hears of."""

LEAD_SCORING = "lead_scoring"
DEALER_ROUTING = "dealer_routing"
JOURNEY_ANALYTICS = "journey_analytics"
COMMUNICATIONS = "communications"

SUBSCRIPTIONS: Subscriptions = {
    LEAD_SCORING: frozenset({"LeadCaptured"}),
    DEALER_ROUTING: frozenset({"LeadCaptured"}),
    JOURNEY_ANALYTICS: frozenset({"JourneyCompleted", "JourneyAbandoned"}),
    COMMUNICATIONS: frozenset(
        {"LeadCancelled", "LeadCompensated", "CreditDecided", "JourneyAbandoned"}
    ),
}
