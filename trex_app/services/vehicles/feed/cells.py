"""The cells of a row as values of the inventory; each fault is a sentence for the dealer."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from trex_app.core.market import MARKET
from trex_app.core.values import Vin, minor_units, vin_fault
from trex_app.services.vehicles.vocabulary import (
    BODY_TYPES,
    FUEL_TYPES,
    TRANSMISSIONS,
    body_type_of,
    canonical_make,
    fuel_type_of,
    transmission_of,
)

KM_PER_MILE: Final = Decimal("1.609344")
KW_PER_HP: Final = Decimal("0.7457")
FIRST_YEAR: Final = 1900
NOT_SAID: Final = frozenset({"", "-", "--", "n/a", "null"})
_INVISIBLE: Final = {"Cc": " ", "Cf": ""}
"""Unicode categories of control and formatting characters, with what stands in for them."""
FORMULA_STARTS: Final = frozenset("=+-@\t\r\n")

_GROUPED: Final = re.compile(r"\d{1,3}([.,' ])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d{1,2})?", re.ASCII)
_PLAIN: Final = re.compile(r"\d+(?:[.,]\d{1,2})?", re.ASCII)
_UNITS: Final = re.compile(
    r"[$€£]|(?i:\b(?:usd|eur|gbp|km|mi|miles|kw|hp|ps|l|kwh)\b(?:/100\s?km)?)"
)


class CellFault(ValueError):
    """What is wrong with a cell, as a sentence."""


def neutral(text: str) -> str:
    """The text made harmless: no control characters, and no formula where it is exported again.

    A spreadsheet runs a cell that begins with =, +, - or @ (also full-width), a tab or a line
    break; an apostrophe in front makes it text (OWASP, CSV injection).
    """
    return f"'{_visible(text)}" if is_formula(text) else _visible(text)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text, as it is or without what cannot be seen."""
    starts = (text[:1], _visible(text)[:1])
    return any(unicodedata.normalize("NFKC", start) in FORMULA_STARTS for start in starts)


def _visible(text: str) -> str:
    return "".join(_INVISIBLE.get(unicodedata.category(c), c) for c in text).strip()


def said(cell: str) -> str:
    """The cell without the blanks around it; "" where it says nothing ("-", "n/a")."""
    plain = cell.strip(" \N{NO-BREAK SPACE}")
    return "" if plain.strip().casefold() in NOT_SAID else plain


def number(text: str) -> Decimal:
    """A number as people write it: 24500, 24,500.00, 24.500,00, $24,500, 41 000 km.

    A single separator before exactly three digits groups thousands. Raises CellFault.
    """
    plain = _UNITS.sub("", text).replace("\N{NO-BREAK SPACE}", " ").strip()
    is_negative = plain.startswith(("-", "\N{MINUS SIGN}"))
    if is_negative:
        raise CellFault("The number must not be negative.")
    if grouped := _GROUPED.fullmatch(plain):
        plain = plain.replace(grouped.group(1), "")
    elif not _PLAIN.fullmatch(plain):
        raise CellFault(f"“{shown(text)}” is not a number.")
    return Decimal(plain.replace(",", "."))


def shown(text: str) -> str:
    """The beginning of a cell, as a message may quote it."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain if len(plain) <= 40 else f"{plain[:40]}…"


def _whole(lowest: int, highest: int, factor: Decimal = Decimal(1)) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int((number(text) * factor).to_integral_value())
        if not lowest <= value <= highest:
            raise CellFault(f"{value:,} is out of range ({lowest:,} to {highest:,}).")
        return value

    return read


def _text(max_length: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        plain = neutral(text)
        if len(plain) > max_length:
            raise CellFault(f"The text is longer than {max_length} characters.")
        return plain

    return read


def _word(meaning: Callable[[str], str | None], known: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        word = meaning(text)
        if word is None:
            raise CellFault(f"“{shown(text)}” is not known. Known are: {', '.join(known)}.")
        return word

    return read


def _vin(text: str) -> str:
    if fault := vin_fault(text):
        raise CellFault(fault.message)
    return Vin.parse(text).value


def _price_minor(text: str) -> int:
    minor = number(text) * minor_units(MARKET.currency)
    if not 0 < minor <= 10_000_000 * minor_units(MARKET.currency) or minor != int(minor):
        raise CellFault(f"“{shown(text)}” is not a price between 0.01 and 10,000,000.")
    return int(minor)


def _currency(text: str) -> str:
    if text.upper() != MARKET.currency:
        raise CellFault(f"Prices here are in {MARKET.currency}, not in {shown(text)}.")
    return MARKET.currency


def _consumption(text: str) -> float:
    value = number(text)
    if not 0 < value <= 100:
        raise CellFault(f"“{shown(text)}” is no consumption per 100 km.")
    return float(value)


def _features(text: str) -> list[str]:
    names = (_text(60)(name.strip()) for name in re.split(r"[|;]", text))
    return list(dict.fromkeys(name for name in names if name))[:60]


def _image_url(text: str) -> str:
    try:
        url = urlsplit(text)
    except ValueError as error:
        raise CellFault(f"“{shown(text)}” is not a web address.") from error
    is_web_address = url.scheme in ("http", "https") and url.netloc and text.isprintable()
    if not is_web_address or " " in text or len(text) > 500:
        raise CellFault(f"“{shown(text)}” is not a web address (https://…).")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CellFault(f"“{shown(text)}” is not a date like 2025-10-31.") from error


def _year(latest_year: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        is_year = re.fullmatch(r"[0-9]{4}", text) and FIRST_YEAR <= int(text) <= latest_year
        if not is_year:
            raise CellFault(
                f"“{shown(text)}” is not a year from {FIRST_YEAR} to {latest_year}, in four digits."
            )
        return int(text)

    return read


def readers(latest_year: int) -> Mapping[str, tuple[str, Callable[[str], Any]]]:
    """Column of a feed → column of the inventory, and how its text is read."""
    return {
        "stock_number": ("stock_number", _text(40)),
        "vin": ("vin", _vin),
        "make": ("make", lambda text: _text(60)(canonical_make(text))),
        "model": ("model", _text(80)),
        "trim": ("trim", _text(80)),
        "year": ("year", _year(latest_year)),
        "price": ("price_minor", _price_minor),
        "currency": ("currency", _currency),
        "mileage_km": ("mileage_km", _whole(0, 2_000_000)),
        "mileage_miles": ("mileage_km", _whole(0, 2_000_000, KM_PER_MILE)),
        "body_type": ("body_type", _word(body_type_of, BODY_TYPES)),
        "fuel_type": ("fuel_type", _word(fuel_type_of, FUEL_TYPES)),
        "transmission": ("transmission", _word(transmission_of, TRANSMISSIONS)),
        "seats": ("seats", _whole(1, 20)),
        "colour": ("colour", _text(40)),
        "power_kw": ("power_kw", _whole(1, 2_000)),
        "power_hp": ("power_kw", _whole(1, 2_000, KW_PER_HP)),
        "consumption_per_100_km": ("consumption_per_100_km", _consumption),
        "boot_litres": ("boot_litres", _whole(0, 20_000)),
        "safety_stars": ("safety_stars", _whole(0, 5)),
        "features": ("features", _features),
        "image_url": ("image_url", _image_url),
        "listed_on": ("listed_on", _day),
    }
