"""What CarIn asks a person, read from plain data and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from trex_app.core.errors import FieldError, ValidationFailed
from trex_app.services.vehicles.vocabulary import FUEL_TYPES

USAGES: Final = ("commute", "family", "work", "leisure")
PRIORITIES: Final = ("economy", "comfort", "safety", "performance", "space")
ANY_FUEL: Final = "any"

_WHOLE_NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    "passengers": (1, 20),
    "annual_distance_km": (0, 500_000),
    "budget_max": (0, 100_000_000),
}
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "usage": USAGES,
    "fuel_preference": (ANY_FUEL, *FUEL_TYPES),
    "priorities": PRIORITIES,
}


@dataclass(frozen=True, slots=True)
class Answers:
    """A person's answers. What was not answered excludes nothing and weighs nothing.

    `budget_max` is whole currency units; `priorities` come with the most important first.
    """

    usage: tuple[str, ...] = ()
    passengers: int = 1
    annual_distance_km: int = 15_000
    budget_max: int | None = None
    fuel_preference: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> "Answers":
        """Read answers by name; usage and fuel may be one word or several; null is not answered.

        Raises ValidationFailed that names every unknown or unfitting answer.
        """
        given = {name: value for name, value in values.items() if value not in (None, "")}
        errors = [fault for name, value in given.items() if (fault := _fault(name, value))]
        if errors:
            raise ValidationFailed(errors)
        plain: dict[str, Any] = {
            name: _words(value) if name in _WORDS else int(value) for name, value in given.items()
        }
        return cls(**plain)


def _words(value: str | Sequence[str]) -> tuple[str, ...]:
    """One word or several, each once; "any" stands for no preference."""
    words = (value,) if isinstance(value, str) else value
    return () if ANY_FUEL in words else tuple(dict.fromkeys(words))


def _fault(name: str, value: Any) -> FieldError | None:
    if name in _WHOLE_NUMBERS:
        return _number_fault(name, value)
    if name not in _WORDS:
        known = {"known": ", ".join((*_WORDS, *_WHOLE_NUMBERS))}
        message = "There is no question of this name. Known are: {known}."
        return FieldError(name, "unknown_field", message, known)
    if _are_words_of(_WORDS[name], value):
        return None
    message = "Please choose from: {known}."
    return FieldError(name, "unknown_choice", message, {"known": ", ".join(_WORDS[name])})


def _are_words_of(known: tuple[str, ...], value: Any) -> bool:
    if isinstance(value, str):
        return value in known
    words = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else [None]
    return all(isinstance(word, str) and word in known for word in words)


def _number_fault(name: str, value: Any) -> FieldError | None:
    lowest, highest = _WHOLE_NUMBERS[name]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and lowest <= value <= highest and value == int(value):
        return None
    message = "This must be a whole number from {lowest} to {highest}."
    return FieldError(name, "out_of_range", message, {"lowest": lowest, "highest": highest})
