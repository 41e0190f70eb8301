"""History: what happened to each session, append-only and chained."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Text, text
from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime


def _session_key() -> Column[str]:
    return Column(
        String(64), ForeignKey("session.session_id", ondelete="CASCADE"), primary_key=True
    )


class SessionEventRow(SQLModel, table=True):
    """One fact. `link` chains it to the row before; `personal` is encrypted, `data` is JSON."""

    __tablename__ = "session_event"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "uq_session_event_request",
            "session_id",
            "idempotency_key",
            unique=True,
            sqlite_where=text("idempotency_key IS NOT NULL"),
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
    )

    session_id: str = Field(sa_column=_session_key())
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
    revision: int
    frame: str = Field(max_length=400)
    step: str = Field(max_length=80)
    to_frame: str = Field(max_length=400)
    to_step: str = Field(max_length=80)
    data: str = Field(sa_type=Text)
    personal: bytes | None = None
    idempotency_key: str | None = Field(default=None, max_length=200)
    request_hash: str | None = Field(default=None, max_length=64)
    link: bytes = Field(max_length=32)


class EffectResultRow(SQLModel, table=True):
    """What an effect's job came back with, kept beside the state so that neither waits."""

    __tablename__ = "effect_result"  # pyright: ignore[reportAssignmentType]

    session_id: str = Field(sa_column=_session_key())
    key: str = Field(primary_key=True, max_length=64)
    frame: str = Field(max_length=400)
    step: str = Field(max_length=80)
    value: bytes
    at: datetime = Field(sa_type=UtcDateTime)
