"""The words for where a lead, its steps and its dealers stand."""

from enum import StrEnum


class LeadStatus(StrEnum):
    """Where a lead stands."""

    RECEIVED = "received"
    PROCESSING = "processing"
    DELIVERED = "delivered"
    PARKED = "parked"
    COMPENSATED = "compensated"
    CANCELLED = "cancelled"


class StepStatus(StrEnum):
    """How a step of a lead's travels stands."""

    PENDING = "pending"
    DONE = "done"
    SKIPPED = "skipped"
    PARKED = "parked"
    FAILED = "failed"
    COMPENSATED = "compensated"


class DealerStatus(StrEnum):
    """How a dealer of a lead stands."""

    ASSIGNED = "assigned"
    SENDING = "sending"
    """Whether the lead arrived is not known."""
    DELIVERED = "delivered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FORGOTTEN = "forgotten"
    """Asked to erase it."""
