"""What comes nearest when nothing fits, and what a slip of the finger still finds."""

import httpx
import pytest

from tests.unit.sandbox.test_vehicles import search
from trex_app.sandbox.nearest import NEAREST_LIMIT, likeness


def test_nothing_is_nearest_while_something_fits(partners: httpx.Client) -> None:
    assert search(partners, make="Toyota")["nearest"] is None


def test_the_cheapest_wish_is_given_up_first(partners: httpx.Client) -> None:
    found = search(partners, make="Toyota", model="Corolla", priceMaxMinor=100, yearMin=2018)
    assert found["page"] == {"number": 1, "size": 12, "totalItems": 0, "totalPages": 0}
    assert found["nearest"]["relaxed"] == ["priceMaxMinor"]
    assert all(not values for values in found["facets"].values())
    prices = [item["price"]["amountMinor"] for item in found["items"]]
    assert len(prices) == NEAREST_LIMIT
    assert prices == sorted(prices)
    assert all(item["model"] == "Corolla" for item in found["items"])
    fitting = search(partners, make="Toyota", model="Corolla", yearMin=2018)
    assert found["nearest"]["totalItems"] == fitting["page"]["totalItems"]


def test_a_spelling_is_corrected_before_a_wish_is_given_up(partners: httpx.Client) -> None:
    found = search(partners, make="Toyta", model="Corola")
    assert found["nearest"]["corrected"] == {"make": "Toyota", "model": "Corolla"}
    assert found["nearest"]["relaxed"] == []
    assert {item["model"] for item in found["items"]} == {"Corolla"}


def test_a_make_that_nobody_sells_is_given_up(partners: httpx.Client) -> None:
    found = search(partners, make="Zzyzx", bodyType="PICKUP")
    assert found["nearest"]["relaxed"] == ["make"]
    assert {item["bodyType"] for item in found["items"]} == {"PICKUP"}


def test_a_word_outside_the_list_matches_nothing(partners: httpx.Client) -> None:
    found = search(partners, fuelType="steam")
    assert found["nearest"]["relaxed"] == ["fuelType"]


@pytest.mark.parametrize("typed", ["toyota", "Toy", "toyta", "Tyoota"])
def test_a_make_is_suggested_however_it_is_typed(partners: httpx.Client, typed: str) -> None:
    answer = partners.get("/v1/vehicles/suggest", params={"q": typed}).json()
    assert answer["makes"][0]["make"] == "Toyota"
    assert len(answer["models"]) <= 8


def test_models_are_suggested_within_the_make(partners: httpx.Client) -> None:
    asked = {"make": "toyta", "model": "cor"}
    answer = partners.get("/v1/vehicles/suggest", params=asked).json()
    total = search(partners, make="Toyota", model="Corolla")["page"]["totalItems"]
    assert answer["models"] == [{"make": "Toyota", "model": "Corolla", "count": total}]


def test_without_a_text_the_most_frequent_makes_are_suggested(partners: httpx.Client) -> None:
    answer = partners.get("/v1/vehicles/suggest").json()
    frequent = search(partners)["facets"]["make"][:8]
    assert [make["make"] for make in answer["makes"]] == [entry["value"] for entry in frequent]
    assert answer["models"] == []


def test_a_long_text_is_refused(partners: httpx.Client) -> None:
    assert partners.get("/v1/vehicles/suggest", params={"q": "x" * 101}).status_code == 400


@pytest.mark.parametrize(
    ("typed", "name", "rank"),
    [
        ("golf", "Golf", 0),
        ("go", "Golf", 1),
        ("rover", "Land Rover", 2),
        ("tcaoma", "Tacoma", 4),
        ("gulf", "Golf", 4),
        ("xx", "Golf", None),
        ("suburb", "Golf", None),
    ],
)
def test_likeness_ranks_whole_names_then_beginnings_then_slips(
    typed: str, name: str, rank: int | None
) -> None:
    assert likeness(typed, name) == rank
