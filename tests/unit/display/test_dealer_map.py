"""Dealers become cards and pins: every direction is true, and no pin hides another."""

import math
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trex_app.core.values import GeoPoint
from trex_app.display.dealer_map import PIN_GAP, SIZE, dealers_of
from trex_app.display.views import DealerView

AUSTIN = {"latitude": 30.27, "longitude": -97.74}
MIDDLE = SIZE / 2


def dealer(name: str, latitude: float | None, longitude: float | None, **more: Any) -> Any:
    """A dealer as the provider tells of it, measured from Austin."""
    distance = None
    if latitude is not None and longitude is not None:
        distance = round(GeoPoint(**AUSTIN).distance_km(GeoPoint(latitude, longitude)), 1)
    return {
        "dealer_id": name,
        "name": name.title(),
        "latitude": latitude,
        "longitude": longitude,
        "distance_km": distance,
        "makes": ["Audi", "BMW"],
        "city": "Waco",
        "region": "TX",
    } | more


def near_austin(*rows: Any) -> dict[str, Any]:
    return {"dealers": list(rows), "origin": AUSTIN, "place": "Austin, TX"}


def spot(shown: DealerView) -> tuple[float, float]:
    """Where a pin stands, seen from the middle of the map."""
    x, y = re.findall(r"[\d.]+", shown.spot)
    return float(x) - MIDDLE, float(y) - MIDDLE


NORTH = dealer("north", 31.5, -97.74)
EAST = dealer("east", 30.27, -95.0)
FAR = dealer("far", 26.0, -97.74)


class TestMap:
    def test_has_the_north_at_the_top_and_the_east_at_the_end(self):
        (north_x, north_y), (east_x, east_y) = (
            spot(shown) for shown in dealers_of(near_austin(NORTH, EAST), {}, "en").dealers
        )
        assert north_y < -20
        assert abs(north_x) < 2
        assert east_x > 20
        assert abs(east_y) < 5

    def test_puts_what_is_farther_nearer_to_the_rim(self):
        north, far = dealers_of(near_austin(NORTH, FAR), {}, "en").dealers
        assert math.hypot(*spot(north)) < math.hypot(*spot(far)) < MIDDLE

    def test_says_distances_on_rings_of_round_numbers(self):
        rings = dealers_of(near_austin(NORTH, FAR), {}, "en").rings
        assert [ring.label.split("\N{NO-BREAK SPACE}")[0] for ring in rings] == ["50", "100", "200"]
        assert [ring.radius for ring in rings] == sorted(ring.radius for ring in rings)

    def test_groups_the_thousands_as_the_language_does(self):
        seattle = dealer("seattle", 47.6, -122.3)
        labels = [ring.label for ring in dealers_of(near_austin(seattle), {}, "de").rings]
        assert labels[1] == "1.000\N{NO-BREAK SPACE}km"

    @given(st.lists(st.tuples(st.floats(25, 48), st.floats(-120, -70)), min_size=1, max_size=10))
    def test_keeps_every_pin_in_sight(self, points: list[tuple[float, float]]):
        rows = [dealer(f"d{place}", *point) for place, point in enumerate(points)]
        spots = [spot(shown) for shown in dealers_of(near_austin(*rows), {}, "en").dealers]
        assert all(abs(x) < MIDDLE and abs(y) < MIDDLE for x, y in spots)

    @given(st.integers(2, 6))
    def test_parts_dealers_at_the_very_same_place(self, count: int):
        rows = [dealer(f"d{place}", 31.0, -97.0) for place in range(count)]
        spots = [spot(shown) for shown in dealers_of(near_austin(*rows), {}, "en").dealers]
        gaps = [math.dist(a, b) for a in spots for b in spots if a is not b]
        assert min(gaps) > PIN_GAP * 0.8

    def test_leaves_out_a_dealer_whose_place_is_not_known(self):
        shown = dealers_of(near_austin(NORTH, dealer("lost", None, None)), {}, "en")
        assert [bool(one.spot) for one in shown.dealers] == [True, False]

    def test_takes_a_dealer_at_the_very_middle(self):
        shown = dealers_of(near_austin(dealer("here", 30.27, -97.74)), {}, "en")
        assert shown.has_map
        assert shown.rings == []


class TestCards:
    def test_are_numbered_as_the_pins_are(self):
        shown = dealers_of(near_austin(NORTH, EAST), {}, "en").dealers
        assert [(one.number, one.value, one.title) for one in shown] == [
            (1, "north", "North"),
            (2, "east", "East"),
        ]

    def test_keep_what_was_chosen(self):
        shown = dealers_of(near_austin(NORTH, EAST), {"dealer_ids": ["east"]}, "en").dealers
        assert [one.is_chosen for one in shown] == [False, True]

    def test_name_some_makes_and_count_the_others(self):
        rich = dealer("rich", 31.0, -97.0, makes=["Audi", "BMW", "Ford", "Kia", "Mini"])
        poor = dealer("poor", 31.0, -97.0, makes=["Audi"])
        shown = dealers_of(near_austin(rich, poor), {}, "de").dealers
        assert [one.makes for one in shown] == ["Audi, BMW, Ford und 2 weitere", "Audi"]

    def test_come_without_map_and_distances_for_a_place_nobody_knows(self):
        data = {"dealers": [NORTH | {"distance_km": None}], "place": None}
        shown = dealers_of(data, {}, "en")
        assert not shown.has_map
        assert shown.dealers[0].distance == ""
        assert "do not know where" in shown.note

    def test_are_not_made_of_the_bare_ids_of_a_later_step(self):
        assert dealers_of({"dealers": [{"name": "North"}]}, {}, "en").dealers == []
        assert dealers_of({}, {}, "en").dealers == []
