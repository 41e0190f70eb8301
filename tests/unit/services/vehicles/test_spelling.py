"""Closeness of a typed text to a name."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trex_app.services.vehicles.spelling import BEGINNING, EXACT, LATER_WORD, NEAR_MISS, closeness

words = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=15)


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("rav4", "RAV4", EXACT),
        ("RAV-4", "RAV4", EXACT),
        ("gran", "Grand Cherokee", BEGINNING),
        ("cher", "Grand Cherokee", LATER_WORD),
        ("benz", "Mercedes-Benz", LATER_WORD),
        ("toyta", "Toyota", NEAR_MISS + 1),
        ("tyoota", "Toyota", NEAR_MISS + 1),
        ("chevorlet", "Chevrolet", NEAR_MISS + 1),
        ("vlokswaegn", "Volkswagen", NEAR_MISS + 2),
        ("bx", "BMW", None),
        ("honda", "Toyota", None),
        ("a very long text indeed", "BMW", None),
    ],
)
def test_closeness_ranks_what_a_person_may_mean(typed, name, expected):
    assert closeness(typed, name) == expected


@given(words, words)
def test_every_beginning_fits_better_than_any_slip(name, rest):
    rank = closeness(name, name + rest)
    assert rank in (EXACT, BEGINNING)


@given(words, st.data())
def test_one_slip_in_a_longer_word_is_forgiven(name, data):
    assume(len(name) >= 4)
    index = data.draw(st.integers(0, len(name) - 1))
    slipped = name[:index] + name[index + 1 :]
    rank = closeness(slipped, name)
    assert rank is not None
    assert rank <= NEAR_MISS + 1
