"""Reading criteria from plain data."""

from trex_app.services.vehicles.criteria import CRITERIA_NAMES, Criteria


def test_criteria_are_read_by_name_and_trimmed():
    criteria = Criteria.parse({"make": " Toyota ", "year_min": 2020.0, "model": None})
    assert criteria == Criteria(make="Toyota", year_min=2020)
    assert criteria.given() == {"make": "Toyota", "year_min": 2020}


def test_a_known_postal_code_has_an_origin_and_an_unknown_one_has_none():
    assert Criteria(postal_code="60618").origin is not None
    assert Criteria(postal_code="00000").origin is None
    assert Criteria().origin is None


def test_the_journeys_criteria_are_all_known():
    asked = {"make", "model", "year_min", "year_max", "price_max"}
    assert asked | {"body_type", "fuel_type", "postal_code"} <= set(CRITERIA_NAMES)
