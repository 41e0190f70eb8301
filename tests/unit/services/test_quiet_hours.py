"""Quiet hours: by the market's clock, past midnight, and over the change of the clocks."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trex_app.services.quiet_hours import QuietHours

CHICAGO = "America/Chicago"
NIGHT = QuietHours.parse("21:00-08:00", CHICAGO)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    """A time in Chicago, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=NIGHT.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-03-02T21:00", "2026-03-03T08:00"),
        ("2026-03-02T23:59", "2026-03-03T08:00"),
        ("2026-03-03T00:00", "2026-03-03T08:00"),
        ("2026-03-03T07:59", "2026-03-03T08:00"),
        ("2026-03-08T00:30", "2026-03-08T08:00"),  # the night that loses an hour
        ("2026-10-31T22:00", "2026-11-01T08:00"),  # the night that gains one
    ],
)
def test_the_night_ends_in_the_morning(now: str, end: str) -> None:
    assert NIGHT.end_of(at(now)) == at(end)


@pytest.mark.parametrize("now", ["2026-03-02T08:00", "2026-03-02T12:00", "2026-03-02T20:59"])
def test_the_day_is_not_quiet(now: str) -> None:
    assert NIGHT.end_of(at(now)) is None


def test_quiet_hours_may_lie_within_a_day() -> None:
    noon = QuietHours.parse("12:00-14:00", CHICAGO)
    assert noon.end_of(at("2026-03-02T13:00")) == at("2026-03-02T14:00")
    assert noon.end_of(at("2026-03-02T11:59")) is None
    assert noon.end_of(at("2026-03-02T14:00")) is None


@given(MOMENTS)
def test_equal_hours_mean_never(now: datetime) -> None:
    assert QuietHours.parse("00:00-00:00", CHICAGO).end_of(now) is None


@given(MOMENTS)
def test_the_end_is_ahead_within_a_night_and_is_not_quiet_itself(now: datetime) -> None:
    end = NIGHT.end_of(now)
    if end is not None:
        assert timedelta(0) < end - now <= timedelta(hours=12)
        assert end.astimezone(NIGHT.zone).time() == time(8)
        assert NIGHT.end_of(end) is None
