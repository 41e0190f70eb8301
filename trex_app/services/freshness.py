"""Saying that saved data is shown, and of when it is."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from trex_app.core.market import MARKET
from trex_app.core.texts import translate
from trex_app.core.values import format_date

SHOWN_AS_SAVED: Final = (
    "The live search is not answering. You see saved results from {as_of}; "
    "the dealer checks that the vehicle is still available."
)


def saved_note(data: Mapping[str, Any], today: date, locale: str) -> str:
    """The sentence that belongs to saved data; empty for live data.

    The time is that of the data by the market's clock, with the day where that is not `today`
    (the day in UTC on which the person looks).
    """
    if data.get("source") != "saved":
        return ""
    return translate(SHOWN_AS_SAVED, locale).format(as_of=_moment(data.get("as_of"), today, locale))


def _moment(as_of: str | None, today: date, locale: str) -> str:
    if as_of is None:
        return translate("earlier", locale)
    moment = datetime.fromisoformat(as_of)
    local = moment.astimezone(ZoneInfo(MARKET.time_zone))
    time = f"{local:%H:%M} {local.tzname()}"
    return time if moment.date() == today else f"{format_date(local.date(), locale)}, {time}"
