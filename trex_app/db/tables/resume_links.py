"""Resume links: the way back into a session from an e-mail."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, LargeBinary, String
from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime


class ResumeLinkRow(SQLModel, table=True):
    """One link, by the hash of its token; it is gone once it was used or replaced."""

    __tablename__ = "resume_link"  # pyright: ignore[reportAssignmentType]

    token_hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    session_id: str = Field(
        sa_column=Column(
            String(64),
            ForeignKey("session.session_id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        )
    )
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
