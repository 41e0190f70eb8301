"""Leases: which process does what only one may do at a time."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime


class LeaseRow(SQLModel, table=True):
    """One duty, and who has it until when."""

    __tablename__ = "lease"  # pyright: ignore[reportAssignmentType]

    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(max_length=80)
    until: datetime = Field(sa_type=UtcDateTime)
