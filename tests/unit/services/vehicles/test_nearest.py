"""The nearest matches: the least is given up, and it is said."""

from hypothesis import HealthCheck, given, settings

from tests.unit.services.vehicles.test_matches import some_criteria
from trex_app.services import vehicles


def nearest_of(connection, criteria):
    found = vehicles.search(connection, criteria)
    nearest = found["nearest"]
    assert found["total"] == 0
    assert nearest is not None
    return nearest, found["vehicles"]


def test_a_misspelled_make_and_model_are_corrected(connection):
    nearest, found = nearest_of(connection, {"make": "Toyta", "model": "Camri"})
    assert nearest["corrected"] == {"make": "Toyota", "model": "Camry"}
    assert nearest["relaxed"] == []
    assert {(vehicle["make"], vehicle["model"]) for vehicle in found} == {("Toyota", "Camry")}


def test_the_least_valued_criterion_goes_first(connection):
    wanted = {"make": "Tesla", "year_min": 2023, "transmission": "manual"}
    nearest, found = nearest_of(connection, wanted)
    assert nearest["relaxed"] == ["transmission"]
    assert all(vehicle["make"] == "Tesla" and vehicle["year"] >= 2023 for vehicle in found)


def test_two_small_wishes_go_before_the_make(connection):
    wanted = {"make": "Tesla", "fuel_type": "diesel", "price_max": 9_000}
    nearest, found = nearest_of(connection, wanted)
    assert set(nearest["relaxed"]) == {"fuel_type", "price_max"}
    assert {vehicle["make"] for vehicle in found} == {"Tesla"}


def test_above_the_price_the_cheapest_comes_first(connection):
    nearest, found = nearest_of(connection, {"make": "Toyota", "model": "RAV4", "price_max": 500})
    prices = [vehicle["price"]["amount_minor"] for vehicle in found]
    assert nearest["relaxed"] == ["price_max"]
    assert prices == sorted(prices)
    assert (
        vehicles.search(connection, {"model": "RAV4"}, sort="price_asc", page_size=1)["vehicles"][
            0
        ]["vehicle_id"]
        == found[0]["vehicle_id"]
    )


def test_what_nobody_makes_gives_up_everything(connection):
    nearest, found = nearest_of(connection, {"make": "Zzyzx", "model": "Qwrtp", "price_max": 500})
    assert set(nearest["relaxed"]) == {"make", "model", "price_max"}
    assert len(found) == 6


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(criteria=some_criteria)
def test_there_is_always_something_near_and_it_fits_what_was_kept(inventory, criteria):
    with inventory.begin() as connection:
        found = vehicles.search(connection, criteria)
        nearest = found["nearest"]
        if nearest is None:
            return
        kept = {
            name: value for name, value in criteria.items() if name not in nearest["relaxed"]
        } | nearest["corrected"]
        assert vehicles.count(connection, kept)["total"] == nearest["total"] > 0
    assert 0 < len(found["vehicles"]) <= 6
