"""Versions of workflows that sessions use, and which of them is published."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, String
from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime


class WorkflowVersionRow(SQLModel, table=True):
    """One version. `sources` holds the source of every workflow it reaches, by id.

    `texts` is what its texts were in other languages when it was kept; a later release may say
    things otherwise, and know the German of its own words only.
    """

    __tablename__ = "workflow_version"  # pyright: ignore[reportAssignmentType]

    hash: str = Field(primary_key=True, max_length=64)
    workflow_id: str = Field(max_length=80, index=True)
    behaviour_hash: str = Field(max_length=64)
    sources: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    texts: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    created_at: datetime = Field(sa_type=UtcDateTime)


class PublicationRow(SQLModel, table=True):
    """One publication; the newest of a workflow is the one new sessions start with."""

    __tablename__ = "publication"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_publication_workflow", "workflow_id", "publication_id"),)

    publication_id: int | None = Field(default=None, primary_key=True)
    workflow_id: str = Field(max_length=80)
    hash: str = Field(
        sa_column=Column(String(64), ForeignKey("workflow_version.hash"), nullable=False)
    )
    published_at: datetime = Field(sa_type=UtcDateTime)
