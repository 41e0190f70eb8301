"""Searching: what is found fits, is counted right, and comes page by page in order."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.services.conftest import NOW
from trex_app.core.errors import ValidationFailed
from trex_app.services import vehicles
from trex_app.services.vehicles.statements import SORTS
from trex_app.services.vehicles.vocabulary import BODY_TYPES, FUEL_TYPES, KNOWN_MAKES

some_criteria = st.fixed_dictionaries(
    {},
    optional={
        "make": st.sampled_from(["Toyota", "vw", "MERCEDES", "Tesla", "Ford", *KNOWN_MAKES]),
        "model": st.sampled_from(["Camry", "f150", "Golf", "1500", "model 3"]),
        "year_min": st.integers(2010, 2026),
        "year_max": st.integers(2010, 2026),
        "price_min": st.integers(0, 60_000),
        "price_max": st.integers(500, 100_000),
        "mileage_max_km": st.integers(0, 250_000),
        "distance_max_km": st.integers(0, 3_000),
        "body_type": st.sampled_from(BODY_TYPES),
        "fuel_type": st.sampled_from(FUEL_TYPES),
        "transmission": st.sampled_from(["automatic", "manual"]),
        "postal_code": st.sampled_from(["60618", "94110", "99501"]),
    },
)
on_real_data = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100
)


def test_every_listing_is_found_without_criteria(connection):
    found = vehicles.search(connection, {}, as_of=NOW)
    assert found["total"] == 2_400
    assert len(found["vehicles"]) == 12
    assert found["pages"] == 200
    assert (found["page"], found["source"], found["nearest"]) == (1, "live", None)
    assert found["as_of"] == "2025-11-03T09:30:00+00:00"


def test_a_hit_has_the_binding_shape(connection):
    [vehicle] = vehicles.search(connection, {"postal_code": "60618"}, page_size=1)["vehicles"]
    assert {
        *("vehicle_id", "make", "model", "year", "price", "mileage_km"),
        *("body_type", "fuel_type", "dealer_id", "dealer_name", "distance_km"),
    } <= vehicle.keys()
    assert vehicle["price"].keys() == {"amount_minor", "currency"}
    assert vehicle["price"]["currency"] == "USD"
    assert "image_url" not in vehicle


@pytest.mark.parametrize(
    ("typed", "make", "model"),
    [
        ({"make": "toyota", "model": "RAV 4"}, "Toyota", "RAV4"),
        ({"make": "VW"}, "Volkswagen", None),
        ({"make": "mercedes benz"}, "Mercedes-Benz", None),
        ({"make": "Chevy", "model": "corvette"}, "Chevrolet", "Corvette"),
        ({"model": "f150"}, "Ford", "F-150"),
    ],
)
def test_makes_and_models_are_found_however_people_write_them(connection, typed, make, model):
    found = vehicles.search(connection, typed)["vehicles"]
    assert found
    assert {vehicle["make"] for vehicle in found} == {make}
    assert model is None or {vehicle["model"] for vehicle in found} == {model}


def test_null_and_empty_criteria_exclude_nothing(connection):
    given_nothing = {"make": None, "model": "", "price_max": None}
    assert vehicles.search(connection, given_nothing)["total"] == 2_400


@on_real_data
@given(criteria=some_criteria)
def test_every_hit_fits_every_criterion(inventory, criteria):
    with inventory.begin() as connection:
        found = vehicles.search(connection, criteria, page_size=60)
        alone = vehicles.count(connection, criteria)
    assert found["total"] == alone["total"]
    if not found["total"]:
        return
    for vehicle in found["vehicles"]:
        price = vehicle["price"]["amount_minor"]
        assert criteria.get("price_min", 0) * 100 <= price
        assert price <= criteria.get("price_max", 10**9) * 100
        assert criteria.get("year_min", 0) <= vehicle["year"] <= criteria.get("year_max", 9999)
        assert vehicle["mileage_km"] <= criteria.get("mileage_max_km", 10**9)
        for name in ("body_type", "fuel_type", "transmission"):
            assert vehicle[name] == criteria.get(name, vehicle[name])
        if {"postal_code", "distance_max_km"} <= criteria.keys():
            assert vehicle.get("distance_km", 0.0) <= criteria["distance_max_km"] + 0.1


@on_real_data
@given(criteria=some_criteria)
def test_the_counts_of_every_facet_sum_to_the_total(inventory, criteria):
    with inventory.begin() as connection:
        counted = vehicles.count(connection, criteria)
    for values in counted["facets"].values():
        assert sum(value["count"] for value in values) == counted["total"]
        assert all(value["count"] > 0 for value in values)


@on_real_data
@given(criteria=some_criteria, sort=st.sampled_from(SORTS))
def test_pages_neither_overlap_nor_leave_anything_out(inventory, criteria, sort):
    wanted = {"fuel_type": "diesel", **criteria}
    with inventory.begin() as connection:
        first = vehicles.search(connection, wanted, sort=sort, page_size=60)
        pages = [
            vehicles.search(connection, wanted, sort=sort, page=number, page_size=60)
            for number in range(1, first["pages"] + 1)
        ]
    ids = [vehicle["vehicle_id"] for page in pages for vehicle in page["vehicles"]]
    assert len(ids) == len(set(ids)) == first["total"]


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("price_asc", lambda vehicle: vehicle["price"]["amount_minor"]),
        ("price_desc", lambda vehicle: -vehicle["price"]["amount_minor"]),
        ("mileage_asc", lambda vehicle: vehicle["mileage_km"]),
        ("mileage_desc", lambda vehicle: -vehicle["mileage_km"]),
        ("year_asc", lambda vehicle: vehicle["year"]),
        ("year_desc", lambda vehicle: -vehicle["year"]),
        ("distance", lambda vehicle: vehicle["distance_km"]),
    ],
)
def test_each_sort_orders_by_what_it_says(connection, sort, key):
    wanted = {"body_type": "wagon", "postal_code": "60618"}
    found = vehicles.search(connection, wanted, sort=sort, page_size=60)["vehicles"]
    assert len(found) == 60
    assert all(key(one) <= key(next_one) for one, next_one in pairwise(found))


def test_relevance_prefers_the_newer_the_less_driven_and_the_nearer(connection):
    found = vehicles.search(connection, {"body_type": "suv", "postal_code": "94110"})
    everything = vehicles.search(connection, {"body_type": "suv"}, sort="year_asc")
    assert found["sort"] == "relevance"
    assert min(v["year"] for v in found["vehicles"]) > max(
        v["year"] for v in everything["vehicles"]
    )
    assert min(v.get("distance_km", 9_999) for v in found["vehicles"]) < 150


def test_distance_counts_from_the_place_of_the_postal_code(connection):
    [nearest] = vehicles.search(connection, {"postal_code": "60601"}, sort="distance", page_size=1)[
        "vehicles"
    ]
    assert nearest["dealer_city"] == "Chicago"
    assert nearest.get("distance_km", 9_999) < 30


@pytest.mark.parametrize("postal_code", [None, "00000", "nowhere"])
def test_without_a_known_place_distance_falls_back_to_relevance(connection, postal_code):
    found = vehicles.search(connection, {"postal_code": postal_code}, sort="distance")
    assert found["sort"] == "relevance"
    assert all("distance_km" not in vehicle for vehicle in found["vehicles"])


def test_a_page_beyond_the_last_is_empty_but_still_counts(connection):
    found = vehicles.search(connection, {"make": "Tesla"}, page=1_000)
    assert found["vehicles"] == []
    assert found["total"] > 0


def test_saved_results_say_when_the_last_feed_came(connection):
    found = vehicles.search(connection, {}, source="saved")
    assert (found["source"], found["as_of"]) == ("saved", NOW.isoformat())


def test_an_empty_inventory_has_no_hits_and_no_date(empty):
    found = vehicles.search(empty, {"make": "Toyota"})
    assert (found["total"], found["vehicles"], found["as_of"]) == (0, [], None)
    assert found["nearest"] == {"relaxed": [], "corrected": {}, "total": 0}
    assert all(values == [] for values in found["facets"].values())


@pytest.mark.parametrize(
    ("criteria", "paging", "fields"),
    [
        ({"colour": "red"}, {}, {"colour"}),
        ({"year_min": "2020", "price_max": True}, {}, {"year_min", "price_max"}),
        ({"price_max": -1, "mileage_max_km": 10**30}, {}, {"price_max", "mileage_max_km"}),
        ({"price_max": 1.5, "year_max": float("nan")}, {}, {"price_max", "year_max"}),
        ({"make": ["Toyota"], "model": "x" * 101}, {}, {"make", "model"}),
        ({}, {"page": 0}, {"page"}),
        ({}, {"page": 10**30, "page_size": 61}, {"page", "page_size"}),
        ({}, {"sort": "price; DROP TABLE vehicle"}, {"sort"}),
    ],
)
def test_what_cannot_be_searched_for_is_named(connection, criteria, paging, fields):
    with pytest.raises(ValidationFailed) as refused:
        vehicles.search(connection, criteria, **paging)
    assert {error.field for error in refused.value.errors} == fields
    assert all(error.message for error in refused.value.errors)


@on_real_data
@given(text=st.text(max_size=100))
def test_no_text_breaks_a_search(inventory, text):
    with inventory.begin() as connection:
        found = vehicles.search(connection, {"make": text, "model": text, "body_type": text})
    assert found["total"] >= 0
