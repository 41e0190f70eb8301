"""Where postal codes are, and how honest the answer is."""

import pytest

from trex_app.core.values import GeoPoint
from trex_app.services.demo_data.facts import dealers
from trex_app.services.places import locate


@pytest.mark.parametrize(
    ("postal_code", "region", "point"),
    [
        ("02134", "MA", GeoPoint(42.355, -71.132)),
        ("10025", "NY", GeoPoint(40.798, -73.968)),
        ("33139", "FL", GeoPoint(25.785, -80.139)),
        ("48201", "MI", GeoPoint(42.347, -83.059)),
        ("59801", "MT", GeoPoint(46.856, -114.013)),
        ("78701", "TX", GeoPoint(30.271, -97.743)),
        ("83001", "WY", GeoPoint(43.480, -110.762)),
        ("90210", "CA", GeoPoint(34.103, -118.416)),
        ("96813", "HI", GeoPoint(21.313, -157.848)),
        ("98101-1234", "WA", GeoPoint(47.611, -122.334)),
        ("99701", "AK", GeoPoint(64.838, -147.716)),
    ],
)
def test_a_postal_code_is_where_it_says_it_is(postal_code, region, point):
    place = locate(postal_code)
    assert place is not None
    assert place.region == region
    assert place.point.distance_km(point) <= place.precision_km


@pytest.mark.parametrize("postal_code", ["", "abc", "00000", "1234", "123456", "99999999999"])
def test_what_is_not_in_the_table_is_nowhere(postal_code):
    assert locate(postal_code) is None


def test_nearly_every_possible_area_is_known():
    unknown = [number for number in range(6, 1000) if locate(f"{number:03d}01") is None]
    assert len(unknown) < 80


@pytest.mark.parametrize("dealer", dealers(), ids=lambda dealer: dealer.dealer_id)
def test_a_dealer_stands_in_the_area_of_its_own_postal_code(dealer):
    place = locate(dealer.postal_code)
    assert place is not None
    assert place.region == dealer.region
    assert place.point.distance_km(dealer.point) <= place.precision_km


@pytest.mark.parametrize("dealer", dealers(), ids=lambda dealer: dealer.dealer_id)
def test_the_area_around_a_dealer_agrees_with_its_coordinates(dealer):
    neighbour = next(
        place
        for code in range(100)
        if (place := locate(f"{dealer.postal_code[:3]}{code:02d}")) and place.precision_km > 4
    )
    assert neighbour.point.distance_km(dealer.point) <= neighbour.precision_km + 5
