"""vPIC's words in ours."""

import pytest

from trex_app.integrations.vpic import DecodedValues


@pytest.mark.parametrize(
    ("given", "name", "ours"),
    [
        ({"Make": "MERCEDES-BENZ"}, "make", "Mercedes-Benz"),
        ({"Make": "DE TOMASO"}, "make", "DE TOMASO"),
        ({"Make": ""}, "make", None),
        ({"ModelYear": "2019"}, "year", 2019),
        ({"ModelYear": ""}, "year", None),
        ({"PlantCountry": "UNITED STATES (USA)"}, "country", "US"),
        ({"PlantCountry": "ATLANTIS"}, "country", None),
        ({"BodyClass": "Sport Utility Vehicle (SUV)/Multi-Purpose"}, "body_type", "suv"),
        ({"BodyClass": "Truck-Tractor"}, "body_type", None),
        ({"FuelTypePrimary": "Gasoline"}, "fuel_type", "petrol"),
        (
            {"FuelTypePrimary": "Gasoline", "ElectrificationLevel": "Strong HEV (Hybrid…)"},
            "fuel_type",
            "hybrid",
        ),
        (
            {"FuelTypePrimary": "Gasoline", "ElectrificationLevel": "PHEV (Plug-in …)"},
            "fuel_type",
            "plug_in_hybrid",
        ),
        (
            {"FuelTypePrimary": "Electric", "ElectrificationLevel": "BEV (Battery …)"},
            "fuel_type",
            "electric",
        ),
    ],
    ids=str,
)
def test_a_value_is_told_in_our_words(given: dict[str, str], name: str, ours: object) -> None:
    assert DecodedValues.model_validate(given).ours()[name] == ours
