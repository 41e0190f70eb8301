"""Where a postal code is: the centre of its area, with how far off that may be.

The table knows three-digit areas of the United States (and a few whole codes), so a place is as
precise as `precision_km` says and no better: a dozen kilometres in a city, hundreds in Alaska.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from trex_app.core.errors import ValidationFailed
from trex_app.core.values import GeoPoint, PostalCode

_PREFIX_LENGTHS: Final = (5, 3)


@dataclass(frozen=True, slots=True)
class Place:
    """The centre of a postal area; the true place lies within about `precision_km` of it."""

    name: str
    region: str
    point: GeoPoint
    precision_km: int


def locate(postal_code: str) -> Place | None:
    """The place of a postal code, or None for one that is malformed or not in the table."""
    try:
        code = PostalCode.parse(postal_code).value
    except ValidationFailed:
        return None
    areas = _areas()
    found = (areas.get(code[:length]) for length in _PREFIX_LENGTHS)
    return next((place for place in found if place is not None), None)


@lru_cache(maxsize=1)
def _areas() -> dict[str, Place]:
    """Prefix → place. Where a city's area lies inside a state's, the more precise one counts."""
    areas: dict[str, Place] = {}
    source = files("trex_app.services").joinpath("postal_areas.csv")
    with source.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            point = GeoPoint(float(row["latitude"]), float(row["longitude"]))
            place = Place(row["place"], row["region"], point, int(row["precision_km"]))
            for prefix in _prefixes(row["prefixes"]):
                known = areas.get(prefix)
                if known is None or place.precision_km < known.precision_km:
                    areas[prefix] = place
    return areas


def _prefixes(span: str) -> list[str]:
    """`"006-009"` → 006, 007, 008, 009."""
    first, last = span.split("-")
    return [f"{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]
