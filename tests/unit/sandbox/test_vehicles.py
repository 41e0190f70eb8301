"""The inventory API: two thousand vehicles, the same everywhere, searched as its contract says."""

from itertools import pairwise
from typing import Any

import httpx
import pytest

from trex_app.sandbox.stock import listings
from trex_app.services.demo_data.listings import generate
from trex_app.services.demo_data.loading import LISTING_COUNT


def search(partners: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = partners.get("/v1/vehicles", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def values(found: dict[str, Any], facet: str) -> dict[Any, int]:
    return {entry["value"]: entry["count"] for entry in found["facets"][facet]}


def test_it_sells_the_vehicles_of_the_demonstration_data(partners: httpx.Client) -> None:
    assert search(partners)["page"]["totalItems"] == LISTING_COUNT >= 2_000
    rows = {row["vehicle_id"]: row["price_minor"] for row in generate(LISTING_COUNT)}
    assert {one.vehicle_id: one.row["price_minor"] for one in listings()} == rows


def test_the_same_search_finds_the_same_in_the_same_order(partners: httpx.Client) -> None:
    assert search(partners, make="Kia", page=2) == search(partners, make="Kia", page=2)


def test_pages_hold_every_hit_once(partners: httpx.Client) -> None:
    first = search(partners, make="Mazda", pageSize=10)
    pages = [
        search(partners, make="Mazda", pageSize=10, page=number + 1)["items"]
        for number in range(first["page"]["totalPages"])
    ]
    ids = [item["id"] for page in pages for item in page]
    assert len(ids) == len(set(ids)) == first["page"]["totalItems"]
    beyond = search(partners, make="Mazda", page=1_000)
    assert (beyond["items"], beyond["nearest"]) == ([], None)


def test_every_hit_fulfils_every_wish(partners: httpx.Client) -> None:
    found = search(
        partners,
        yearMin=2018,
        yearMax=2022,
        priceMinMinor=1_500_000,
        priceMaxMinor=3_000_000,
        mileageMaxKm=90_000,
        bodyType="suv",
        fuelType="HYBRID",
        transmission="automatic",
        pageSize=60,
    )
    assert found["items"]
    for item in found["items"]:
        assert 2018 <= item["modelYear"] <= 2022
        assert 1_500_000 <= item["price"]["amountMinor"] <= 3_000_000
        assert item["mileageKm"] <= 90_000
        assert (item["bodyType"], item["fuelType"]) == ("SUV", "HYBRID")


def test_bounds_include_their_ends(partners: httpx.Client) -> None:
    price = search(partners)["items"][0]["price"]["amountMinor"]
    assert search(partners, priceMinMinor=price, priceMaxMinor=price)["page"]["totalItems"] >= 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ({"make": "vw"}, {"make": "Volkswagen"}),
        ({"make": "MERCEDES"}, {"make": "Mercedes-Benz"}),
        ({"model": "f150"}, {"model": "F-150"}),
        ({"make": " toyota "}, {"make": "Toyota"}),
    ],
)
def test_spelling_does_not_matter(
    partners: httpx.Client, typed: dict[str, str], meant: dict[str, str]
) -> None:
    found = search(partners, **typed)
    assert found["page"]["totalItems"] == search(partners, **meant)["page"]["totalItems"] > 0


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("price", lambda item: item["price"]["amountMinor"]),
        ("-price", lambda item: -item["price"]["amountMinor"]),
        ("mileage", lambda item: item["mileageKm"]),
        ("-mileage", lambda item: -item["mileageKm"]),
        ("year", lambda item: item["modelYear"]),
        ("-year", lambda item: -item["modelYear"]),
        ("distance", lambda item: item["distanceKm"]),
    ],
)
def test_a_sort_puts_hits_in_its_order(partners: httpx.Client, sort: str, value: Any) -> None:
    found = search(partners, sort=sort, postalCode="60618", pageSize=60)
    assert found["sort"] == sort
    assert all(value(one) <= value(next_one) for one, next_one in pairwise(found["items"]))


def test_distance_without_a_known_place_falls_back_and_says_so(partners: httpx.Client) -> None:
    found = search(partners, sort="distance", postalCode="00000", distanceMaxKm=1)
    assert found["sort"] == "relevance"
    assert found["page"]["totalItems"] == LISTING_COUNT
    assert found["items"][0]["distanceKm"] is None


def test_only_what_is_within_reach_is_found(partners: httpx.Client) -> None:
    found = search(partners, postalCode="60618", distanceMaxKm=50, pageSize=60)
    assert 0 < found["page"]["totalItems"] < LISTING_COUNT
    assert all(item["distanceKm"] <= 50 for item in found["items"])


def test_the_counts_of_every_facet_sum_to_the_hits(partners: httpx.Client) -> None:
    found = search(partners, fuelType="ELECTRIC")
    for facet in ("make", "model", "bodyType", "fuelType", "year"):
        assert sum(values(found, facet).values()) == found["page"]["totalItems"]
    assert sum(band["count"] for band in found["facets"]["price"]) == found["page"]["totalItems"]
    assert list(values(found, "year")) == sorted(values(found, "year"), reverse=True)
    counts = list(values(found, "make").values())
    assert counts == sorted(counts, reverse=True)


def test_a_price_band_holds_what_a_search_between_its_ends_finds(partners: httpx.Client) -> None:
    for band in search(partners)["facets"]["price"]:
        upper = {} if band["toMinor"] is None else {"priceMaxMinor": band["toMinor"] - 1}
        found = search(partners, priceMinMinor=band["fromMinor"], **upper)
        assert found["page"]["totalItems"] == band["count"]


def test_a_count_tells_what_a_search_would_find(partners: httpx.Client) -> None:
    found = search(partners, make="Kia", bodyType="SUV")
    counted = partners.get("/v1/vehicles/count", params={"make": "Kia", "bodyType": "SUV"}).json()
    assert counted == {"totalItems": found["page"]["totalItems"], "facets": found["facets"]}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"yearMin": "new"}, "yearMin"),
        ({"priceMaxMinor": "-1"}, "priceMaxMinor"),
        ({"mileageMaxKm": "1" * 5_000}, "mileageMaxKm"),
        ({"mileageMaxKm": "٣"}, "mileageMaxKm"),
        ({"page": "0"}, "page"),
        ({"pageSize": "61"}, "pageSize"),
        ({"sort": "beauty"}, "sort"),
        ({"make": "x" * 101}, "make"),
        ({"currency": "EUR"}, "currency"),
        ({"ids": ",".join(f"v{number}" for number in range(101))}, "ids"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(
    partners: httpx.Client, query: dict[str, str], parameter: str
) -> None:
    answer = partners.get("/v1/vehicles", params=query)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["parameter"]) == ("INVALID_PARAMETER", parameter)


def test_vehicles_come_in_full_in_the_order_asked(partners: httpx.Client) -> None:
    rows = list(generate(3))
    ids = [row["vehicle_id"] for row in reversed(rows)]
    found = search(partners, ids=",".join([*ids, "v-nobody"]))["items"]
    assert [item["id"] for item in found] == ids
    last, row = found[-1], rows[0]
    assert last["vin"] == row["vin"]
    assert last["stockNumber"] == row["stock_number"]
    assert last["consumption"]["per100Km"] == row["consumption_per_100_km"]
    assert last["listedOn"] == row["listed_on"].isoformat()
    assert last["dealer"]["id"] == row["dealer_id"]


def test_an_electric_vehicle_consumes_kilowatt_hours(partners: httpx.Client) -> None:
    for fuel, unit in (("ELECTRIC", "kWh"), ("DIESEL", "l")):
        vehicle_id = search(partners, fuelType=fuel)["items"][0]["id"]
        [vehicle] = search(partners, ids=vehicle_id)["items"]
        assert vehicle["consumption"]["unit"] == unit
