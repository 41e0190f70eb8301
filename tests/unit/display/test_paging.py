"""Which page numbers are offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trex_app.display.paging import GAP, page_numbers


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (3, 5, [1, 2, 3, 4, 5]),
        (1, 9, [1, 2, GAP, 9]),
        (5, 9, [1, GAP, 4, 5, 6, GAP, 9]),
        (9, 9, [1, GAP, 8, 9]),
    ],
)
def test_ends_and_neighbours_are_offered(page: int, pages: int, numbers: list[int]):
    assert page_numbers(page, pages) == numbers


@given(st.integers(1, 500).flatmap(lambda pages: st.tuples(st.integers(1, pages), st.just(pages))))
def test_numbers_ascend_lead_everywhere_near_and_fit_on_a_line(place: tuple[int, int]):
    page, pages = place
    numbers = page_numbers(page, pages)
    shown = [number for number in numbers if number != GAP]
    assert shown == sorted(set(shown))
    assert {1, page, pages} <= set(shown)
    assert {number for number in (page - 1, page + 1) if 1 <= number <= pages} <= set(shown)
    assert len(numbers) <= 7


@given(st.integers(1, 500).flatmap(lambda pages: st.tuples(st.integers(1, pages), st.just(pages))))
def test_a_gap_stands_for_at_least_two_pages(place: tuple[int, int]):
    numbers = page_numbers(*place)
    gaps = [at for at, number in enumerate(numbers) if number == GAP]
    assert all(numbers[at + 1] - numbers[at - 1] > 2 for at in gaps)
