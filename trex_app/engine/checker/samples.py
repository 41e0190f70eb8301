"""Values to try expressions with: what a field or an input takes, at its ends and in between.

Failures lie at the ends: a product overflows at the largest numbers, a division at zero. Where an
expression compares with something, that is tried as well, so that both its branches are.
"""

import itertools
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import jsonschema_rs

from trex_app.core.market import MARKET
from trex_app.engine.assembly import (
    FIELD_ATTRIBUTES,
    LIST_MAX_ITEMS,
    TEXT_MAX_LENGTH,
    WHOLE_NUMBER_MAX,
    limited,
)
from trex_app.engine.definition import EMPTY, Field, Json, Screen
from trex_app.engine.validation import ScreenValidator

Literals = Sequence[str | int | float]
"""What stands in the expression itself."""

_KINDS = ("string", "integer", "number", "boolean", "array", "object")
_ANYTHING: Sequence[Json] = ("sample", 1, 0.5, True, ["sample"], {})
_TEXTS = ("sample", "1", "(")
"""A word, a number and what is no regular expression."""

_FORMATS: Mapping[str, str] = {
    "date": "2000-01-31",
    "email": "name@example.com",
    "uuid": "0b0f8e0e-5b0c-4a55-9a0e-3f6f5f0d7c11",
    "uri": "https://example.com/",
    "vin": "1HGCM82633A004352",
    "postal_code": MARKET.postal_code_example,
}
_LONGEST_DIGITS = 12


def answers_to(field: Mapping[str, Json], literals: Literals) -> list[Json]:
    """Answers that count for a field, in the form in which they are kept; none if none is known.

    Raises ValueError for a field that cannot be checked.
    """
    schema = limited({key: part for key, part in field.items() if key not in FIELD_ATTRIBUTES})
    asked = Field(name="it", schema=schema, title="")
    validator = ScreenValidator(Screen(id="", component="", title="", fields={"it": asked}))
    tried = list(_candidates(schema, literals))
    plain = [validator.normalise({"it": value}) for value in tried]
    valid = [v["it"] for v in plain if v["it"] is not None and not validator.errors(v, EMPTY)]
    # A text cannot be made up for every pattern; one that does not match is better than none.
    return _different(valid) or (tried[:1] if "pattern" in schema else [])


def passed_as(schema: Mapping[str, Json], literals: Literals) -> list[Json]:
    """What may be passed in as an input, null included. Raises ValueError as above."""
    fits = input_check(schema)
    if not {"type", "enum", "const"} & schema.keys():
        return [*filter(fits, (*_ANYTHING, *literals)), None]
    tried: list[Json] = []
    for kind in _kinds_of(schema):
        of_kind = list(_candidates(limited({**schema, "type": kind}), literals))
        tried += of_kind
        if kind == "number":  # what is passed stays as it is: 3 is whole, 3.0 is not
            tried += [float(value) for value in of_kind if isinstance(value, int)]
    return [*_different(value for value in tried if fits(value)), None]


def input_check(schema: Mapping[str, Json]) -> Callable[[Json], bool]:
    """Tells whether a value may be passed in as an input. Raises ValueError as above."""
    kinds = _kinds_of(schema)
    is_whole = "integer" in kinds and "number" not in kinds
    ends = {"minimum": -WHOLE_NUMBER_MAX, "maximum": WHOLE_NUMBER_MAX} if is_whole else {}
    validator = jsonschema_rs.Draft202012Validator({**ends, **schema})

    def fits(value: Json) -> bool:
        is_mistyped = is_whole and isinstance(value, float)  # to JSON Schema, 3.0 is whole
        return value is None or (not is_mistyped and validator.is_valid(value))

    return fits


def _kinds_of(schema: Mapping[str, Json]) -> Sequence[str]:
    kinds = schema.get("type", _KINDS)
    return [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]


def _different(values: Iterable[Json]) -> list[Json]:
    return list({repr(value): value for value in values}.values())


def _candidates(schema: Mapping[str, Json], literals: Literals) -> Iterable[Json]:
    """Values that may be valid for a schema of one type, the most telling ones first."""
    if "const" in schema or "enum" in schema:
        return schema.get("enum", [schema.get("const")])
    match schema["type"]:
        case "integer" | "number":
            return _numbers(schema, [n for n in literals if not isinstance(n, str)])
        case "string":
            return _texts(schema, literals)
        case "array":
            return _lists(schema, literals)
        case "object":
            return _maps(schema, literals)
        case _:
            return [True, False]


def _numbers(schema: Mapping[str, Json], literals: Sequence[float]) -> Iterator[int | float]:
    is_whole = schema["type"] == "integer"
    step = schema.get("multipleOf", 1 if is_whole else None)
    largest = () if is_whole else (-sys.float_info.max, sys.float_info.max, 0.5)
    stated = [schema[end] for end in ("minimum", "maximum") if end in schema]
    open_ends = [schema[e] for e in ("exclusiveMinimum", "exclusiveMaximum") if e in schema]
    beside = [math.nextafter(end, to) for end in open_ends for to in (-math.inf, math.inf)]
    if step is not None:
        beside = [end + way for end in open_ends for way in (-step, step)]
    signed = (number for literal in literals for number in (literal, -literal))
    for number in (*stated, *beside, *largest, 0, 1, *signed):
        yield number
        if step is not None and math.isfinite(number / step):
            yield from (math.ceil(number / step) * step, math.floor(number / step) * step)


def _texts(schema: Mapping[str, Json], literals: Literals) -> Iterator[str]:
    known = [_FORMATS[schema["format"]]] if "format" in schema else list(_TEXTS)
    if "pattern" in schema:
        known += [*_FORMATS.values(), *("1" * length for length in range(2, _LONGEST_DIGITS))]
    for text in known:
        yield text.ljust(schema.get("minLength", 0), "a")[: schema.get("maxLength", len(text))]
    yield from (literal for literal in literals if isinstance(literal, str))
    yield from ("a" * length for length in _lengths(literals) if length <= TEXT_MAX_LENGTH)


def _lists(schema: Mapping[str, Json], literals: Literals) -> Iterator[list[Json]]:
    least, most = max(1, schema.get("minItems", 1)), schema.get("maxItems", LIST_MAX_ITEMS)
    lengths = {least, 2, most, *_lengths(literals)}
    items = answers_to(schema["items"], literals)
    for item in items:
        yield [item] * least
    for length in sorted(length for length in lengths if least <= length <= most):
        yield list(itertools.islice(itertools.cycle(items), length))
        yield items[:length]


def _lengths(literals: Literals) -> list[int]:
    """How long something may have to be for an expression to go another way."""
    numbers = [literal for literal in literals if isinstance(literal, int)]
    return [length for number in numbers for length in (number, number + 1)]


def _maps(schema: Mapping[str, Json], literals: Literals) -> Iterator[dict[str, Json]]:
    members = {name: passed_as(of, literals) for name, of in schema.get("properties", {}).items()}
    whole = {name: values[0] for name, values in members.items()}
    yield from (whole, {})
    for name, values in members.items():
        yield from ({**whole, name: value} for value in values)
