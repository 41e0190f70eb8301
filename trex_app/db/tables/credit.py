"""Credit checks: what the bureau was asked, and what it decided."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime

OPEN = "decision IS NULL AND wrapped_key IS NOT NULL"
"""Waits for the bureau, for somebody who was not erased."""


class CreditCheckRow(SQLModel, table=True):
    """One request to the bureau, by the key of the effect that made it.

    `request` and `decision` are encrypted with a key of their own; `decision` is null while the
    bureau has not answered.
    """

    __tablename__ = "credit_check"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("ix_credit_check_open", "key", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )

    key: str = Field(primary_key=True, max_length=64)
    session_id: str = Field(max_length=64, index=True)
    frame: str = Field(max_length=400)
    step: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wrapped_key: bytes | None = None
    request: bytes | None = None
    decision: bytes | None = None
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often the bureau was asked."""
    give_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a decision that has not come is no longer waited for."""


class WebhookReceiptRow(SQLModel, table=True):
    """One signed message that a partner sent us, by its signature: a repeat changes nothing."""

    __tablename__ = "webhook_receipt"  # pyright: ignore[reportAssignmentType]

    partner: str = Field(primary_key=True, max_length=20)
    signature: str = Field(primary_key=True, max_length=80)
    received_at: datetime = Field(sa_type=UtcDateTime, index=True)
