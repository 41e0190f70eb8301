"""Decoding a VIN from its characters and from the inventory."""

import pytest
from sqlalchemy import select

from trex_app.core.errors import ValidationFailed
from trex_app.core.values import Vin, vin_check_digit
from trex_app.db.tables.vehicles import VEHICLES
from trex_app.services import vin
from trex_app.services.vehicles.vocabulary import KNOWN_MAKES
from trex_app.services.vin_codes import COUNTRY_SPANS, MAKE_BY_PREFIX, MODEL_BY_PREFIX, VIN_ORDER

LATEST = 2026


def checked(text):
    return Vin(text[:8] + vin_check_digit(text) + text[9:])


def test_a_known_vin_tells_maker_model_year_and_country():
    decoded = vin.read(Vin.parse("1HGCM82633A004352"), LATEST)
    assert (decoded["make"], decoded["model"]) == ("Honda", "Accord")
    assert (decoded["year"], decoded["country"]) == (2003, "US")
    assert decoded["source"] == "vin"


@pytest.mark.parametrize(
    ("text", "make", "country", "year"),
    [
        ("WBA3A5C50CF256551", "BMW", "DE", 2012),
        ("JTDKN3DU5A0000001", "Toyota", "JP", 2010),
        ("5YJ3E1EA7KF000316", "Tesla", "US", 2019),
        ("3VWRA7AJ0EM000001", "Volkswagen", "MX", 2014),
        ("KMHCT4AE0GU000001", "Hyundai", "KR", 2016),
        ("YV4A22PK0L1000001", "Volvo", "SE", 2020),
        ("2C3CDZAG0NH000001", "Dodge", "CA", 2022),
        ("1C4RDJAG0LC000001", "Dodge", "US", 2020),
        ("1C4RJFAG0LC000001", "Jeep", "US", 2020),
    ],
)
def test_makers_countries_and_years_are_told_apart(text, make, country, year):
    decoded = vin.read(checked(text), LATEST)
    assert (decoded["make"], decoded["country"], decoded["year"]) == (make, country, year)


def test_a_year_that_has_not_come_belongs_to_the_cycle_before():
    with_letter, with_digit = checked("1HGCM8A30VA004352"), checked("1HGCM8230VA004352")
    assert vin.model_year(with_letter, 2026) == 1997
    assert vin.model_year(with_letter, 2027) == 2027
    assert vin.model_year(with_digit, 2027) == 1997


def test_what_the_tables_do_not_know_stays_open():
    decoded = vin.read(checked("00000000000000000"), LATEST)
    assert [decoded[name] for name in ("make", "model", "year", "country")] == [None] * 4


def test_a_vehicle_of_the_inventory_is_known_in_full(connection):
    listed = connection.execute(select(VEHICLES).limit(1)).one()
    decoded = vin.decode(connection, listed.vin.lower(), LATEST)
    assert decoded["source"] == "inventory"
    assert (decoded["make"], decoded["model"], decoded["year"]) == (
        listed.make,
        listed.model,
        listed.year,
    )
    assert (decoded["body_type"], decoded["fuel_type"]) == (listed.body_type, listed.fuel_type)


def test_the_characters_agree_with_the_whole_inventory(connection):
    for listed in connection.execute(select(VEHICLES)):
        decoded = vin.read(Vin.parse(listed.vin), LATEST)
        assert (decoded["make"], decoded["year"]) == (listed.make, listed.year)
        assert decoded["model"] in (None, listed.model)
        assert decoded["country"] is not None


def test_a_bad_vin_is_refused_with_its_fault(connection):
    with pytest.raises(ValidationFailed) as refused:
        vin.decode(connection, "1HGCM82643A004352", LATEST)
    assert refused.value.errors[0].code == "vin_check_digit"


def test_the_tables_hold_what_they_promise():
    assert set(MAKE_BY_PREFIX.values()) <= set(KNOWN_MAKES)
    assert all(3 <= len(prefix) <= 6 for prefix in [*MAKE_BY_PREFIX, *MODEL_BY_PREFIX])
    assert all(set(first + last) <= set(VIN_ORDER) for first, last, _ in COUNTRY_SPANS)
