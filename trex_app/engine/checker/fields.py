"""What a field asks: that some answer can satisfy it, and that it can be looked up and read."""

from collections.abc import Iterator, Mapping

import jsonschema_rs

from trex_app.engine.assembly import FIELD_ATTRIBUTES
from trex_app.engine.source import Json, Place, Problem, RawDefinition

_RANGES = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"))
_KEYWORDS_OF = {
    "minimum": {"integer", "number"},
    "maximum": {"integer", "number"},
    "exclusiveMinimum": {"integer", "number"},
    "exclusiveMaximum": {"integer", "number"},
    "multipleOf": {"integer", "number"},
    "minLength": {"string"},
    "maxLength": {"string"},
    "pattern": {"string"},
    "format": {"string"},
    "items": {"array"},
    "minItems": {"array"},
    "maxItems": {"array"},
    "uniqueItems": {"array"},
}
_VALUE_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def field_problems(raw: RawDefinition) -> Iterator[Problem]:
    """Fields that no answer satisfies, or whose keywords do not fit their type; likewise inputs."""
    for name, schema in raw.source.get("inputs", {}).items():
        if not _can_be_checked(schema):
            hint = "Write it as JSON Schema, as in {type: integer}."
            yield raw.problem(("inputs", name), "This cannot be checked", hint)
    for step_id, step in raw.source["steps"].items():
        for name, field in step.get("fields", {}).items():
            place: Place = ("steps", step_id, "fields", name)
            yield from _type_problems(raw, place, field)
            if "items" in field:
                yield from _type_problems(raw, (*place, "items"), field["items"])
            if field["type"] == "array" and "items" not in field:
                hint = "Add items: {type: string, enum: […]}."
                yield raw.problem(place, "It is not said what the list holds", hint)
            if field.get("required") and "required_when" in field:
                hint = "Keep one of the two."
                yield raw.problem(place, "It is both required and required_when", hint)
            if field.get("past") and field.get("format") != "date":
                hint = "Add format: date, or remove past."
                yield raw.problem((*place, "past"), "Only a date can lie in the past", hint)
            yield from _pattern_problems(raw, place, field)


def _type_problems(
    raw: RawDefinition, place: Place, field: Mapping[str, Json]
) -> Iterator[Problem]:
    kind: str = field["type"]
    for keyword in field.keys() & _KEYWORDS_OF.keys():
        if kind not in _KEYWORDS_OF[keyword]:
            message = f"{keyword!r} says nothing about a field of type {kind}"
            yield raw.problem((*place, keyword), message, "Remove it, or change the type.")
    for low, high in _RANGES:
        if low in field and high in field and field[low] > field[high]:
            message = f"{low} is greater than {high}, so no answer fits"
            yield raw.problem((*place, low), message, "Swap the two.")
    values = field.get("enum", [field["const"]] if "const" in field else [])
    if kind == "array" and values:
        message = "The choices of a list are those of its items"
        yield raw.problem((*place, "enum"), message, "Put enum into items.")
    elif any(not _is_of(value, kind) for value in values):
        message = f"A value is not of the type {kind}"
        yield raw.problem((*place, "enum"), message, "Mind the quotes.")


def _is_of(value: Json, kind: str) -> bool:
    is_bool = isinstance(value, bool)
    return is_bool == (kind == "boolean") and isinstance(value, _VALUE_TYPES[kind])


def _pattern_problems(
    raw: RawDefinition, place: Place, field: Mapping[str, Json]
) -> Iterator[Problem]:
    schema = {key: value for key, value in field.items() if key not in FIELD_ATTRIBUTES}
    if not _can_be_checked(schema):
        yield raw.problem((*place, "pattern"), "This cannot be checked", "Mend the pattern.")


def _can_be_checked(schema: Mapping[str, Json]) -> bool:
    try:
        jsonschema_rs.Draft202012Validator(dict(schema))
    except ValueError:
        return False
    return True
