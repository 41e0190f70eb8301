"""Reasons: true sentences about a vehicle for a person."""

from dataclasses import replace

from tests.unit.services.carin.test_scores import CAR
from trex_app.services.carin.answers import Answers
from trex_app.services.carin.reasons import reasons_for
from trex_app.services.carin.scores import weights_of

ANSWERS = Answers(budget_max=21_000, annual_distance_km=10_000, priorities=("economy", "space"))


def reasons(candidate=CAR, answers=ANSWERS, locale="en"):
    return reasons_for(candidate, answers, weights_of(answers), locale)


def test_the_sentences_hold_the_facts():
    assert reasons() == [
        "It costs $20,000, which leaves $1,000 of your budget.",
        "It uses 6.0 l per 100 km: about $540 of fuel a year for your 10,000 km.",
        "It has 5 seats and 450 litres of room for luggage.",
        "For comfort it has heated seats.",
        "It is from 2022 and has done 40,000 km.",
    ]


def test_a_budget_met_to_the_cent_is_said_as_such():
    exact = replace(ANSWERS, budget_max=20_000)
    assert reasons(answers=exact)[0] == "It costs $20,000, exactly your budget."


def test_an_electric_vehicle_uses_kilowatt_hours():
    electric = replace(CAR, fuel_type="electric", consumption_per_100_km=16.0)
    assert "16.0 kWh per 100 km: about $272 of electricity a year" in reasons(electric)[1]


def test_what_is_not_known_is_not_said():
    unsaid = replace(
        CAR,
        consumption_per_100_km=None,
        boot_litres=None,
        seats=None,
        power_kw=None,
        safety_stars=None,
        features=(),
    )
    assert reasons(unsaid, Answers()) == ["It is from 2022 and has done 40,000 km."]


def test_a_pickup_has_a_load_bed():
    pickup = replace(CAR, body_type="pickup", boot_litres=None)
    assert "It has 5 seats and an open load bed." in reasons(pickup)


def test_in_german_nothing_is_left_in_english():
    preferring = replace(ANSWERS, fuel_preference=("petrol",), priorities=("comfort", "safety"))
    for sentence in reasons(answers=preferring, locale="de"):
        assert not {"it", "has", "your", "and", "of"} & set(sentence.lower().split())
