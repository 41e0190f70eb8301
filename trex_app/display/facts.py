"""Turns the things of a step's `data` into labelled texts: price, mileage and the rest."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from trex_app.core.texts import translate
from trex_app.core.values import NO_BREAK_SPACE, Money, format_date, format_number
from trex_app.display.views import FactView, PanelView

Json = Any

LABELS: Final[Mapping[str, str]] = {
    "decision": "Decision",
    "price": "Price",
    "score": "Match",
    "mileage_km": "Mileage",
    "year": "Year",
    "body_type": "Body",
    "fuel_type": "Fuel",
    "transmission": "Transmission",
    "power_kw": "Power",
    "consumption_per_100_km": "Consumption",
    "seats": "Seats",
    "boot_litres": "Boot",
    "safety_stars": "Safety",
    "colour": "Colour",
    "features": "Equipment",
    "dealer_name": "Dealer",
    "dealer_city": "Location",
    "distance_km": "Distance",
    "makes": "Makes",
    "listed_on": "Listed on",
    "stock_number": "Stock number",
    "vin": "VIN",
}
"""What a member is called, in the order in which a thing tells of itself."""

WORDS: Final[Mapping[str, str]] = {
    "approved": "Approved",
    "automatic": "Automatic",
    "black": "Black",
    "blue": "Blue",
    "brown": "Brown",
    "convertible": "Convertible",
    "coupe": "Coupé",
    "declined": "Declined",
    "diesel": "Diesel",
    "electric": "Electric",
    "green": "Green",
    "grey": "Grey",
    "hatchback": "Hatchback",
    "hybrid": "Hybrid",
    "manual": "Manual",
    "minivan": "Minivan",
    "orange": "Orange",
    "pending": "Being decided; we tell you as soon as we know",
    "petrol": "Petrol",
    "pickup": "Pickup",
    "plug_in_hybrid": "Plug-in hybrid",
    "red": "Red",
    "referred": "A person at the bureau looks at it",
    "sedan": "Sedan",
    "silver": "Silver",
    "suv": "SUV",
    "wagon": "Station wagon",
    "white": "White",
}
DATES: Final = frozenset({"listed_on"})
PLAIN_WORDS: Final = frozenset({"body_type", "colour", "fuel_type", "transmission"})
UNITS: Final[Mapping[str, str]] = {
    "boot_litres": "{number} l",
    "consumption_per_100_km": "{number} per 100 km",
    "distance_km": "{number} km away",
    "mileage_km": "{number} km",
    "power_kw": "{number} kW",
    "safety_stars": "{number} of 5 stars",
    "score": "{number} of 100",
}
PANEL_TITLES: Final[Mapping[str, str]] = {
    "credit": "Credit check",
    "dealer": "Dealer",
    "dealers": "Dealers",
    "vehicle": "Vehicle",
}
KEY_FACTS: Final = frozenset({"price", "mileage_km", "body_type", "fuel_type", "dealer_name"})
"""What is enough to know a vehicle again, where it is only part of a summary."""

TITLE_KEYS: Final = ("year", "make", "model", "trim")
# What another part of the screen shows, or what only programs read.
SILENT_KEYS: Final = frozenset(
    {*TITLE_KEYS, "name", "image_url", "consumption_unit", "reasons", "scores"}
)


def label_of(name: str, locale: str) -> str:
    """What a member is called."""
    return translate(LABELS.get(name) or humanised(name), locale)


def humanised(name: str) -> str:
    """A name of the data as words: `hand_over` becomes `Hand over`."""
    return name.replace("_", " ").strip().capitalize()


def fact_of(name: str, value: Json, locale: str, *, unit: str = "") -> FactView | None:
    """One member of a thing as a labelled text; None where there is nothing to say.

    `unit` is that of a consumption: litres, or kilowatt hours.
    """
    text = _text(name, value, locale)
    if name == "consumption_per_100_km" and text and unit:
        # A column of a phone is narrower than all of it: “5.6 l” and “per 100 km” may part.
        text = text.replace(NO_BREAK_SPACE, f"{NO_BREAK_SPACE}{unit} ", 1)
    return FactView(label_of(name, locale), text, name) if text else None


def facts_of(row: Mapping[str, Json], locale: str) -> list[FactView]:
    """Everything a thing says of itself, apart from its title and its keys."""
    told = {name: row[name] for name in LABELS if name in row}
    told |= {name: value for name, value in row.items() if name not in told}
    shown = (
        fact_of(name, value, locale, unit=row.get("consumption_unit", ""))
        for name, value in told.items()
        if name not in SILENT_KEYS and not name.endswith("_id")
    )
    return [fact for fact in shown if fact is not None]


def title_of(row: Mapping[str, Json]) -> str:
    """What a thing is called: `2021 Toyota RAV4 XLE`, or its name."""
    named = " ".join(str(row[key]) for key in TITLE_KEYS if row.get(key))
    return named or str(row.get("name") or "")


def panels_of(
    data: Mapping[str, Json], locale: str, *, has_choices: bool = False
) -> list[PanelView]:
    """What a step shows without asking: each thing, and each list of named things.

    Where the step offers things to choose, its lists are those choices and are not shown twice.
    """
    shown = {key: v for key, v in data.items() if not (has_choices and isinstance(v, list))}
    return list(_panels(shown, locale))


def _panels(data: Mapping[str, Json], locale: str) -> Iterator[PanelView]:
    for key, title in PANEL_TITLES.items():
        value = data.get(key)
        if isinstance(value, Mapping):
            facts = facts_of(value, locale)
            kept = (
                [fact for fact in facts if fact.name in KEY_FACTS] if "summary" in data else facts
            )
            yield PanelView(title_of(value) or translate(title, locale), kept or facts)
        elif isinstance(value, list) and value:
            rows = [FactView(title_of(row), _place(row, locale)) for row in value]
            yield PanelView(translate(title, locale), rows)


def _place(row: Mapping[str, Json], locale: str) -> str:
    texts = [_text(name, row.get(name), locale) for name in ("city", "distance_km")]
    return ", ".join(text for text in texts if text)


def _text(name: str, value: Json, locale: str) -> str:
    for accepts, write in _WRITERS:
        if accepts(value):
            return write(name, value, locale)
    return ""


def _money(_name: str, value: Mapping[str, Json], locale: str) -> str:
    is_money = {"amount_minor", "currency"} <= set(value)
    return Money(value["amount_minor"], value["currency"]).formatted(locale) if is_money else ""


def _yes_or_no(_name: str, value: bool, locale: str) -> str:
    return translate("Yes" if value else "No", locale)


def _number(name: str, value: float, locale: str) -> str:
    if name == "year":
        return str(value)
    is_whole = isinstance(value, int) or name in {"distance_km", "mileage_km"}
    number = format_number(round(value), locale) if is_whole else _decimal(value, locale)
    pattern = UNITS.get(name)
    if pattern is None:
        return number
    return translate(pattern, locale).format(number=number).replace(" ", NO_BREAK_SPACE)


def _decimal(value: float, locale: str) -> str:
    return f"{value:.1f}".replace(".", "," if locale.startswith("de") else ".")


def _word(name: str, value: str, locale: str) -> str:
    if name in DATES:
        return format_date(date.fromisoformat(value), locale)
    word = WORDS.get(value) or (humanised(value) if name in PLAIN_WORDS else value)
    return translate(word, locale)


def _words(name: str, value: list[Json], locale: str) -> str:
    texts = [_text(name, item, locale) for item in value]
    return ", ".join(text for text in texts if text)


_WRITERS: Final[tuple[tuple[Callable[[Json], bool], Callable[[str, Json, str], str]], ...]] = (
    (lambda value: isinstance(value, bool), _yes_or_no),
    (lambda value: isinstance(value, int | float), _number),
    (lambda value: isinstance(value, str), _word),
    (lambda value: isinstance(value, list), _words),
    (lambda value: isinstance(value, Mapping), _money),
)
