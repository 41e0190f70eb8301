"""Time as a value that is passed in, so that no test waits and no rule reads the wall."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Anything that returns the current time as an aware UTC datetime."""


def utc_now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)
