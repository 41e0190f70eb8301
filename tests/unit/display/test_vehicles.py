"""What a card says of a vehicle, in the reader's language."""

from typing import Any

from trex_app.display.vehicles import vehicle_of, vehicles_of
from trex_app.display.views import BarView, VehicleView

NBSP = "\N{NO-BREAK SPACE}"


def row(vehicle_id: str = "v1", price: int = 2_199_500, **more: Any) -> dict[str, Any]:
    """A vehicle as the services tell of it."""
    return {
        "vehicle_id": vehicle_id,
        "make": "Toyota",
        "model": "Corolla",
        "trim": "Plus",
        "year": 2021,
        "price": {"amount_minor": price, "currency": "USD"},
        "mileage_km": 42_900,
        "body_type": "sedan",
        "fuel_type": "hybrid",
        "transmission": "automatic",
        "seats": 5,
        "colour": "blue",
        "dealer_id": "d1",
        "dealer_name": "Bay Motors",
        "dealer_city": "Oakland",
        **more,
    }


def test_a_card_has_its_name_price_and_key_facts() -> None:
    shown = vehicle_of(row(distance_km=12.4), "en")
    assert (shown.title, shown.edition, shown.price) == (
        "Toyota Corolla",
        "2021 · Plus",
        "$21,995",
    )
    assert [fact.value.replace(NBSP, " ") for fact in shown.key_facts] == [
        "42,900 km",
        "Hybrid",
        "Automatic",
        "5 seats",
    ]
    assert (shown.dealer, shown.distance.replace(NBSP, " ")) == (
        "Bay Motors, Oakland",
        "12 km away",
    )
    assert (shown.body_type, shown.colour, shown.seats) == ("sedan", "blue", 5)


def test_it_says_so_in_german() -> None:
    shown = vehicle_of(row(), "de")
    assert shown.price == f"21.995{NBSP}$"
    assert [fact.value for fact in shown.key_facts][-1] == "5 Sitze"


def test_what_is_not_known_is_not_said() -> None:
    shown = vehicle_of(row(trim=None, transmission=None, seats=None, dealer_city=None), "en")
    assert shown.edition == "2021"
    assert [fact.name for fact in shown.key_facts] == ["mileage_km", "fuel_type"]
    assert (shown.dealer, shown.distance, shown.seats) == ("Bay Motors", "", 0)


def test_no_vehicle_is_an_empty_view() -> None:
    assert vehicle_of({}, "en") == VehicleView()


def test_only_pictures_of_our_own_server_are_shown() -> None:
    assert vehicle_of(row(image_url="/pictures/v1.webp"), "en").image_url == "/pictures/v1.webp"
    for foreign in ("https://example.com/a.jpg", "//example.com/a.jpg", None):
        assert vehicle_of(row(image_url=foreign), "en").image_url == ""


def test_a_score_is_told_by_what_it_is_made_of() -> None:
    suggested = row(score=89, scores={"space": 69, "economy": 94}, reasons=["It has 5 seats."])
    shown = vehicle_of(suggested, "en")
    assert shown.bars == [
        BarView("Running costs", 94, "94 of 100"),
        BarView("Space", 69, "69 of 100"),
    ]
    assert (shown.score, shown.reasons) == (89, ["It has 5 seats."])


class TestBadges:
    def badges(self, *rows: dict[str, Any]) -> list[str]:
        return [view.badge for view in vehicles_of(rows, "en")]

    def test_the_cheapest_of_several_of_its_model_is_called_so(self) -> None:
        assert self.badges(row("v1", 2_500_000), row("v2", 2_100_000)) == [
            "",
            "Lowest-priced Corolla here",
        ]

    def test_the_only_one_of_its_model_is_not(self) -> None:
        assert self.badges(row("v1", 1, model="Yaris"), row("v2", 2)) == ["", ""]

    def test_two_equally_cheap_ones_are_not(self) -> None:
        assert self.badges(row("v1", 1), row("v2", 1), row("v3", 2)) == ["", "", ""]

    def test_the_same_model_name_of_another_make_does_not_count(self) -> None:
        assert self.badges(row("v1", 1), row("v2", 2, make="Other")) == ["", ""]
