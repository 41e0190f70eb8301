"""VINs decoded in vPIC's shape."""

from typing import Any

import httpx
import pytest

from trex_app.core.values import vin_check_digit
from trex_app.services.demo_data.listings import generate


def decode(partners: httpx.Client, vin: str) -> dict[str, Any]:
    answer = partners.get(f"/vehicles/DecodeVinValues/{vin}", params={"format": "json"})
    assert answer.status_code == 200
    data = answer.json()
    assert (data["Count"], data["SearchCriteria"]) == (1, f"VIN:{vin.upper()}")
    [result] = data["Results"]
    assert all(isinstance(value, str) for value in result.values())
    return result


def checked(vin: str) -> str:
    return vin[:8] + vin_check_digit(vin) + vin[9:]


def test_a_vehicle_for_sale_is_known_in_full(partners: httpx.Client) -> None:
    row = next(iter(generate(1)))
    result = decode(partners, row["vin"].lower())
    assert result["ErrorCode"] == "0"
    assert (result["Make"], result["Model"]) == (row["make"].upper(), row["model"])
    assert result["ModelYear"] == str(row["year"])
    assert result["Trim"] == row["trim"]


@pytest.mark.parametrize(
    ("fuel", "told"),
    [
        ("petrol", ("Gasoline", "", "")),
        ("diesel", ("Diesel", "", "")),
        ("hybrid", ("Gasoline", "", "Strong HEV (Hybrid Electric Vehicle)")),
        ("plug_in_hybrid", ("Gasoline", "Electric", "PHEV (Plug-in Hybrid Electric Vehicle)")),
        ("electric", ("Electric", "", "BEV (Battery Electric Vehicle)")),
    ],
)
def test_fuels_are_told_as_vpic_tells_them(
    partners: httpx.Client, fuel: str, told: tuple[str, str, str]
) -> None:
    vin = next(row["vin"] for row in generate(2_400) if row["fuel_type"] == fuel)
    result = decode(partners, vin)
    names = ("FuelTypePrimary", "FuelTypeSecondary", "ElectrificationLevel")
    assert tuple(result[name] for name in names) == told


def test_of_another_vehicle_the_characters_tell_maker_year_and_country(
    partners: httpx.Client,
) -> None:
    result = decode(partners, checked("5YFBURHE0FP999999"))
    assert (result["Make"], result["Model"], result["ModelYear"]) == ("TOYOTA", "Corolla", "2015")
    assert result["PlantCountry"] == "UNITED STATES (USA)"
    assert result["BodyClass"] == ""


def test_a_digit_in_the_seventh_place_means_before_2010(partners: httpx.Client) -> None:
    assert decode(partners, checked("1HGCM82603A004352"))["ModelYear"] == "2003"


@pytest.mark.parametrize(
    ("vin", "code"),
    [
        ("1HGCM82633A00435", "6"),
        ("1HGCM82633A00435O", "400"),
        ("1HGCM82630A004352", "1"),
        (checked("99999999999999999"), "7"),
        ("I", "6,400"),
    ],
)
def test_what_is_wrong_is_told_by_code_and_text(
    partners: httpx.Client, vin: str, code: str
) -> None:
    result = decode(partners, vin)
    assert result["ErrorCode"] == code
    assert result["ErrorText"].startswith(f"{code.partition(',')[0]} - ")


def test_only_json_is_spoken(partners: httpx.Client) -> None:
    assert partners.get("/vehicles/DecodeVinValues/X?format=xml").status_code == 400
