"""Leads: what people sent off, and how far each has travelled."""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Index, String, text
from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime

KEPT = "details IS NOT NULL"
"""Not erased."""


def _lead_key() -> Column[str]:
    return Column(String(64), ForeignKey("lead.key", ondelete="CASCADE"), primary_key=True)


class LeadRow(SQLModel, table=True):
    """One lead, by the key of the effect that sent it.

    It outlives its session: `details` (who, about what) is encrypted with a key of its own, and
    unreadable once `wrapped_key` was destroyed.
    """

    __tablename__ = "lead"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("ix_lead_kept", "created_at", sqlite_where=text(KEPT), postgresql_where=text(KEPT)),
    )

    key: str = Field(primary_key=True, max_length=64)
    reference: str = Field(max_length=16, index=True)
    session_id: str = Field(max_length=64, index=True)
    journey: str = Field(max_length=80)
    tenant: str | None = Field(default=None, max_length=80)
    status: str = Field(max_length=16, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    wrapped_key: bytes | None = None
    details: bytes | None = None
    kind: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})
    locale: str = Field(default="en", max_length=12, sa_column_kwargs={"server_default": "en"})
    round: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often its travels were taken up again: each round is a job of its own."""
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a parked lead goes on by itself."""
    score: int | None = None
    score_reasons: str | None = Field(default=None, max_length=400)
    """A JSON list of reason codes."""
    trip: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often it was sent off anew after it was undone: part of the keys partners know it by."""
    trip_began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when it travels, or is being undone; null where no partner was ever to get it."""
    undo_status: str | None = Field(default=None, max_length=16)
    """Set while its travels are undone: the status that ends in."""


class LeadStepRow(SQLModel, table=True):
    """One step of a lead's travels, in the order of `number`. `error` names no personal data."""

    __tablename__ = "lead_step"  # pyright: ignore[reportAssignmentType]

    lead_key: str = Field(sa_column=_lead_key())
    name: str = Field(primary_key=True, max_length=40)
    number: int
    status: str = Field(max_length=16)
    attempts: int
    error: str | None = Field(default=None, max_length=200)
    started_at: datetime = Field(sa_type=UtcDateTime)


class CrmRecordRow(SQLModel, table=True):
    """A lead's record in the CRM: what is wanted of it, and how the job that sees to it stands."""

    __tablename__ = "crm_record"  # pyright: ignore[reportAssignmentType]

    lead_key: str = Field(sa_column=_lead_key())
    is_wanted: bool
    """Whether it is to be there; else it is to be withdrawn."""
    trip: int
    """The trip of the lead that wants it, or wants it withdrawn."""
    record_trip: int
    """The trip that the record's idempotency key is of."""
    record_ids: dict[str, str] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    """The CRM's own id of each record that it named, by the trip that the record's key is of."""
    round: int
    status: str = Field(max_length=16, index=True)
    """A `StepStatus`."""
    attempts: int
    error: str | None = Field(default=None, max_length=200)
    waits_since: datetime = Field(sa_type=UtcDateTime)
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class LeadDealerRow(SQLModel, table=True):
    """One dealer a lead is for. The dealer's own row may go; the lead keeps the id."""

    __tablename__ = "lead_dealer"  # pyright: ignore[reportAssignmentType]

    lead_key: str = Field(sa_column=_lead_key())
    dealer_id: str = Field(primary_key=True, max_length=64)
    rank: int
    status: str = Field(
        default="assigned", max_length=16, sa_column_kwargs={"server_default": "assigned"}
    )
    """A `DealerStatus`."""
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    key_trip: int | None = None
    """The earlier trip under whose key it may have taken the lead; null: the present one counts."""
