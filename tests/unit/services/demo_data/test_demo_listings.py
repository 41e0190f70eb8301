"""The demonstration data: real models, plausible prices, the same on every machine."""

from collections import Counter, defaultdict
from statistics import mean

from trex_app.core.values import vin_fault
from trex_app.services.demo_data.facts import dealers, models
from trex_app.services.demo_data.listings import DEMO_DAY, DEMO_YEAR, generate
from trex_app.services.demo_data.loading import LISTING_COUNT
from trex_app.services.vehicles.vocabulary import (
    BODY_TYPES,
    FUEL_TYPES,
    KNOWN_MAKES,
    TRANSMISSIONS,
)

LISTINGS = list(generate(LISTING_COUNT))


def test_there_are_enough_of_everything():
    assert len(LISTINGS) >= 2_000
    assert len(dealers()) == 60
    assert len(models()) >= 60
    assert {row["body_type"] for row in LISTINGS} == set(BODY_TYPES)
    assert {row["fuel_type"] for row in LISTINGS} == set(FUEL_TYPES)
    assert {row["transmission"] for row in LISTINGS} == set(TRANSMISSIONS)
    assert {row["make"] for row in LISTINGS} <= set(KNOWN_MAKES)
    assert min(Counter(row["fuel_type"] for row in LISTINGS).values()) >= 100
    assert {(row["make"], row["model"]) for row in LISTINGS} == {
        (facts.make, facts.model) for facts in models()
    }


def test_the_same_count_makes_the_same_listings():
    assert list(generate(50)) == LISTINGS[:50]


def test_ids_stock_numbers_and_vins_are_unique_and_vins_are_right():
    for name in ("vehicle_id", "vin"):
        assert len({row[name] for row in LISTINGS}) == LISTING_COUNT
    assert len({(row["dealer_id"], row["stock_number"]) for row in LISTINGS}) == LISTING_COUNT
    assert [row["vin"] for row in LISTINGS if vin_fault(row["vin"])] == []


def test_every_dealer_sells_only_makes_it_carries():
    carried = {dealer.dealer_id: dealer.makes for dealer in dealers()}
    assert all(row["make"] in carried[row["dealer_id"]] for row in LISTINGS)
    assert Counter(row["dealer_id"] for row in LISTINGS).keys() == carried.keys()


def test_prices_are_plausible():
    prices = [row["price_minor"] // 100 for row in LISTINGS]
    assert min(prices) >= 2_500
    assert max(prices) <= 110_000
    by_age = defaultdict(list)
    for row in LISTINGS:
        by_age[DEMO_YEAR - row["year"]].append(row["price_minor"])
    assert mean(by_age[0]) > mean(by_age[3]) > mean(by_age[6]) > mean(by_age[10])


def test_use_and_days_are_plausible():
    for row in LISTINGS:
        age = DEMO_YEAR - row["year"]
        assert 0 <= row["mileage_km"] <= (age + 1) * 30_000
        assert 0 <= (DEMO_DAY - row["listed_on"]).days <= 90


def test_electric_vehicles_are_never_manual_and_consume_kilowatt_hours():
    electric = [row for row in LISTINGS if row["fuel_type"] == "electric"]
    assert {row["transmission"] for row in electric} == {"automatic"}
    assert all(10 < row["consumption_per_100_km"] < 35 for row in electric)
    others = [row for row in LISTINGS if row["fuel_type"] != "electric"]
    assert all(3 < row["consumption_per_100_km"] < 15 for row in others)
