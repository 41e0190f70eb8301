"""The nearest matches when nothing fits: which criterion to give up first, and saying so."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, literal, select

from trex_app.db.tables.vehicles import VEHICLES
from trex_app.services.vehicles.criteria import Criteria
from trex_app.services.vehicles.listings import summary_of
from trex_app.services.vehicles.shapes import Nearest, VehicleSummary
from trex_app.services.vehicles.statements import (
    V,
    conditions_by_name,
    count,
    listing,
    order,
)
from trex_app.services.vehicles.suggestions import corrected_spelling

NEAREST_LIMIT: Final = 6
WORTH: Final[Mapping[str, int]] = {
    "transmission": 1,
    "distance_max_km": 2,
    "mileage_max_km": 2,
    "price_min": 2,
    "year_max": 3,
    "year_min": 3,
    "price_max": 4,
    "fuel_type": 5,
    "body_type": 6,
    "model": 9,
    "make": 14,
}
"""What giving up a criterion costs a person: two small wishes go before one great one."""


def nearest_to(connection: Connection, criteria: Criteria) -> tuple[Nearest, list[VehicleSummary]]:
    """The vehicles nearest to criteria that nothing fits, and what was given up for them.

    Tries a corrected spelling first, then gives up what is worth least. What was given up orders
    the answer: without `price_max` the cheapest comes first.
    """
    corrected = corrected_spelling(connection, criteria.make, criteria.model)
    spelled = replace(criteria, **corrected) if corrected else criteria
    relaxed = _least_to_give_up(connection, spelled)
    kept = replace(spelled, **dict.fromkeys(relaxed))
    total = connection.scalars(count(kept)).one()
    ordering = [*_closest_first(relaxed), *order("relevance", kept.origin)]
    rows = connection.execute(listing(kept).order_by(*ordering).limit(NEAREST_LIMIT))
    vehicles = [summary_of(row, kept.origin) for row in rows]
    still_corrected = {
        name: spelling for name, spelling in corrected.items() if name not in relaxed and vehicles
    }
    return {"relaxed": relaxed, "corrected": still_corrected, "total": total}, vehicles


def _least_to_give_up(connection: Connection, criteria: Criteria) -> list[str]:
    """The criteria that the vehicle which misses the least of their worth does not meet.

    One pass over the inventory, however many criteria there are.
    """
    clauses = conditions_by_name(criteria)
    missed = {name: case((clause, 0), else_=WORTH[name]) for name, clause in clauses.items()}
    if not missed:
        return []
    columns = [cost.label(name) for name, cost in missed.items()]
    total_cost = sum(missed.values(), start=literal(0))
    statement = select(*columns).select_from(VEHICLES).order_by(total_cost, V.vehicle_id).limit(1)
    best = connection.execute(statement).mappings().first()
    return [name for name in WORTH if best is not None and best.get(name)]


def _closest_first(relaxed: list[str]) -> list[ColumnElement[Any]]:
    """Order by closeness to the most valued limit that was given up, where it has an order."""
    closest = {
        "price_max": V.price_minor.asc(),
        "price_min": V.price_minor.desc(),
        "year_min": V.year.desc(),
        "year_max": V.year.asc(),
        "mileage_max_km": V.mileage_km.asc(),
    }
    return [closest[name] for name in reversed(relaxed) if name in closest]
