"""Scores: each respect follows its facts, and weights follow the answers."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from trex_app.services.carin.answers import PRIORITIES, Answers
from trex_app.services.carin.scores import (
    RESPECTS,
    Candidate,
    scores_of,
    weighted,
    weights_of,
)

CAR = Candidate(
    vehicle_id="v1",
    year=2022,
    price_minor=2_000_000,
    currency="USD",
    mileage_km=40_000,
    body_type="sedan",
    fuel_type="petrol",
    transmission="automatic",
    seats=5,
    power_kw=120,
    consumption_per_100_km=6.0,
    boot_litres=450,
    safety_stars=5,
    features=("Heated seats", "Backup camera"),
)


def score(respect, **facts):
    return scores_of(replace(CAR, **facts), 2025)[respect]


def test_each_respect_follows_its_facts():
    assert score("economy", consumption_per_100_km=4.0) > score("economy") > 0
    assert score("economy", fuel_type="electric", consumption_per_100_km=16.0) > score("economy")
    assert score("comfort", features=("Heated seats", "Leather seats")) > score("comfort")
    assert score("comfort", transmission="manual") < score("comfort")
    assert score("safety", safety_stars=3) < score("safety")
    assert score("safety", features=("Automatic emergency braking", "Backup camera")) > score(
        "safety"
    )
    assert score("performance", power_kw=250) > score("performance")
    assert score("space", boot_litres=900) > score("space")
    assert score("space", seats=7) > score("space")
    assert score("space", body_type="pickup", boot_litres=None) > score("space")
    assert score("condition", year=2018) < score("condition")
    assert score("condition", mileage_km=150_000) < score("condition")


def test_what_the_dealer_did_not_say_counts_neither_for_nor_against():
    unsaid = replace(
        CAR,
        power_kw=None,
        consumption_per_100_km=None,
        boot_litres=None,
        safety_stars=None,
        seats=None,
        transmission=None,
        features=(),
    )
    scores = scores_of(unsaid, 2025)
    assert all(25 <= scores[respect] <= 60 for respect in PRIORITIES)


@given(
    st.builds(
        Candidate,
        vehicle_id=st.just("v"),
        year=st.integers(1900, 2026),
        price_minor=st.integers(1, 10**9),
        currency=st.just("USD"),
        mileage_km=st.integers(0, 2_000_000),
        body_type=st.sampled_from(["sedan", "pickup"]),
        fuel_type=st.sampled_from(["petrol", "hybrid", "electric", "diesel", "plug_in_hybrid"]),
        transmission=st.sampled_from(["automatic", "manual", None]),
        seats=st.none() | st.integers(1, 20),
        power_kw=st.none() | st.integers(1, 2_000),
        consumption_per_100_km=st.none() | st.floats(0.1, 100),
        boot_litres=st.none() | st.integers(0, 20_000),
        safety_stars=st.none() | st.integers(0, 5),
        features=st.just(()),
    )
)
def test_every_score_lies_between_0_and_100(candidate):
    scores = scores_of(candidate, 2025)
    assert set(scores) == set(RESPECTS)
    assert all(0 <= value <= 100 for value in scores.values())
    assert 0 <= weighted(scores, weights_of(Answers())) <= 100_000


def test_the_first_priority_weighs_most():
    weights = weights_of(Answers(priorities=("comfort", "space")))
    assert weights["comfort"] > weights["space"] > weights["safety"] == weights["economy"]


def test_usage_and_long_ways_add_weight():
    nothing = weights_of(Answers())
    assert weights_of(Answers(usage=("family",)))["space"] > nothing["space"]
    assert weights_of(Answers(annual_distance_km=40_000))["economy"] > nothing["economy"]


@given(st.permutations(PRIORITIES))
def test_doing_better_in_one_respect_never_lowers_the_match(priorities):
    weights = weights_of(Answers(priorities=tuple(priorities)))
    better = replace(CAR, power_kw=200)
    assert weighted(scores_of(better, 2025), weights) >= weighted(scores_of(CAR, 2025), weights)
