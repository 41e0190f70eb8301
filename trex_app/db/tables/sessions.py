"""Sessions: one row a journey; what it holds is encrypted with the session's own key."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime

ALIVE = "status = 'active' AND wrapped_key IS NOT NULL"
"""Under way, and not erased: what of sessions does not become more and more."""
KEPT = "wrapped_key IS NOT NULL"
"""Not erased. `state` says the same, but changes with every submit."""


class SessionRow(SQLModel, table=True):
    """The state of one session, and the head of its history's chain.

    In clear stands only what operations and publishing need. `state` is null and `wrapped_key`
    gone once the person was erased. `filled_count` counts results that came in by `EffectResult`.
    No index covers a column to which most submits give another value: PostgreSQL then updates in
    place (HOT).
    """

    __tablename__ = "session"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("ix_session_workflow", "workflow_id", "status"),
        Index("ix_session_owner", "owner", "workflow_id"),
        Index(
            "ix_session_alive",
            *("workflow_hash", "session_id"),
            sqlite_where=text(ALIVE),
            postgresql_where=text(ALIVE),
        ),
        Index(
            "ix_session_kept",
            *("status", "created_at"),
            sqlite_where=text(KEPT),
            postgresql_where=text(KEPT),
        ),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    session_id: str = Field(primary_key=True, max_length=64)
    workflow_id: str = Field(max_length=80)
    workflow_hash: str = Field(max_length=64)
    status: str = Field(max_length=12)
    frame: str = Field(max_length=400)
    step: str = Field(max_length=80)
    revision: int
    event_count: int
    filled_count: int = 0
    tenant: str | None = Field(default=None, max_length=80)
    owner: str | None = Field(default=None, max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    head: bytes = Field(max_length=32)
    wrapped_key: bytes | None = None
    state: bytes | None = None
