"""Tenants: the sites that show journeys in their own pages, and the tickets of their frames."""

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, LargeBinary, String
from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime


class TenantRow(SQLModel, table=True):
    """One tenant. Lists and the theme are JSON: they are read as a whole, and never searched."""

    __tablename__ = "tenant"  # pyright: ignore[reportAssignmentType]

    tenant_id: str = Field(primary_key=True, max_length=80)
    name: str = Field(max_length=120)
    origins: list[str] = Field(sa_column=Column(JSON, nullable=False))
    bundle_origins: list[str] = Field(sa_column=Column(JSON, nullable=False))
    default_workflow: str | None = Field(default=None, max_length=80)
    workflows: list[str] = Field(sa_column=Column(JSON, nullable=False))
    theme: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    dealer_ids: list[str] = Field(sa_column=Column(JSON, nullable=False))
    may_share_answers: bool
    may_be_framed: bool
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class EmbedTicketRow(SQLModel, table=True):
    """One unused ticket, by its hash; it is gone once it was used, or some time after its end."""

    __tablename__ = "embed_ticket"  # pyright: ignore[reportAssignmentType]

    ticket_hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    tenant_id: str = Field(
        sa_column=Column(
            String(80), ForeignKey("tenant.tenant_id", ondelete="CASCADE"), nullable=False
        )
    )
    host_origin: str = Field(max_length=300)
    bundle_origin: str | None = Field(default=None, max_length=300)
    session_key: str = Field(max_length=64)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
