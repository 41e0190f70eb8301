"""The columns of a feed: what they mean to us, and by which names dealers' systems call them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trex_app.services.vehicles.feed.source import DELIMITERS, FeedUnreadable, split_line
from trex_app.services.vehicles.vocabulary import comparison_key

ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "stock_number": ("stock", "stock no", "stock #", "stock id", "listing id", "bestandsnummer"),
    "dealer_id": ("dealer", "dealer code", "händler"),
    "vin": ("vehicle identification number", "vin number", "fin", "fahrgestellnummer"),
    "make": ("manufacturer", "brand", "marke", "hersteller"),
    "model": ("modell", "model name"),
    "trim": ("series", "version", "variant", "trim level", "ausstattungslinie"),
    "year": ("model year", "baujahr", "modelljahr", "year built"),
    "price": ("asking price", "list price", "internet price", "selling price", "preis"),
    "currency": ("currency code", "währung"),
    "mileage_km": ("mileage", "odometer", "km", "kilometers", "kilometres", "kilometerstand"),
    "mileage_miles": ("miles", "odometer miles", "mileage mi"),
    "body_type": ("body", "body style", "karosserie", "aufbau"),
    "fuel_type": ("fuel", "engine fuel", "kraftstoff", "treibstoff"),
    "transmission": ("gearbox", "getriebe"),
    "seats": ("seating capacity", "number of seats", "sitze"),
    "colour": ("color", "exterior color", "exterior colour", "farbe"),
    "power_kw": ("kw", "leistung kw"),
    "power_hp": ("hp", "horsepower", "ps"),
    "consumption_per_100_km": ("consumption", "l/100km", "kwh/100km", "verbrauch"),
    "boot_litres": ("boot", "cargo litres", "kofferraum"),
    "safety_stars": ("safety rating", "nhtsa rating", "sterne"),
    "features": ("options", "equipment", "ausstattung"),
    "image_url": ("image", "photo", "photo url", "picture", "bild"),
    "listed_on": ("date in stock", "stock date", "eingestellt am"),
}
"""Column → further names for it. Case, accents, spaces and punctuation do not matter."""

REQUIRED: Final = ("stock_number", "make", "model", "year", "price", "body_type", "fuel_type")
MILEAGES: Final = ("mileage_km", "mileage_miles")
EXAMPLE_HEADER: Final = "stock_number,vin,make,model,year,price,mileage_km,body_type,fuel_type"

_MEANINGS: Final[Mapping[str, str]] = {
    comparison_key(name): column
    for column, aliases in ALIASES.items()
    for name in (column, *aliases)
}


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a feed in their order; None for one that means nothing to us."""

    delimiter: str
    columns: tuple[str | None, ...]
    ignored: tuple[str, ...]

    def cells_by_column(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a row by column; a row shorter than the header has empty cells."""
        padded = [*cells, *[""] * (len(self.columns) - len(cells))]
        pairs = zip(self.columns, padded, strict=False)
        return {column: cell for column, cell in pairs if column is not None}


def read_header(line: str) -> Header:
    """Tell delimiter and columns from the header line.

    The delimiter is the one that yields the most columns we know. Raises FeedUnreadable where there
    is no header, a needed column is missing, or two columns mean the same.
    """
    candidates = [_header(line, delimiter) for delimiter in DELIMITERS]
    header = max(candidates, key=lambda candidate: len(_known(candidate)))
    known = _known(header)
    if len(known) < 2:
        raise FeedUnreadable(
            "The first line does not name the columns. It should look like: {example}",
            example=EXAMPLE_HEADER,
        )
    twice = sorted({column for column in known if known.count(column) > 1})
    if twice:
        message = "Two columns mean the same: {columns}. Leave one out."
        raise FeedUnreadable(message, columns=", ".join(twice))
    missing = [column for column in REQUIRED if column not in known]
    if not set(MILEAGES) & set(known):
        missing.append("mileage_km")
    if missing:
        raise FeedUnreadable(
            "These columns are missing: {missing}. Found were: {found}.",
            missing=", ".join(missing),
            found=", ".join([*known, *header.ignored]),
        )
    return header


def _header(line: str, delimiter: str) -> Header:
    names = [name.strip() for name in split_line(line, delimiter)]
    columns = tuple(_MEANINGS.get(comparison_key(name)) for name in names)
    ignored = tuple(
        name for name, column in zip(names, columns, strict=True) if name and column is None
    )
    return Header(delimiter, columns, ignored)


def _known(header: Header) -> list[str]:
    return [column for column in header.columns if column is not None]
