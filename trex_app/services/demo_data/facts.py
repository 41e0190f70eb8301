"""The facts the demonstration data is made from: two compact tables, read once."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from trex_app.core.values import GeoPoint


@dataclass(frozen=True, slots=True)
class Powertrain:
    """One way a model is driven. Consumption is litres (kWh for electric) per 100 km."""

    fuel_type: str
    power_kw: int
    consumption_per_100_km: float
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known of a model. `new_price` is whole USD; `safety_stars` None where not rated."""

    make: str
    model: str
    body_type: str
    seats: int
    boot_litres: int | None
    safety_stars: int | None
    new_price: int
    vin_prefix: str
    powertrains: tuple[Powertrain, ...]


@dataclass(frozen=True, slots=True)
class DealerFacts:
    """An invented dealer at a real place, with the makes it carries."""

    dealer_id: str
    name: str
    street: str
    city: str
    region: str
    postal_code: str
    point: GeoPoint
    phone: str
    makes: tuple[str, ...]


@lru_cache(maxsize=1)
def models() -> tuple[ModelFacts, ...]:
    """Every model of `models.csv`."""
    return tuple(_model(row) for row in _rows("models.csv"))


@lru_cache(maxsize=1)
def dealers() -> tuple[DealerFacts, ...]:
    """Every dealer of `dealers.csv`."""
    return tuple(_dealer(row) for row in _rows("dealers.csv"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files("trex_app.services.demo_data").joinpath(name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def _model(row: dict[str, str]) -> ModelFacts:
    years = (int(row["first_year"]), int(row["last_year"]))
    return ModelFacts(
        make=row["make"],
        model=row["model"],
        body_type=row["body_type"],
        seats=int(row["seats"]),
        boot_litres=int(row["boot_litres"]) or None,
        safety_stars=int(row["safety_stars"]) or None,
        new_price=int(row["new_price"]),
        vin_prefix=row["vin_prefix"],
        powertrains=tuple(_powertrain(text, years) for text in row["powertrains"].split(";")),
    )


def _powertrain(text: str, model_years: tuple[int, int]) -> Powertrain:
    """`"diesel 110 6.4 2014-2015"`; without years of its own it is made as long as the model."""
    fuel_type, power_kw, consumption, *span = text.split()
    first_year, last_year = map(int, span[0].split("-")) if span else model_years
    return Powertrain(fuel_type, int(power_kw), float(consumption), first_year, last_year)


def _dealer(row: dict[str, str]) -> DealerFacts:
    return DealerFacts(
        dealer_id=row["dealer_id"],
        name=row["name"],
        street=row["street"],
        city=row["city"],
        region=row["region"],
        postal_code=row["postal_code"],
        point=GeoPoint(float(row["latitude"]), float(row["longitude"])),
        phone=row["phone"],
        makes=tuple(row["makes"].split(";")),
    )
