"""How well a vehicle does in each respect, and how much each respect matters to a person.

Scores are whole numbers from 0 to 100 against fixed marks, weights are whole numbers: the same
answers always rank the same vehicles the same way, on every machine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trex_app.core.market import MARKET
from trex_app.services.carin.answers import PRIORITIES, Answers

COMFORT_FEATURES: Final = (
    "Heated seats",
    "Leather seats",
    "Adaptive cruise control",
    "Apple CarPlay and Android Auto",
    "Ventilated seats",
    "Premium audio",
    "Sunroof",
    "Parking sensors",
)
SAFETY_FEATURES: Final = (
    "Automatic emergency braking",
    "Blind spot monitor",
    "Lane keeping assist",
    "Adaptive cruise control",
    "Backup camera",
)
CONDITION: Final = "condition"
RESPECTS: Final = (*PRIORITIES, CONDITION)

# Whoever lists nothing as important weighs all respects alike; the first of five counts fivefold.
_RANK_WEIGHTS: Final = (10, 8, 6, 4, 2)
_UNRANKED_WEIGHT: Final = 2
_CONDITION_WEIGHT: Final = 6
_USAGE_WEIGHTS: Final[Mapping[str, Mapping[str, int]]] = {
    "commute": {"economy": 4, "comfort": 2},
    "family": {"space": 4, "safety": 4},
    "work": {"space": 3, "economy": 2},
    "leisure": {"performance": 3, "comfort": 3},
}
_LONG_WAYS_KM: Final = ((20_000, 2), (30_000, 4))

_CHEAP_CENTS_PER_100_KM: Final = 240
_DEAR_CENTS_PER_100_KM: Final = 1_260
_LOAD_BED_LITRES: Final = 900
_UNKNOWN_SCORE: Final = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """The facts of one vehicle that its scores are made of; None where its dealer did not say."""

    vehicle_id: str
    year: int
    price_minor: int
    currency: str
    mileage_km: int
    body_type: str
    fuel_type: str
    transmission: str | None
    seats: int | None
    power_kw: int | None
    consumption_per_100_km: float | None
    boot_litres: int | None
    safety_stars: int | None
    features: Sequence[str]


def weights_of(answers: Answers) -> dict[str, int]:
    """How much each respect matters, from the ranked priorities, the usage and the distance."""
    weights: dict[str, int] = dict.fromkeys(PRIORITIES, _UNRANKED_WEIGHT)
    weights.update(zip(answers.priorities, _RANK_WEIGHTS, strict=False))
    for usage in answers.usage:
        for respect, extra in _USAGE_WEIGHTS[usage].items():
            weights[respect] += extra
    weights["economy"] += max(
        (extra for km, extra in _LONG_WAYS_KM if answers.annual_distance_km >= km), default=0
    )
    return {**weights, CONDITION: _CONDITION_WEIGHT}


def scores_of(candidate: Candidate, latest_year: int) -> dict[str, int]:
    """The vehicle's score in each respect, 0 to 100."""
    return {
        "economy": _economy(candidate),
        "comfort": _comfort(candidate),
        "safety": _safety(candidate),
        "performance": _performance(candidate),
        "space": _space(candidate),
        CONDITION: _condition(candidate, latest_year),
    }


def weighted(scores: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """The weighted mean of the scores in thousandths of a point, as a whole number."""
    total = sum(weights[respect] * scores[respect] for respect in RESPECTS)
    return total * 1_000 // sum(weights.values())


def energy_cents_per_100_km(candidate: Candidate) -> int | None:
    """What 100 km cost in energy, in minor units, at the market's prices; None if not known."""
    if candidate.consumption_per_100_km is None:
        return None
    prices = MARKET.energy_price_minor
    price = prices.get(candidate.fuel_type, prices["petrol"])
    return round(candidate.consumption_per_100_km * price)


def features_among(candidate: Candidate, wanted: tuple[str, ...]) -> list[str]:
    """Which of the wanted features the vehicle has, in the order of importance."""
    return [feature for feature in wanted if feature in candidate.features]


def _economy(candidate: Candidate) -> int:
    cents = energy_cents_per_100_km(candidate)
    if cents is None:
        return _UNKNOWN_SCORE
    return _share(_DEAR_CENTS_PER_100_KM - cents, _DEAR_CENTS_PER_100_KM - _CHEAP_CENTS_PER_100_KM)


def _comfort(candidate: Candidate) -> int:
    automatic = 10 if candidate.transmission == "automatic" else 0
    return min(100, 26 + automatic + 8 * len(features_among(candidate, COMFORT_FEATURES)))


def _safety(candidate: Candidate) -> int:
    stars = _UNKNOWN_SCORE if candidate.safety_stars is None else 14 * candidate.safety_stars
    return min(100, stars + 6 * len(features_among(candidate, SAFETY_FEATURES)))


def _performance(candidate: Candidate) -> int:
    if candidate.power_kw is None:
        return _UNKNOWN_SCORE
    return _share(candidate.power_kw - 60, 240)


def _space(candidate: Candidate) -> int:
    litres = cargo_litres(candidate)
    cargo = _UNKNOWN_SCORE if litres is None else _share(litres - 150, 850)
    seats = _share((candidate.seats or 4) - 2, 6)
    return (3 * cargo + 2 * seats) // 5


def cargo_litres(candidate: Candidate) -> int | None:
    """Room for luggage; a pickup's open load bed counts as a large boot."""
    return _LOAD_BED_LITRES if candidate.body_type == "pickup" else candidate.boot_litres


def _condition(candidate: Candidate, latest_year: int) -> int:
    age = max(0, latest_year - candidate.year)
    return max(0, 100 - 4 * age - candidate.mileage_km // 5_000)


def _share(part: int, whole: int) -> int:
    """`part` of `whole` as a percentage, kept within 0 and 100."""
    return max(0, min(100, 100 * part // whole))
