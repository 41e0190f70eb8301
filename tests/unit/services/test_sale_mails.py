"""What of a seller's own words is repeated to somebody else."""

import pytest

from trex_app.services.sale_mails import is_buyer_asked, spoken_seller, spoken_vehicle


@pytest.mark.parametrize(
    ("vehicle", "said"),
    [
        ({"year": 2003, "make": "Honda", "model": "Accord"}, "2003 Honda Accord"),
        (
            {"year": 2021, "make": "Citroën", "model": "C4 1.2 (PureTech) S&S"},
            "2021 Citroën C4 1.2 (PureTech) S&S",
        ),
        ({"year": 2022, "make": "VW", "model": "ID.3"}, "2022 VW ID.3"),
        ({"vin": "1HGCM82633A004352"}, ""),
        ({"year": 2003, "make": "Honda", "model": "see evil.example/win"}, "2003 Honda"),
        ({"year": 2003, "make": "https://x", "model": "www.y"}, "2003"),
        ({"make": "A" * 61, "model": "<b>"}, ""),
    ],
)
def test_a_vehicle_is_named_without_any_link(vehicle: dict[str, object], said: str) -> None:
    assert spoken_vehicle(vehicle) == said


def test_a_seller_is_named_by_what_is_a_name() -> None:
    assert spoken_seller({"first_name": "Ada", "last_name": "Byron"}) == "Ada Byron"
    assert spoken_seller({"first_name": "Win 1000", "last_name": "Byron"}) == "Byron"


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"kind": "private_sale"},
        {"kind": "private_sale", "details": {"applicant": "buyer"}},
        {"kind": "private_sale", "details": {"applicant": "buyer", "buyer": None}},
        {
            "kind": "dealer_sale",
            "details": {"applicant": "buyer", "buyer": {"buyer_email": "a@b.cd"}},
        },
        {
            "kind": "private_sale",
            "details": {"applicant": "me", "buyer": {"buyer_email": "a@b.cd"}},
        },
    ],
)
def test_a_journey_of_another_shape_asks_no_buyer(details: dict[str, object]) -> None:
    assert not is_buyer_asked(details)
