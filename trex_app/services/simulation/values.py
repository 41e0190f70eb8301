"""Random values for one field, from what its configuration says."""

import math
import random
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from trex_app.core.market import MARKET
from trex_app.engine.definition import EMPTY, Json
from trex_app.services.places import locate

FieldConfig = Mapping[str, Any]

TEXTS: Final[Mapping[str, Sequence[str]]] = {
    "email": ("ada@example.org", "grace.hopper@example.com", "zoe+cars@mail.example.net"),
    "tel": ("+1 312 555 0147", "415-555-0199", "+49 221 5550123"),
    "date": ("1987-06-15", "1990-01-31", "1964-02-29"),
    "date-time": ("2026-01-31T12:00:00Z",),
    "uri": ("https://example.com/", "https://example.org/a?b=c"),
    "uuid": ("0b0f8e0e-5b0c-4a55-9a0e-3f6f5f0d7c11",),
    "vin": ("1HGCM82633A004352", "1M8GDM9AXKP042788", "5YJSA1E27HF000337"),
    "postal_code": tuple(
        code
        for code in (MARKET.postal_code_example, "60618", "94110", "10025", "73301")
        if MARKET.postal_code.fullmatch(code) and locate(code) is not None
    ),
}
"""Texts by format, or by widget."""
WORDS: Final = ("Ada", "Grace", "Linus", "Müller", "O'Neill", "Zoë", "Łukasz", "A blue one 🚙")

USUAL_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "money": (2_000, 60_000),
    "year": (2008, 2024),
}
"""What people usually mean, by widget: other numbers are allowed, but nobody starts with them."""
WIDE_FACTOR: Final = 1_000
"""A range whose ends lie further apart than this is drawn from by magnitude."""


class Draw:
    """Draws values that a field's own schema allows; rules over several fields it cannot know."""

    def __init__(self, source: random.Random) -> None:
        self._random = source

    def value(self, field: FieldConfig, data: Mapping[str, Json] = EMPTY) -> Json:
        """A value for the field, or None where there is nothing to choose from."""
        schema: Mapping[str, Any] = field["schema"]
        if "const" in schema:
            return schema["const"]
        choices = schema.get("examples") or _options(field, data)
        if schema.get("type") == "array":
            return self._several(schema, choices)
        if choices:
            return self._random.choice(choices)
        return None if _wants_option(field) else self._invented(field, schema)

    def _invented(self, field: FieldConfig, schema: Mapping[str, Any]) -> Json:
        if schema.get("type") in {"integer", "number"}:
            return self._number(schema, field["widget"])
        return self._text(field, schema)

    def another(self, field: FieldConfig, data: Mapping[str, Json], refused: Json) -> Json:
        """Another value than the one refused; now and then none, where the field may be empty."""
        if refused is None:
            return self.value(field, data)
        if not field["is_required"] and self._random.random() < 0.25:
            return None
        if isinstance(refused, int | float) and not isinstance(refused, bool):
            return self._number_beside(field["schema"], refused)
        return self.value(field, data)

    def _several(self, schema: Mapping[str, Any], options: Sequence[Json]) -> list[Json]:
        most = min(len(options), schema.get("maxItems", len(options)))
        least = min(max(1, schema.get("minItems", 1)), most)
        return self._random.sample(list(options), self._random.randint(least, most))

    def _number(self, schema: Mapping[str, Any], widget: str) -> int | float:
        low, high = _range(schema)
        usual_low, usual_high = USUAL_RANGES.get(widget, (low, high))
        if usual_low <= high and usual_high >= low:
            low, high = max(low, usual_low), min(high, usual_high)
        return self._between(schema, low, high)

    def _number_beside(self, schema: Mapping[str, Any], refused: float) -> int | float:
        """Smaller or larger, since a rule may compare the number with another one."""
        low, high = _range(schema)
        if self._random.random() < 0.5:
            return self._between(schema, low, max(low, min(high, refused)))
        return self._between(schema, min(high, max(low, refused)), high)

    def _between(self, schema: Mapping[str, Any], low: float, high: float) -> int | float:
        """A number of the range that the schema's steps allow."""
        step = schema.get("multipleOf", 1 if schema.get("type") == "integer" else None)
        if step is None:
            return self._random.uniform(low, high)
        return self._whole(math.ceil(low / step), math.floor(high / step)) * step

    def _whole(self, low: int, high: int) -> int:
        """A whole number; small ones as likely as large ones where the range is very wide."""
        if low < 0 or high <= WIDE_FACTOR * max(low, 1):
            return self._random.randint(low, max(low, high))
        magnitude = self._random.uniform(math.log(low + 1), math.log(high + 2))
        return max(low, min(high, int(math.exp(magnitude)) - 1))

    def _text(self, field: FieldConfig, schema: Mapping[str, Any]) -> str:
        texts = TEXTS.get(schema.get("format", "")) or TEXTS.get(field["widget"]) or WORDS
        pattern = schema.get("pattern")
        if pattern is not None:
            known = [*texts, field["placeholder"], *(t for row in TEXTS.values() for t in row)]
            texts = [text for text in known if _matches(pattern, text)] or texts
        text = self._random.choice(texts)
        return text.ljust(schema.get("minLength", 0), "a")[: schema.get("maxLength", len(text))]


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:  # JSON Schema's patterns know a few things that Python's do not
        return False


def _options(field: FieldConfig, data: Mapping[str, Json]) -> list[Json]:
    """What there is to choose from: the schema's choices, else the options the step offers."""
    schema: Mapping[str, Any] = field["schema"]
    choices = schema.get("enum") or schema.get("items", EMPTY).get("enum")
    if choices:
        return list(choices)
    if schema.get("type") == "boolean":
        return [True, False]
    return [option["value"] for option in field["options"]] or _rows_with(field["name"], data)


def _rows_with(name: str, data: Mapping[str, Json]) -> list[Json]:
    """The values that rows shown by the step have under the field's own name."""
    lists = [cast("list[Any]", value) for value in data.values() if isinstance(value, list)]
    rows = [cast("dict[str, Any]", row) for rows in lists for row in rows if isinstance(row, dict)]
    return [row[name] for row in rows if name in row]


def _wants_option(field: FieldConfig) -> bool:
    """Whether the field is for choosing from what the step shows, so that inventing is no use."""
    return field["widget"] in {"cards", "table", "select", "radio"}


def _range(schema: Mapping[str, Any]) -> tuple[float, float]:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
    high = schema.get("maximum", schema.get("exclusiveMaximum", low + 1001) - 1)
    return max(low, 0) if high >= 0 else low, high
