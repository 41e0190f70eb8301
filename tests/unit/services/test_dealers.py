"""Dealers by distance."""

import json

import pytest

from trex_app.core.errors import ValidationFailed
from trex_app.services import dealers
from trex_app.services.demo_data.facts import dealers as dealer_facts
from trex_app.services.places import locate


def test_the_nearest_dealers_come_first(connection):
    found = dealers.near(connection, "60601", limit=5)["dealers"]
    assert [dealer["city"] for dealer in found[:3]] == ["Chicago", "Oak Lawn", "Milwaukee"]
    distances = [dealer["distance_km"] or 0.0 for dealer in found]
    assert distances == sorted(distances)
    assert found[0].keys() >= {"dealer_id", "name", "distance_km", "makes", "phone", "latitude"}


@pytest.mark.parametrize("postal_code", ["99501", "33139", "59801", "02134"])
def test_the_database_orders_as_the_haversine_formula_does(connection, postal_code):
    place = locate(postal_code)
    assert place is not None
    points = {dealer.dealer_id: dealer.point for dealer in dealer_facts()}
    by_formula = sorted(
        dealer_facts(), key=lambda dealer: (place.point.distance_km(dealer.point), dealer.dealer_id)
    )
    found = dealers.near(connection, postal_code, limit=100)["dealers"]
    assert [dealer["dealer_id"] for dealer in found] == [dealer.dealer_id for dealer in by_formula]
    for dealer in found:
        point = points[dealer["dealer_id"]]
        assert dealer["distance_km"] == round(place.point.distance_km(point), 1)


def test_only_dealers_that_carry_a_wanted_make_are_offered(connection):
    found = dealers.near(connection, "60601", makes=["vw", "Tesla"])["dealers"]
    assert len(found) == 10
    assert all({"Volkswagen", "Tesla"} & set(dealer["makes"]) for dealer in found)


def test_an_answer_says_how_precise_it_is(connection):
    near = dealers.near(connection, "99999")
    assert (near["place"], near.get("precision_km")) == ("Alaska, AK", 700)


@pytest.mark.parametrize("postal_code", ["", "00000", "Köln"])
def test_for_an_unknown_place_the_dealers_come_by_id_without_distances(connection, postal_code):
    near = dealers.near(connection, postal_code)
    ids = [dealer["dealer_id"] for dealer in near["dealers"]]
    assert near["place"] is None
    assert ids == sorted(ids)
    assert {dealer["distance_km"] for dealer in near["dealers"]} == {None}


@pytest.mark.parametrize("limit", [0, -1, 101])
def test_a_limit_out_of_range_is_refused(connection, limit):
    with pytest.raises(ValidationFailed):
        dealers.near(connection, "60601", limit)


def test_one_dealer_is_known_by_its_id(connection):
    dealer = dealers.get(connection, "lakeshore-motors")
    assert dealer is not None
    assert (dealer["name"], dealer["city"]) == ("Lakeshore Motors", "Chicago")
    assert dealer["makes"]
    assert json.loads(json.dumps(dealer)) == dealer
    assert dealers.get(connection, "nobody") is None
    assert dealers.get_many(connection, ["nobody"]) == {}


def test_without_dealers_nobody_is_near(empty):
    assert dealers.near(empty, "60601")["dealers"] == []
