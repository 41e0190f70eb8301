"""Of when saved data is, as people read it."""

from datetime import date

import pytest

from trex_app.services.freshness import saved_note

SAVED = {"source": "saved", "as_of": "2026-03-02T20:02:00+00:00"}


@pytest.mark.parametrize(
    ("today", "locale", "shown"),
    [
        (date(2026, 3, 2), "en", "from 14:02 CST;"),
        (date(2026, 3, 4), "en", "from Mar 2, 2026, 14:02 CST;"),
        (date(2026, 3, 4), "de", "von 2.3.2026, 14:02 CST;"),
    ],
)
def test_the_time_is_that_of_the_data(today: date, locale: str, shown: str) -> None:
    assert shown in saved_note(SAVED, today, locale)


def test_live_data_needs_no_note() -> None:
    assert saved_note({**SAVED, "source": "live"}, date(2026, 3, 2), "en") == ""


def test_data_without_a_time_is_from_earlier() -> None:
    assert "from earlier;" in saved_note({"source": "saved"}, date(2026, 3, 2), "en")


@pytest.mark.parametrize(("locale", "who"), [("en", "the dealer checks"), ("de", "Händler prüft")])
def test_nothing_is_promised_that_only_the_dealer_does(locale: str, who: str) -> None:
    assert who in saved_note(SAVED, date(2026, 3, 2), locale)
