"""What a person searches for, read from plain data and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from trex_app.core.errors import FieldError, ValidationFailed
from trex_app.core.values import GeoPoint
from trex_app.services.places import locate

TEXT_LIMIT: Final = 100
NUMBER_LIMIT: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria of one search; None stands for "no matter".

    Prices are whole units of the market's currency. `postal_code` excludes nothing by itself: it
    says from where distances count; with `distance_max_km` only vehicles within reach remain.
    """

    make: str | None = None
    model: str | None = None
    year_min: int | None = None
    year_max: int | None = None
    price_min: int | None = None
    price_max: int | None = None
    mileage_max_km: int | None = None
    distance_max_km: int | None = None
    body_type: str | None = None
    fuel_type: str | None = None
    transmission: str | None = None
    postal_code: str | None = None

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> "Criteria":
        """Read criteria by name; null and "" count as not given.

        Raises ValidationFailed that names every unknown, ill-typed or over-long criterion.
        """
        given = {name: value for name, value in values.items() if value not in (None, "")}
        errors = [error for name, value in given.items() if (error := _fault(name, value))]
        if errors:
            raise ValidationFailed(errors)
        plain: dict[str, Any] = {name: _plain(value) for name, value in given.items()}
        return cls(**plain)

    @property
    def origin(self) -> GeoPoint | None:
        """Where distances count from: the postal code's place, None where it is unknown."""
        place = locate(self.postal_code) if self.postal_code else None
        return place.point if place else None

    def given(self) -> dict[str, int | str]:
        """The criteria that were given, by name."""
        pairs = ((name, getattr(self, name)) for name in CRITERIA_NAMES)
        return {name: value for name, value in pairs if value is not None}


CRITERIA_NAMES: Final = tuple(field.name for field in fields(Criteria))
_NUMBERS: Final = frozenset(
    {"year_min", "year_max", "price_min", "price_max", "mileage_max_km", "distance_max_km"}
)

CRITERIA_SCHEMA: Final[Mapping[str, Any]] = {
    name: {"type": ["integer", "null"], "minimum": 0, "maximum": NUMBER_LIMIT}
    if name in _NUMBERS
    else {"type": ["string", "null"], "maxLength": TEXT_LIMIT}
    for name in CRITERIA_NAMES
}
"""The JSON Schema of each criterion, for those who ask over the network."""


def _plain(value: str | float) -> str | int:
    return value.strip() if isinstance(value, str) else int(value)


def _fault(name: str, value: Any) -> FieldError | None:
    if name not in CRITERIA_NAMES:
        known = ", ".join(CRITERIA_NAMES)
        message = "There is no criterion of this name. Known are: {known}."
        return FieldError(name, "unknown_field", message, {"known": known})
    if name in _NUMBERS:
        return None if _is_whole_number(value) else FieldError(name, "type", _NUMBER_MESSAGE)
    if not isinstance(value, str):
        return FieldError(name, "type", "This must be a text.")
    if len(value) > TEXT_LIMIT:
        message = "This is longer than {limit} characters."
        return FieldError(name, "too_long", message, {"limit": TEXT_LIMIT})
    return None


_NUMBER_MESSAGE: Final = "This must be a whole number between 0 and 100,000,000."


def _is_whole_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= NUMBER_LIMIT and value == int(value)
