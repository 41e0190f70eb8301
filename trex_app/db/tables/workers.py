"""Workers: the processes that run jobs, and when each was last seen alive."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime


class WorkerRow(SQLModel, table=True):
    """One process that runs jobs, by the name its jobs are claimed under."""

    __tablename__ = "worker"  # pyright: ignore[reportAssignmentType]

    executor_id: str = Field(primary_key=True, max_length=80)
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime, index=True)
