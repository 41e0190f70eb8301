"""Checking and decoding a VIN without asking anybody: maker, country, model year."""

from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

from sqlalchemy import Connection, select

from trex_app.core.values import Vin
from trex_app.services.vehicles.statements import V
from trex_app.services.vin_codes import (
    COUNTRY_SPANS,
    FIRST_YEAR,
    MAKE_BY_PREFIX,
    MODEL_BY_PREFIX,
    VIN_ORDER,
    YEAR_CODES,
)

_CYCLE_YEARS: Final = len(YEAR_CODES)
_SINCE_2010_INDEX: Final = 6
_YEAR_INDEX: Final = 9


class DecodedVin(TypedDict):
    """What a VIN tells; null where it does not tell. `source` is `vin`, `inventory` or `vpic`.

    `is_saved`: the decoder is away, and this is what we know without it. `is_basic`: of that, it is
    read from the number alone.
    """

    vin: str
    make: str | None
    model: str | None
    year: int | None
    country: str | None
    body_type: str | None
    fuel_type: str | None
    source: str
    is_saved: NotRequired[bool]
    is_basic: NotRequired[bool]


def decode(connection: Connection, vin: str, latest_year: int) -> DecodedVin:
    """Check and decode a VIN; a vehicle of our own inventory is known in full.

    `latest_year` is the newest model year on sale, one after the current year. Raises
    ValidationFailed that names what is wrong with the VIN.
    """
    checked = Vin.parse(vin)
    decoded = read(checked, latest_year)
    statement = (
        select(V.make, V.model, V.year, V.body_type, V.fuel_type)
        .where(V.vin == checked.value)
        .order_by(V.vehicle_id)
        .limit(1)
    )
    listed = connection.execute(statement).first()
    if listed is None:
        return decoded
    return {
        **decoded,
        "make": listed.make,
        "model": listed.model,
        "year": listed.year,
        "body_type": listed.body_type,
        "fuel_type": listed.fuel_type,
        "source": "inventory",
    }


def read(vin: Vin, latest_year: int) -> DecodedVin:
    """What the characters alone tell."""
    return {
        "vin": vin.value,
        "make": _by_longest_prefix(vin.value, MAKE_BY_PREFIX),
        "model": _by_longest_prefix(vin.value, MODEL_BY_PREFIX),
        "year": model_year(vin, latest_year),
        "country": country(vin),
        "body_type": None,
        "fuel_type": None,
        "source": "vin",
    }


def model_year(vin: Vin, latest_year: int) -> int | None:
    """The model year (49 CFR 565.15): a letter in place seven means 2010 or later.

    A digit there leaves both cycles open for trucks and foreign makers, so only years that have
    not come yet are ruled out by `latest_year`. None for a code that stands for no year.
    """
    code = vin.value[_YEAR_INDEX]
    if code not in YEAR_CODES:
        return None
    year = FIRST_YEAR + YEAR_CODES.index(code)
    if vin.value[_SINCE_2010_INDEX].isalpha():
        year += _CYCLE_YEARS
    return year if year <= latest_year else year - _CYCLE_YEARS


def country(vin: Vin) -> str | None:
    """The ISO 3166 country in which the vehicle was made, None where the code is not known."""
    for first, last, code in COUNTRY_SPANS:
        start = vin.value[: len(first)]
        if _rank(first) <= _rank(start) <= _rank(last):
            return code
    return None


def _rank(characters: str) -> tuple[int, ...]:
    return tuple(VIN_ORDER.index(character) for character in characters)


def _by_longest_prefix(vin: str, table: Mapping[str, str]) -> str | None:
    prefixes = (vin[:length] for length in range(6, 2, -1))
    return next((table[prefix] for prefix in prefixes if prefix in table), None)
