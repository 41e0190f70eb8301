"""Criteria as SQL: conditions, orders and distances that SQLite and PostgreSQL both understand."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, literal, null, select

from trex_app.core.market import MARKET
from trex_app.core.values import GeoPoint, minor_units, squared_chord
from trex_app.db.tables.dealers import DEALERS
from trex_app.db.tables.vehicles import VEHICLES
from trex_app.services.vehicles.criteria import Criteria
from trex_app.services.vehicles.vocabulary import (
    body_type_of,
    canonical_make,
    comparison_key,
    fuel_type_of,
    transmission_of,
)

V: Final = VEHICLES.c
D: Final = DEALERS.c
LISTED_WITH_DEALER: Final = VEHICLES.join(DEALERS, V.dealer_id == D.dealer_id)
SORTS: Final = (
    "relevance",
    "price_asc",
    "price_desc",
    "mileage_asc",
    "mileage_desc",
    "year_asc",
    "year_desc",
    "distance",
)

Rows = Select[*tuple[Any, ...]]
"""A statement whose columns are read by name."""

_KM_PER_POINT: Final = 10_000
_POINTS_PER_YEAR: Final = 2
_DISTANCE_POINTS: Final[Mapping[float, int]] = {50.0: 0, 150.0: 2, 400.0: 5, 1000.0: 9}
_FAR_POINTS: Final = 12


_WORDS: Final[Mapping[str, tuple[ColumnElement[str | None], Callable[[str], str | None]]]] = {
    "make": (V.make_key, lambda text: comparison_key(canonical_make(text))),
    "model": (V.model_key, comparison_key),
    "body_type": (V.body_type, body_type_of),
    "fuel_type": (V.fuel_type, fuel_type_of),
    "transmission": (V.transmission, transmission_of),
}
_PER_UNIT: Final = minor_units(MARKET.currency)
_BOUNDS: Final[Mapping[str, Callable[[int], ColumnElement[bool]]]] = {
    "year_min": lambda year: V.year >= year,
    "year_max": lambda year: V.year <= year,
    "price_min": lambda price: V.price_minor >= price * _PER_UNIT,
    "price_max": lambda price: V.price_minor <= price * _PER_UNIT,
    "mileage_max_km": lambda mileage_km: V.mileage_km <= mileage_km,
}


def conditions(criteria: Criteria) -> list[ColumnElement[bool]]:
    """The WHERE clauses of the criteria. A word outside the vocabulary matches nothing."""
    return list(conditions_by_name(criteria).values())


def conditions_by_name(criteria: Criteria) -> dict[str, ColumnElement[bool]]:
    """What each given criterion demands of a row; one that demands nothing is left out."""
    given = criteria.given()
    clauses = {
        name: column == (meaning(str(given[name])) or "")
        for name, (column, meaning) in _WORDS.items()
        if name in given
    }
    clauses |= {name: within(int(given[name])) for name, within in _BOUNDS.items() if name in given}
    origin = criteria.origin
    if origin is not None and criteria.distance_max_km is not None:
        reach = squared_chord(float(criteria.distance_max_km))
        within_reach = select(D.dealer_id).where(chord_from(origin) <= reach)
        clauses["distance_max_km"] = V.dealer_id.in_(within_reach)
    return clauses


def chord_from(origin: GeoPoint) -> ColumnElement[float]:
    """The squared chord from a point to the dealer: it orders exactly as the distance does."""
    x, y, z = origin.unit_vector()
    return (
        (D.unit_x - x) * (D.unit_x - x)
        + (D.unit_y - y) * (D.unit_y - y)
        + (D.unit_z - z) * (D.unit_z - z)
    )


def order(sort: str, origin: GeoPoint | None) -> list[ColumnElement[Any]]:
    """The ORDER BY of a sort. The id comes last, so that pages never overlap."""
    by_price = V.price_minor.asc()
    orders: dict[str, list[ColumnElement[Any]]] = {
        "price_asc": [by_price],
        "price_desc": [V.price_minor.desc()],
        "mileage_asc": [V.mileage_km.asc(), by_price],
        "mileage_desc": [V.mileage_km.desc(), by_price],
        "year_asc": [V.year.asc(), by_price],
        "year_desc": [V.year.desc(), by_price],
    }
    if sort == "distance" and origin is not None:
        return [chord_from(origin).asc().nulls_last(), by_price, V.vehicle_id]
    return [*orders.get(sort, [relevance_cost(origin), by_price]), V.vehicle_id]


def relevance_cost(origin: GeoPoint | None) -> ColumnElement[int]:
    """What speaks against a hit, in points: use, age and the way to it.

    Every 10,000 km cost one point, every year two, and the way to the dealer up to twelve.
    """
    cost = V.mileage_km / literal(float(_KM_PER_POINT)) - V.year * _POINTS_PER_YEAR
    if origin is None:
        return cost
    chord = chord_from(origin)
    bands = [(chord <= squared_chord(km), points) for km, points in _DISTANCE_POINTS.items()]
    return cost + case(*bands, else_=_FAR_POINTS)


def listing(criteria: Criteria) -> Rows:
    """All columns of the vehicles that fit, with their dealers, and the squared chord to them."""
    origin = criteria.origin
    chord = chord_from(origin) if origin else null()
    return (
        select(
            *VEHICLES.c,
            D.name.label("dealer_name"),
            D.city.label("dealer_city"),
            D.latitude.label("dealer_latitude"),
            D.longitude.label("dealer_longitude"),
            chord.label("chord"),
        )
        .select_from(LISTED_WITH_DEALER)
        .where(*conditions(criteria))
    )


def count(criteria: Criteria) -> Select[int]:
    """How many vehicles fit."""
    return select(func.count()).select_from(VEHICLES).where(*conditions(criteria))
