"""The hours in which nobody's phone should sound, by the market's clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` to `end`, past midnight where `end` is the earlier one; equal means never."""

    begin: time
    end: time
    zone: ZoneInfo

    @classmethod
    def parse(cls, hours: str, time_zone: str) -> Self:
        """Read the setting's form: 21:00-08:00."""
        begin, _, end = hours.partition("-")
        return cls(time.fromisoformat(begin), time.fromisoformat(end), ZoneInfo(time_zone))

    def end_of(self, now: datetime) -> datetime | None:
        """When the quiet hours that `now` lies in end, in UTC; None outside of them."""
        local = now.astimezone(self.zone)
        clock = local.time()
        spans_midnight = self.end < self.begin
        if spans_midnight:
            is_quiet = clock >= self.begin or clock < self.end
        else:
            is_quiet = self.begin <= clock < self.end
        if not is_quiet:
            return None
        nights = timedelta(days=1 if spans_midnight and clock >= self.begin else 0)
        return datetime.combine(local.date() + nights, self.end, self.zone).astimezone(UTC)
