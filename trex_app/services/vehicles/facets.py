"""Facets: how the hits of a search spread over makes, models, bodies, fuels, prices and years."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from trex_app.core.market import MARKET
from trex_app.core.values import minor_units
from trex_app.db.tables.vehicles import VEHICLES
from trex_app.services.vehicles.shapes import Count, FacetValue
from trex_app.services.vehicles.statements import V

PRICE_BANDS: Final = (0, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 75_000)
"""Where each price band starts, in whole currency units; the last one is open."""

_FACET_NAMES: Final = ("model", "body_type", "fuel_type", "price", "year")
_Found = tuple[str, str, int]
"""A value of a facet, its make where it is a model, and how many hits have it."""
_NO_MAKE: Final = literal("")


def count_with_facets(connection: Connection, clauses: Sequence[ColumnElement[bool]]) -> Count:
    """Count the hits of WHERE clauses, and their facets.

    One statement, so that all counts see the same moment and each facet sums to the total.
    """
    groupings = (
        _grouping("model", V.model, V.make, clauses),
        _grouping("body_type", V.body_type, _NO_MAKE, clauses),
        _grouping("fuel_type", V.fuel_type, _NO_MAKE, clauses),
        _grouping("price", _band(), _NO_MAKE, clauses),
        _grouping("year", V.year, _NO_MAKE, clauses),
    )
    found: dict[str, list[_Found]] = {name: [] for name in _FACET_NAMES}
    for row in connection.execute(union_all(*groupings)):
        found[row.facet].append((row.value, row.make, row.hits))
    return {
        "total": sum(hits for _, _, hits in found["body_type"]),
        "facets": {
            "make": _makes(found["model"]),
            "model": _models(found["model"]),
            "body_type": _words(found["body_type"]),
            "fuel_type": _words(found["fuel_type"]),
            "price": _bands(found["price"]),
            "year": _years(found["year"]),
        },
    }


def _grouping(
    facet: str,
    value: ColumnElement[Any],
    make: ColumnElement[str],
    clauses: Sequence[ColumnElement[bool]],
) -> Select[str, str, str, int]:
    grouped = (value, make) if make is not _NO_MAKE else (value,)
    return (
        select(
            literal(facet).label("facet"),
            cast(value, String).label("value"),
            make.label("make"),
            func.count().label("hits"),
        )
        .select_from(VEHICLES)
        .where(*clauses)
        .group_by(*grouped)
    )


def _band() -> ColumnElement[int]:
    """The price band of a row, as the index of its lower bound."""
    per_unit = minor_units(MARKET.currency)
    upper_bounds = enumerate(PRICE_BANDS[1:])
    return case(
        *((V.price_minor < upper * per_unit, index) for index, upper in upper_bounds),
        else_=len(PRICE_BANDS) - 1,
    )


def _words(found: Iterable[_Found]) -> list[FacetValue]:
    """Words, the most frequent first."""
    ordered = sorted(found, key=lambda row: (-row[2], row[0]))
    return [{"value": value, "count": hits} for value, _, hits in ordered]


def _makes(found_models: Iterable[_Found]) -> list[FacetValue]:
    counts: Counter[str] = Counter()
    for _, make, hits in found_models:
        counts[make] += hits
    return _words((make, "", hits) for make, hits in counts.items())


def _models(found: Iterable[_Found]) -> list[FacetValue]:
    """Models with their makes: two makes may use the same name."""
    ordered = sorted(found, key=lambda row: (-row[2], row[0], row[1]))
    return [{"value": model, "count": hits, "make": make} for model, make, hits in ordered]


def _years(found: Iterable[_Found]) -> list[FacetValue]:
    """Years, the newest first."""
    ordered = sorted(found, key=lambda row: -int(row[0]))
    return [{"value": int(year), "count": hits} for year, _, hits in ordered]


def _bands(found: Iterable[_Found]) -> list[FacetValue]:
    """Price bands from cheap to dear, named "20000-25000" and "75000-"."""
    bands: list[FacetValue] = []
    for index, hits in sorted((int(value), hits) for value, _, hits in found):
        lower = PRICE_BANDS[index]
        upper = PRICE_BANDS[index + 1] if index + 1 < len(PRICE_BANDS) else None
        name = f"{lower}-{'' if upper is None else upper}"
        bands.append({"value": name, "count": hits, "min": lower, "max": upper})
    return bands
