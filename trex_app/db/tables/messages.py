"""Messages: e-mails and texts to people, and how each got on."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime

KEPT = "details IS NOT NULL"
"""Still says what it says: it was not sent."""


class MessageRow(SQLModel, table=True):
    """One message, by an id that follows from what it is for, so that it is written once.

    Whom it goes to and what it says is encrypted with a key of its own. Status: queued, waiting
    (for the end of quiet hours), sent, parked (every channel failed), suppressed (no consent).
    """

    __tablename__ = "message"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "ix_message_kept",
            "created_at",
            sqlite_where=text(KEPT),
            postgresql_where=text(KEPT),
        ),
    )

    message_id: str = Field(primary_key=True, max_length=80)
    purpose: str = Field(max_length=30)
    session_id: str = Field(max_length=64, index=True)
    lead_key: str | None = Field(default=None, max_length=64, index=True)
    tenant: str | None = Field(default=None, max_length=80)
    channel: str = Field(max_length=10)
    locale: str = Field(max_length=12)
    status: str = Field(max_length=16, index=True)
    attempts: int = 0
    round: int = 0
    error: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wrapped_key: bytes | None = None
    details: bytes | None = None
