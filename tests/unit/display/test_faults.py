"""What a person is told of an error, and of each field to mend."""

import pytest

from trex_app.core.errors import FieldError, RateLimited, SessionExpired
from trex_app.display.faults import fault_line, sentence


def test_a_sentence_is_filled_in_after_it_was_translated() -> None:
    assert "17" in sentence(RateLimited(17), "en")
    assert sentence(RateLimited(17), "de").startswith("Zu viele Anfragen")


def test_a_sentence_without_anything_to_fill_in_may_hold_braces() -> None:
    assert sentence(FieldError("name", "odd", "Take out the {."), "en") == "Take out the {."


def test_an_error_speaks_the_language_it_is_asked_for() -> None:
    assert sentence(SessionExpired(), "de") != sentence(SessionExpired(), "en")


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Make", "Make: Fill this in."),
        ("Do you have a buyer?", "Do you have a buyer? Fill this in."),
        ("I agree.", "I agree. Fill this in."),
    ],
)
def test_a_line_of_the_summary_reads_like_a_sentence(title: str, line: str) -> None:
    assert fault_line(title, "Fill this in.") == line
