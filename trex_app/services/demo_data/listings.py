"""A deterministic generator of listings: the same count and seed give the same vehicles."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from trex_app.core.market import MARKET
from trex_app.core.values import Money, vin_check_digit
from trex_app.services.demo_data.facts import (
    DealerFacts,
    ModelFacts,
    Powertrain,
    dealers,
    models,
)
from trex_app.services.vehicles.identity import vehicle_id_of
from trex_app.services.vehicles.vocabulary import comparison_key

T = TypeVar("T")
DEMO_YEAR: Final = 2025
DEMO_DAY: Final = date(2025, 10, 31)
"""The day the demonstration inventory shows. Fixed, so that it is the same on every machine."""

_VALUE_KEPT: Final = (0.97, 0.86, 0.77, 0.69, 0.62, 0.55, 0.49, 0.43, 0.38, 0.33, 0.29, 0.26)
"""The share of the new price that is left after so many years."""
_KM_PER_YEAR: Final = 18_000
_KM_THAT_COST_EVERYTHING: Final = 500_000
_FUEL_SURCHARGE: Final[Mapping[str, float]] = {
    "petrol": 1.0,
    "diesel": 1.08,
    "hybrid": 1.09,
    "plug_in_hybrid": 1.24,
    "electric": 1.3,
}
_TRIMS: Final[Mapping[str, float]] = {"Base": 1.0, "Plus": 1.08, "Premium": 1.19}
_COLOURS: Final = ("white", "black", "grey", "silver", "blue", "red", "green", "brown", "orange")
_FEATURES: Final = (
    # trim index from which on, first model year, feature
    (0, 2014, "Bluetooth"),
    (0, 2018, "Backup camera"),
    (0, 2021, "Automatic emergency braking"),
    (1, 2016, "Automatic emergency braking"),
    (1, 2017, "Apple CarPlay and Android Auto"),
    (1, 2014, "Heated seats"),
    (1, 2016, "Blind spot monitor"),
    (1, 2018, "Lane keeping assist"),
    (2, 2014, "Leather seats"),
    (2, 2014, "Sunroof"),
    (2, 2016, "Adaptive cruise control"),
    (2, 2014, "Premium audio"),
    (2, 2018, "Ventilated seats"),
    (2, 2015, "Parking sensors"),
)
_MANUAL_SHARE: Final[Mapping[str, float]] = {
    "coupe": 0.25,
    "convertible": 0.3,
    "hatchback": 0.15,
    "sedan": 0.06,
}
_VIN_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_VIN_YEARS: Final = "EFGHJKLMNPRS"  # 2014 to 2025
_FIRST_VIN_YEAR: Final = 2014


class _Draw:
    """Chance that repeats itself: only `random()`, whose sequence Python keeps for good."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - invented data, nothing secret

    def whole(self, low: int, high: int) -> int:
        return low + int(self._random.random() * (high - low + 1))

    def share(self, low: float, high: float) -> float:
        return low + self._random.random() * (high - low)

    def pick(self, items: Sequence[T]) -> T:
        return items[self.whole(0, len(items) - 1)]


def generate(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """`count` rows of the vehicle table, spread evenly over the dealers and their makes."""
    draw = _Draw(seed)
    sold_by = {
        dealer.dealer_id: [facts for facts in models() if facts.make in dealer.makes]
        for dealer in dealers()
    }
    for number in range(count):
        dealer = dealers()[number % len(dealers())]
        facts = draw.pick(sold_by[dealer.dealer_id])
        yield _listing(number, dealer, facts, draw)


def _listing(number: int, dealer: DealerFacts, facts: ModelFacts, draw: _Draw) -> dict[str, Any]:
    powertrain = draw.pick(facts.powertrains)
    year = draw.whole(powertrain.first_year, min(powertrain.last_year, DEMO_YEAR))
    age = DEMO_YEAR - year
    mileage_km = int((age + 0.4) * _KM_PER_YEAR * draw.share(0.45, 1.5)) // 10 * 10
    trim = draw.pick(tuple(_TRIMS))
    stock_number = f"T{number + 1:05d}"
    return {
        "vehicle_id": vehicle_id_of(dealer.dealer_id, stock_number),
        "dealer_id": dealer.dealer_id,
        "stock_number": stock_number,
        "vin": _vin(facts.vin_prefix, year, number, draw),
        "make": facts.make,
        "make_key": comparison_key(facts.make),
        "model": facts.model,
        "model_key": comparison_key(facts.model),
        "trim": trim,
        "year": year,
        "price_minor": _price_minor(facts, powertrain, trim, age, mileage_km, draw),
        "currency": MARKET.currency,
        "mileage_km": mileage_km,
        "body_type": facts.body_type,
        "fuel_type": powertrain.fuel_type,
        "transmission": _transmission(facts, powertrain, draw),
        "seats": facts.seats,
        "colour": draw.pick(_COLOURS),
        "power_kw": powertrain.power_kw,
        "consumption_per_100_km": powertrain.consumption_per_100_km,
        "boot_litres": facts.boot_litres,
        "safety_stars": facts.safety_stars,
        "features": _features(trim, year),
        "image_url": None,
        "listed_on": DEMO_DAY - timedelta(days=draw.whole(0, 90)),
    }


def _price_minor(
    facts: ModelFacts,
    powertrain: Powertrain,
    trim: str,
    age: int,
    mileage_km: int,
    draw: _Draw,
) -> int:
    """New price by fuel and trim, less age and use, give or take six percent, ending in 95."""
    is_always_this_fuel = len({p.fuel_type for p in facts.powertrains}) == 1
    surcharge = 1.0 if is_always_this_fuel else _FUEL_SURCHARGE[powertrain.fuel_type]
    use = 1 - (mileage_km - age * _KM_PER_YEAR) / _KM_THAT_COST_EVERYTHING
    value = facts.new_price * surcharge * _TRIMS[trim] * _VALUE_KEPT[age] * use
    whole = round(value * draw.share(0.94, 1.06) / 100) * 100 - 5
    return Money.of_whole(whole, MARKET.currency).amount_minor


def _transmission(facts: ModelFacts, powertrain: Powertrain, draw: _Draw) -> str:
    share = _MANUAL_SHARE.get(facts.body_type, 0.0)
    is_manual = powertrain.fuel_type == "petrol" and draw.share(0, 1) < share
    return "manual" if is_manual else "automatic"


def _features(trim: str, year: int) -> list[str]:
    level = tuple(_TRIMS).index(trim)
    fitting = (name for lowest, since, name in _FEATURES if level >= lowest and year >= since)
    return list(dict.fromkeys(fitting))


def _vin(prefix: str, year: int, number: int, draw: _Draw) -> str:
    """A VIN with the maker's prefix, the model year and a right check digit; unique by serial.

    The seventh character is a letter, which says that the year is 2010 or later.
    """
    described = prefix + "".join(draw.pick(_VIN_LETTERS) for _ in range(8 - len(prefix)))
    described = described[:6] + draw.pick(_VIN_LETTERS) + described[7:]
    year_code = _VIN_YEARS[year - _FIRST_VIN_YEAR]
    unchecked = f"{described}0{year_code}{draw.pick(_VIN_LETTERS)}{number + 100_001:06d}"
    return unchecked[:8] + vin_check_digit(unchecked) + unchecked[9:]
