"""People: which sessions an address belongs to, so that a person's data can be found."""

from sqlalchemy import Column, ForeignKey, String
from sqlmodel import Field, SQLModel


class PersonIndexRow(SQLModel, table=True):
    """One address given in one session, as a keyed hash of it."""

    __tablename__ = "person_index"  # pyright: ignore[reportAssignmentType]

    hash: str = Field(primary_key=True, max_length=64)
    session_id: str = Field(
        sa_column=Column(
            String(64),
            ForeignKey("session.session_id", ondelete="CASCADE"),
            primary_key=True,
            index=True,
        )
    )
