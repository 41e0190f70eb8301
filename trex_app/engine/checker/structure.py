"""The first check: whether a definition has the shape that workflows/schema.json asks for."""

import difflib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, cast

import jsonschema_rs
import orjson

from trex_app.engine.source import Json, Place, Problem, RawDefinition, mapping_or_empty

STEP_KINDS = ("component", "lookup", "effect", "call", "end")

_KINDS_OF_VALUE = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping of names to values",
}
_LIMITS = {
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be more than {}",
    "minItems": "must have at least {} entries",
    "maxItems": "must have at most {} entries",
    "minProperties": "must have at least {} entries",
    "maxProperties": "must have at most {} entries",
    "uniqueItems": "must name each entry once",
    "const": "can only be {!r}",
    "format": "is not a valid {}",
}
_NAME_HINT = "Use lower case, digits and underscores, beginning with a letter."
_PATTERN_HINTS = {
    "^[a-z][a-z0-9_]*$": _NAME_HINT,
    "^[A-Z][A-Za-z0-9]*$": "Write it in PascalCase, such as VehicleSearch.",
    "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$": "Write it as area.name, such as vehicles.search.",
}
_REGEX_HINT = "Close its brackets, and put a backslash before a character that stands for itself."


@cache
def definition_schema() -> dict[str, Json]:
    """The JSON Schema of a definition file, as editors use it."""
    return orjson.loads(files("trex_app.workflows").joinpath("schema.json").read_bytes())


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(definition_schema(), validate_formats=True)


def structure_problems(raw: RawDefinition) -> Iterator[Problem]:
    """What is missing, misspelt or of the wrong kind."""
    seen: set[Problem] = set()
    for error in _validator().iter_errors(raw.source):
        place, kind = tuple(error.instance_path), error.kind
        if _follows_from_unknown_kind(raw, kind, place):
            continue
        message, hint = _sentence(kind, place, error.schema_path)
        named = str(kind.value[0]) if kind.name == "additionalProperties" else ""
        problem = raw.problem((*place, named) if named else place, message, hint)
        if problem not in seen:
            seen.add(problem)
            yield problem


def _follows_from_unknown_kind(raw: RawDefinition, kind: Any, place: Place) -> bool:
    """Whether this is only said because a step of no kind was taken for a screen."""
    if len(place) != 2 or place[0] != "steps":
        return False
    step = mapping_or_empty(raw.source["steps"][place[1]])
    is_unknown = bool(step) and not any(name in step for name in STEP_KINDS)
    return is_unknown and not (kind.name == "required" and kind.value == "component")


def _sentence(kind: Any, place: Place, schema_path: list[str | int]) -> tuple[str, str]:
    """What is wrong and what to do, by JSON Schema keyword."""
    where, expected = _title(place), kind.value
    if kind.name == "required":
        return _missing(expected, place)
    if kind.name == "additionalProperties":
        return _unknown(expected, schema_path)
    if kind.name == "format" and expected == "regex":
        return f"{where} is no regular expression", _REGEX_HINT
    if kind.name in _LIMITS:
        return f"{where} {_LIMITS[kind.name].format(expected)}", "Change it."
    say = _SENTENCES.get(kind.name)
    return say(where, expected) if say else (f"{where} is not as it should be", "See schema.json.")


def _wrong_type(where: str, expected: Any) -> tuple[str, str]:
    kinds = cast("list[str]", expected if isinstance(expected, list) else [expected])
    wanted = " or ".join(_KINDS_OF_VALUE.get(kind, kind) for kind in kinds)
    return f"{where} must be {wanted}", "Mind the quotes and the indentation."


def _unknown_value(where: str, expected: Any) -> tuple[str, str]:
    return f"{where} is not one of the known values", f"Known are: {', '.join(map(str, expected))}."


def _wrong_form(where: str, expected: Any) -> tuple[str, str]:
    return f"{where} is not written as it must be", _PATTERN_HINTS.get(expected, str(expected))


def _not_one_of(where: str, _: Any) -> tuple[str, str]:
    return f"{where} needs exactly one of value and provider", "Keep one of the two."


def _unknown_name(where: str, _: Any) -> tuple[str, str]:
    return f"{where} holds a name that is not allowed", _NAME_HINT


_SENTENCES = {
    "type": _wrong_type,
    "enum": _unknown_value,
    "pattern": _wrong_form,
    "oneOf": _not_one_of,
    "propertyNames": _unknown_name,
}


def _missing(name: str, place: Place) -> tuple[str, str]:
    if len(place) == 2 and place[0] == "steps" and name == "component":
        hint = f"Give it one of {', '.join(STEP_KINDS)}."
        return "It cannot be told what kind of step this is", hint
    return f"{name!r} is missing in {_title(place)}", "Add it."


def _unknown(names: list[str], schema_path: list[str | int]) -> tuple[str, str]:
    schema: Any = _schema_around(schema_path)
    known = list(schema.get("properties", {}))
    close = difflib.get_close_matches(names[0], known, n=1)
    if close:
        return f"{names[0]!r} is not known here", f"Did you mean {close[0]!r}?"
    if not known or known == ["$use"]:
        return f"The name {names[0]!r} is not allowed", _NAME_HINT
    return f"{names[0]!r} is not known here", f"Known are: {', '.join(known)}."


def _schema_around(schema_path: list[str | int]) -> Json:
    """The subschema a keyword of `schema_path` stands in, `$ref`s followed."""
    schema: Json = definition_schema()
    for part in schema_path[:-1]:
        schema = schema[part]
        while isinstance(schema, str):  # the value of a $ref: #/$defs/name
            schema = definition_schema()["$defs"][schema.rsplit("/", 1)[-1]]
    return schema


def _title(place: Place) -> str:
    """How a place is called in a sentence: the innermost name and, for list entries, its number."""
    if not place:
        return "the workflow"
    last = place[-1]
    return f"entry {last + 1} of {_title(place[:-1])}" if isinstance(last, int) else f"{last!r}"
