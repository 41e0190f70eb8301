"""Column types that both databases read back as the same Python values."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from trex_app.db.statements import POSTGRESQL


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time: timestamptz in PostgreSQL, sortable ISO 8601 text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column in this dialect."""
        if dialect.name == POSTGRESQL:
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """What the driver is given."""
        return None if value is None else driver_time(value, dialect.name)

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        """What the application is given."""
        return None if value is None else utc_time(value)


def iso_time(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds, so that text sorts as time does."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")


def driver_time(moment: datetime, dialect: str) -> datetime | str:
    """The value a driver takes for a UtcDateTime column."""
    return moment if dialect == POSTGRESQL else iso_time(moment)


def utc_time(value: datetime | str) -> datetime:
    """The time behind what a driver returned for a UtcDateTime column."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)
