"""Values with meaning: money, vehicle identification numbers, postal codes, points on Earth."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from trex_app.core.errors import FieldError, ValidationFailed
from trex_app.core.market import MARKET, Market

MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius (IUGG); good to 0.5 % for distances along the surface."""


@dataclass(frozen=True, slots=True)
class Currency:
    """How a currency is written and how many digits its minor unit has (ISO 4217)."""

    symbol: str
    minor_digits: int


CURRENCIES: Final[Mapping[str, Currency]] = {
    "USD": Currency("$", 2),
    "EUR": Currency("€", 2),
    "GBP": Currency("£", 2),
    "CHF": Currency("CHF", 2),
    "JPY": Currency("¥", 0),
}


def format_number(value: int, locale: str = "en") -> str:
    """A whole number with the thousands grouped as the language does: 12,500 or 12.500."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if _is_german(locale) else grouped


def format_date(day: date, locale: str = "en") -> str:
    """A day as the language writes it: Oct 3, 2026 or 3.10.2026."""
    if _is_german(locale):
        return f"{day.day}.{day.month}.{day.year}"
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def _is_german(locale: str) -> bool:
    return locale.replace("_", "-").split("-")[0].lower() == "de"


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in the minor units of its currency (cents), never a float."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise ValueError(f"unknown currency {self.currency!r}")

    @classmethod
    def of_whole(cls, amount: int, currency: str = MARKET.currency) -> Self:
        """Money of whole currency units: `of_whole(500, "USD")` is $500."""
        return cls(amount * minor_units(currency), currency)

    def to_dict(self) -> dict[str, int | str]:
        """The shape in which money travels: `{amount_minor, currency}`."""
        return {"amount_minor": self.amount_minor, "currency": self.currency}

    def formatted(self, locale: str = "en") -> str:
        """As people write it, without cents where there are none: $24,500 or 24.500 $."""
        currency = CURRENCIES[self.currency]
        whole, minor = divmod(abs(self.amount_minor), minor_units(self.currency))
        sign = "-" if self.amount_minor < 0 else ""
        number = format_number(whole, locale)
        if minor:
            mark = "," if _is_german(locale) else "."
            number = f"{number}{mark}{minor:0{currency.minor_digits}d}"
        if _is_german(locale):
            return f"{sign}{number}{NO_BREAK_SPACE}{currency.symbol}"
        gap = NO_BREAK_SPACE if currency.symbol.isalpha() else ""
        return f"{sign}{currency.symbol}{gap}{number}"


def minor_units(currency: str) -> int:
    """How many minor units make one whole unit of the currency: 100 for USD, 1 for JPY."""
    return 10 ** CURRENCIES[currency].minor_digits


VIN_LENGTH: Final = 17
_CHECK_DIGIT_INDEX: Final = 8
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES: Final[Mapping[str, int]] = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_VIN_LOOKALIKES: Final = {"I": "1", "O": "0", "Q": "0"}


def vin_check_digit(vin: str) -> str:
    """The ninth character that the other sixteen demand (49 CFR 565.15, ISO 3779 annex)."""
    total = sum(_VIN_VALUES[c] * weight for c, weight in zip(vin, _VIN_WEIGHTS, strict=True))
    remainder = total % 11
    return "X" if remainder == 10 else str(remainder)


def vin_fault(text: str, field: str = "vin") -> FieldError | None:
    """What is wrong with a VIN, or None. Spaces, hyphens and lower case are forgiven.

    The check digit is asked of every VIN, because every vehicle sold in North America has one,
    wherever it was built.
    """
    vin = _plain_vin(text)
    if len(vin) != VIN_LENGTH:
        message = "A VIN has 17 characters; this one has {length}."
        return FieldError(field, "vin_length", message, {"length": len(vin)})
    for position, character in enumerate(vin, start=1):
        if character not in _VIN_VALUES:
            return _character_fault(field, position, character)
    expected = vin_check_digit(vin)
    if vin[_CHECK_DIGIT_INDEX] != expected:
        return FieldError(
            field,
            "vin_check_digit",
            "The ninth character of this VIN is {found} but should be {expected}: one of the "
            "characters is mistyped. Please compare it with the vehicle's papers.",
            {"found": vin[_CHECK_DIGIT_INDEX], "expected": expected},
        )
    return None


def _character_fault(field: str, position: int, character: str) -> FieldError:
    params = {"position": position, "character": character}
    if character in _VIN_LOOKALIKES:
        message = (
            "Character {position} is the letter {character}, which no VIN contains; "
            "it is probably the digit {digit}."
        )
        digit = _VIN_LOOKALIKES[character]
        return FieldError(field, "vin_character", message, {**params, "digit": digit})
    message = (
        "Character {position} is “{character}”; a VIN has only the digits 0 to 9 and the "
        "letters A to Z without I, O and Q."
    )
    return FieldError(field, "vin_character", message, params)


def _plain_vin(text: str) -> str:
    return re.sub(r"[\s\-]", "", text).upper()


@dataclass(frozen=True, slots=True)
class Vin:
    """A vehicle identification number whose length, characters and check digit are right."""

    value: str

    @classmethod
    def parse(cls, text: str, field: str = "vin") -> Self:
        """Read a VIN as people type it. Raises ValidationFailed that names the fault."""
        if fault := vin_fault(text, field):
            raise ValidationFailed([fault])
        return cls(_plain_vin(text))

    @property
    def manufacturer(self) -> str:
        """The world manufacturer identifier, the first three characters."""
        return self.value[:3]

    @property
    def serial(self) -> str:
        """The last six characters, the ones people read out."""
        return self.value[-6:]

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class PostalCode:
    """A postal code in its market's plain form: five digits in the United States."""

    value: str
    country: str = MARKET.country

    @classmethod
    def parse(cls, text: str, field: str = "postal_code", market: Market = MARKET) -> Self:
        """Read a postal code as people type it; ZIP+4 is shortened. Raises ValidationFailed."""
        match = market.postal_code.fullmatch(text.strip())
        if match is None or not match.group(1).isascii():
            message = "This is not a postal code; it looks like {example}."
            example = {"example": market.postal_code_example}
            raise ValidationFailed([FieldError(field, "postal_code", message, example)])
        return cls(match.group(1), market.country)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class GeoPoint:
    """A point on Earth in degrees, north and east positive (WGS 84)."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        is_on_earth = abs(self.latitude) <= 90 and abs(self.longitude) <= 180
        if not is_on_earth:  # also true of NaN
            raise ValueError(f"not a point on Earth: {self.latitude}, {self.longitude}")

    def distance_km(self, other: Self) -> float:
        """Great-circle distance by the haversine formula, exact enough for short ways too."""
        phi, other_phi = math.radians(self.latitude), math.radians(other.latitude)
        half_lambda = math.radians(other.longitude - self.longitude) / 2
        half_phi = (other_phi - phi) / 2
        square = (
            math.sin(half_phi) ** 2
            + math.cos(phi) * math.cos(other_phi) * math.sin(half_lambda) ** 2
        )
        return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(square)))

    def unit_vector(self) -> tuple[float, float, float]:
        """The point on the unit sphere, so that a database can compare distances by arithmetic."""
        phi, lam = math.radians(self.latitude), math.radians(self.longitude)
        return (
            math.cos(phi) * math.cos(lam),
            math.cos(phi) * math.sin(lam),
            math.sin(phi),
        )


def squared_chord(distance_km: float) -> float:
    """The squared straight line through the unit sphere that spans a distance on its surface.

    It grows with the distance, so comparing squared chords compares distances without
    trigonometry in the database.
    """
    angle = min(distance_km / EARTH_RADIUS_KM, math.pi)
    return (2 * math.sin(angle / 2)) ** 2
