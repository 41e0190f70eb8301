"""What is said above a list of vehicles, and which of them are shown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.display.test_vehicles import row
from trex_app.display.listings import RANKED_PAGE_SIZE, listing_of, page_of_ranking
from trex_app.display.views import ListingView


def found(count: int, total: int, **more: Any) -> dict[str, Any]:
    """A page of a search, as the services tell of it."""
    page: dict[str, Any] = {
        "vehicles": [row(f"v{at}", 1_000_000 + at) for at in range(count)],
        "total": total,
        "page": 1,
        "page_size": 12,
        "pages": max(1, -(-total // 12)),
        "sort": "relevance",
    }
    return page | more


def ranking(count: int, total: int) -> dict[str, Any]:
    """A ranking, as the services tell of it."""
    return found(count, total, sort="score")


@pytest.mark.parametrize(
    ("data", "headline"),
    [
        (found(1, 1), "One vehicle fits"),
        (found(7, 7), "7 vehicles fit"),
        (found(12, 2_400), "1 to 12 of 2,400 vehicles"),
        (found(12, 2_400, page=3), "25 to 36 of 2,400 vehicles"),
        (found(6, 0), "No vehicle fits exactly"),
        (found(0, 0), ""),
        (ranking(12, 1_949), "The best 12 of 1,949 vehicles that fit"),
        (ranking(3, 3), "3 vehicles fit"),
    ],
)
def test_the_headline_counts_honestly(data: dict[str, Any], headline: str) -> None:
    assert listing_of(data, "en").headline == headline


def test_a_step_without_vehicles_has_no_listing() -> None:
    assert listing_of({"dealers": []}, "en") == ListingView()


def test_the_nearest_say_what_was_set_aside_for_them() -> None:
    nearest = {"relaxed": ["price_max", "fuel_type"], "corrected": {}, "total": 9}
    listing = listing_of(found(6, 0, nearest=nearest), "en")
    assert listing.is_nearest
    assert listing.notes == [
        "Nothing fits all your wishes. For these we set aside: highest price, fuel."
    ]


def test_a_corrected_spelling_is_said() -> None:
    nearest = {"relaxed": [], "corrected": {"make": "Toyota", "model": "RAV4"}, "total": 9}
    assert listing_of(found(6, 0, nearest=nearest), "en").notes == ["We looked for Toyota RAV4."]


def test_answers_that_a_ranking_set_aside_are_said() -> None:
    data = ranking(6, 6) | {"relaxed": ["budget_max"]}
    assert listing_of(data, "en").notes == [
        "Nothing fits all your wishes. For these we set aside: budget."
    ]


def test_nothing_at_all_is_empty_and_offers_no_order() -> None:
    listing = listing_of(found(0, 0), "en")
    assert (listing.is_empty, listing.is_nearest, listing.sorts) == (True, False, [])


def test_what_was_asked_for_is_told_in_words() -> None:
    criteria = {
        "make": "Toyota",
        "model": None,
        "year_min": 2018,
        "price_max": 30_000,
        "fuel_type": "plug_in_hybrid",
        "postal_code": "94107",
    }
    assert listing_of(found(2, 2, criteria=criteria), "en").criteria == [
        "Toyota",
        "Built in 2018 or after",
        "Up to $30,000",
        "Plug-in hybrid",
        "Near 94107",
    ]


def test_only_a_search_with_a_place_sorts_by_distance() -> None:
    def orders(**criteria: str) -> set[str]:
        listing = listing_of(found(2, 2, criteria=criteria), "en")
        return {order.value for order in listing.sorts}

    assert orders(postal_code="94107") - orders() == {"distance"}


def test_another_page_belongs_to_the_same_search_and_another_search_does_not() -> None:
    first = listing_of(found(12, 40), "en")
    assert listing_of(found(3, 40, page=4), "en", first.key).key == first.key
    assert listing_of(found(11, 40), "en").key != first.key


class TestRanking:
    def test_a_few_are_shown_at_once_and_the_first_is_the_best_match(self) -> None:
        listing = listing_of(ranking(12, 30), "en")
        assert [v.vehicle_id for v in listing.vehicles] == ["v0", "v1", "v2", "v3"]
        assert listing.vehicles[0].badge == "Best match"
        assert (listing.pages, listing.numbers, listing.sorts) == (3, [1, 2, 3], [])

    def test_a_later_page_has_no_best_match(self) -> None:
        data = ranking(6, 6)
        listing = listing_of(page_of_ranking(data, 2), "en", "key")
        assert [v.vehicle_id for v in listing.vehicles] == ["v4", "v5"]
        assert listing.vehicles[0].badge != "Best match"

    @given(count=st.integers(1, 60), page=st.integers(-3, 40))
    def test_its_pages_hold_every_vehicle_once(self, count: int, page: int) -> None:
        data = ranking(count, count)
        shown = page_of_ranking(data, page)
        assert 1 <= len(shown["vehicles"]) <= RANKED_PAGE_SIZE
        pages = [page_of_ranking(data, at + 1)["vehicles"] for at in range(shown["pages"])]
        assert [vehicle for page in pages for vehicle in page] == data["vehicles"]

    def test_anything_else_is_left_as_it_is(self) -> None:
        data = found(12, 40)
        assert page_of_ranking(data, 2) is data
