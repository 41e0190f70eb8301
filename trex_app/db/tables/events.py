"""Domain events: facts recorded with the change that made them true, and who has heard of them."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer
from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime


class DomainEventRow(SQLModel, table=True):
    """One fact. `data` is JSON without personal data; `subject` is what it is about.

    Events of one subject are delivered in the order of `sequence`.
    """

    __tablename__ = "domain_event"  # pyright: ignore[reportAssignmentType]

    sequence: int | None = Field(
        default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True)
    )
    event_id: str = Field(max_length=36, unique=True)
    topic: str = Field(max_length=60)
    subject: str = Field(max_length=64, index=True)
    data: str
    correlation_id: str | None = Field(default=None, max_length=80)
    traceparent: str | None = Field(default=None, max_length=55)
    """The W3C trace context of what recorded it; null where nothing was traced."""
    recorded_at: datetime = Field(sa_type=UtcDateTime, index=True)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """When a message broker confirmed it; null where none is in use."""


class EventDeliveryRow(SQLModel, table=True):
    """One event on its way to one handler: pending, done or parked."""

    __tablename__ = "event_delivery"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("ix_event_delivery_waiting", "handler", "status", "sequence"),
        Index("ix_event_delivery_order", "handler", "subject", "sequence"),
    )

    sequence: int = Field(
        sa_column=Column(
            Integer, ForeignKey("domain_event.sequence", ondelete="CASCADE"), primary_key=True
        )
    )
    handler: str = Field(primary_key=True, max_length=40)
    subject: str = Field(max_length=64)
    status: str = Field(max_length=16)
    attempts: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime)
    error: str | None = Field(default=None, max_length=200)
    """Why it was last refused, without personal data."""
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class FunnelCountRow(SQLModel, table=True):
    """How many journeys of a day did something at a step; `step` is empty for the whole journey."""

    __tablename__ = "funnel_count"  # pyright: ignore[reportAssignmentType]

    day: str = Field(primary_key=True, max_length=10)
    workflow_id: str = Field(primary_key=True, max_length=80)
    step: str = Field(primary_key=True, max_length=80)
    what: str = Field(primary_key=True, max_length=20)
    """reached, abandoned or completed."""
    count: int
