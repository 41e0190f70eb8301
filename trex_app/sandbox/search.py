"""Searching the sandbox's vehicles: wishes read from a query, hits, their order, their facets."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from trex_app.core.market import MARKET
from trex_app.core.values import GeoPoint, minor_units
from trex_app.sandbox.stock import Listing, plain, plain_make, point_of
from trex_app.sandbox.wire import invalid, whole_number

NUMBERS: Final = (
    "yearMin",
    "yearMax",
    "priceMinMinor",
    "priceMaxMinor",
    "mileageMaxKm",
    "distanceMaxKm",
)
WORDS: Final = ("make", "model", "bodyType", "fuelType", "transmission")
NUMBER_LIMIT: Final = 10_000_000_000
TEXT_LIMIT: Final = 100
SORTS: Final = (
    *("relevance", "price", "-price", "mileage", "-mileage", "year", "-year"),
    "distance",
)
BAND_STARTS: Final = (0, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 75_000)
"""Where the price bands begin, in whole currency units."""

Wish = Callable[[Listing], bool]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is searched for: the value of each parameter that was given, and from where."""

    given: Mapping[str, int | str]
    origin: GeoPoint | None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Wishes":
        """Read a query. Raises Refused for a number that is none and a text that is too long."""
        numbers = {name: whole_number(query, name, 0, NUMBER_LIMIT) for name in NUMBERS}
        words = {name: query.get(name, "").strip() or None for name in (*WORDS, "postalCode")}
        for name, word in words.items():
            if word is not None and len(word) > TEXT_LIMIT:
                raise invalid(name, f"may have at most {TEXT_LIMIT} characters.")
        if query.get("currency", MARKET.currency) not in ("", MARKET.currency):
            raise invalid("currency", f"must be {MARKET.currency}.")
        postal_code = words.pop("postalCode")
        origin = point_of(postal_code) if postal_code else None
        if origin is None:
            numbers["distanceMaxKm"] = None
        given = {name: value for name, value in (numbers | words).items() if value is not None}
        return cls(given, origin)

    def without(self, names: Sequence[str]) -> "Wishes":
        """The same without some of them."""
        kept = {name: value for name, value in self.given.items() if name not in names}
        return Wishes(kept, self.origin)

    def tests(self) -> dict[str, Wish]:
        """What each wish demands of a vehicle."""
        return {name: _wish(name, value, self.origin) for name, value in self.given.items()}

    def hits(self, stock: Sequence[Listing]) -> list[Listing]:
        """The vehicles that fulfil all of them."""
        tests = list(self.tests().values())
        return [listing for listing in stock if all(test(listing) for test in tests)]


_BOUNDS: Final[Mapping[str, tuple[str, int]]] = {
    # the column, and 1 for a lower bound, -1 for an upper one
    "yearMin": ("year", 1),
    "yearMax": ("year", -1),
    "priceMinMinor": ("price_minor", 1),
    "priceMaxMinor": ("price_minor", -1),
    "mileageMaxKm": ("mileage_km", -1),
}
_COLUMN_OF: Final = {"bodyType": "body_type", "fuelType": "fuel_type"}


def _wish(name: str, value: Any, origin: GeoPoint | None) -> Wish:
    if name in _BOUNDS:
        column, sign = _BOUNDS[name]
        return lambda listing: sign * listing.row[column] >= sign * value
    if name == "distanceMaxKm" and origin is not None:
        return lambda listing: listing.km_from(origin) <= value
    if name == "make":
        make = plain_make(value)
        return lambda listing: listing.make_key == make
    if name == "model":
        model = plain(value)
        return lambda listing: listing.model_key == model
    word, column = value.lower(), _COLUMN_OF.get(name, name)
    return lambda listing: listing.row[column] == word


def in_order(hits: Sequence[Listing], sort: str, origin: GeoPoint | None) -> list[Listing]:
    """The hits in a sort's order; the id comes last, so that pages never overlap."""
    column, sign = sort.lstrip("-"), -1 if sort.startswith("-") else 1
    columns = {"price": "price_minor", "mileage": "mileage_km", "year": "year"}

    def rank(listing: Listing) -> tuple[float, int, str]:
        if column in columns:
            first = sign * listing.row[columns[column]]
        elif sort == "distance" and origin is not None:
            first = listing.km_from(origin)
        else:
            first = _drawbacks(listing, origin)
        return first, listing.row["price_minor"], listing.vehicle_id

    return sorted(hits, key=rank)


def _drawbacks(listing: Listing, origin: GeoPoint | None) -> float:
    """What speaks against a vehicle: use, age, and the way to it."""
    km = 0.0 if origin is None else listing.km_from(origin)
    return listing.row["mileage_km"] / 10_000 - 2 * listing.row["year"] + min(12.0, km / 80)


def facets(hits: Sequence[Listing]) -> dict[str, list[dict[str, Any]]]:
    """How the hits spread; the counts of each facet sum to how many there are."""
    models = Counter((hit.row["make"], hit.row["model"]) for hit in hits)
    years = Counter(hit.row["year"] for hit in hits)
    return {
        "make": _words(Counter(hit.row["make"] for hit in hits)),
        "model": [
            {"value": model, "make": make, "count": count}
            for (make, model), count in sorted(
                models.items(), key=lambda item: (-item[1], item[0][1], item[0][0])
            )
        ],
        "bodyType": _words(Counter(hit.row["body_type"].upper() for hit in hits)),
        "fuelType": _words(Counter(hit.row["fuel_type"].upper() for hit in hits)),
        "price": _bands(hits),
        "year": [{"value": year, "count": years[year]} for year in sorted(years, reverse=True)],
    }


def _words(counts: Counter[str]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"value": value, "count": count} for value, count in ordered]


def _bands(hits: Sequence[Listing]) -> list[dict[str, Any]]:
    per_unit = minor_units(MARKET.currency)
    starts = [start * per_unit for start in BAND_STARTS]
    counts = Counter(
        max(index for index, start in enumerate(starts) if hit.row["price_minor"] >= start)
        for hit in hits
    )
    return [
        {
            "fromMinor": starts[index],
            "toMinor": starts[index + 1] if index + 1 < len(starts) else None,
            "count": counts[index],
        }
        for index in sorted(counts)
    ]
