"""Validation of what a person answers on a screen: JSON Schema, required fields, rules."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeAlias, cast

import jsonschema_rs

from trex_app.core.errors import FieldError
from trex_app.engine.conditions import ROOTS, EvaluationFailed, Expression
from trex_app.engine.definition import Field, Pii, Screen
from trex_app.engine.formats import DOMAIN_FORMATS, DomainFormat

Json: TypeAlias = Any

MESSAGES: Mapping[str, str] = {
    "required": "Please fill in this field.",
    "confirm": "Please confirm this to continue.",
    "type.string": "Enter text.",
    "type.integer": "Enter a whole number.",
    "type.number": "Enter a number.",
    "type.boolean": "Choose yes or no.",
    "type.array": "Choose from the list.",
    "enum": "Choose one of the options.",
    "const": "Choose one of the options.",
    "minimum": "Enter at least {minimum}.",
    "exclusiveMinimum": "Enter more than {exclusiveMinimum}.",
    "maximum": "Enter at most {maximum}.",
    "exclusiveMaximum": "Enter less than {exclusiveMaximum}.",
    "multipleOf": "Enter a multiple of {multipleOf}.",
    "minLength": "Enter at least {minLength} characters.",
    "maxLength": "Enter at most {maxLength} characters.",
    "pattern": "Check how this is written.",
    "format.email": "Enter an e-mail address such as name@example.com.",
    "format.date": "Enter a date as year-month-day, such as 1990-05-31.",
    "past": "Enter a date in the past.",
    "format.uuid": "Choose one of the options.",
    "format.uri": "Enter a web address such as https://example.com.",
    "minItems": "Choose at least {minItems}.",
    "maxItems": "Choose at most {maxItems}.",
    "uniqueItems": "Choose each option only once.",
    "unknown_field": "{name} is not a field of this step. Please leave it out.",
    "unknown_member": "{name} is not known here. Please leave it out.",
}
"""What is said for each fault, by JSON Schema keyword and, where it matters, what it expects."""

DEFAULT_MESSAGE = "Check this field."
FIELD_NAME_SHOWN_LENGTH = 60

# What a database cannot hold in a text: NUL, and halves of surrogate pairs.
_UNSTORABLE = {0: None, **dict.fromkeys(range(0xD800, 0xE000))}


_FORMAT_CHECKS = {name: domain.accepts for name, domain in DOMAIN_FORMATS.items()}


class ScreenValidator:
    """Checks the answers to one screen. Build it once per screen: the schema is compiled here.

    `schema` is what clients are told (`validationRules`): JSON Schema 2020-12 of the fields, with
    titles, without the rules that need the journey's earlier answers.
    """

    def __init__(self, screen: Screen) -> None:
        self._fields = screen.fields
        self._rules = screen.rules
        self.schema: dict[str, Json] = screen_schema(screen)
        self._validator = jsonschema_rs.Draft202012Validator(
            self.schema, validate_formats=True, formats=_FORMAT_CHECKS
        )
        self._cleaners = {name: _cleaner(field.schema) for name, field in screen.fields.items()}
        self._conditional = tuple(f for f in screen.fields.values() if f.required_when)
        self._past = tuple(f for f in screen.fields.values() if f.is_past)
        self._credit_data = tuple(f for f in self._conditional if f.pii is Pii.CREDIT)

    def normalise(self, values: Mapping[str, Json]) -> dict[str, Json]:
        """Every field in field order, null where not given; then what is not a field, untouched.

        Texts lose surrounding blanks and characters no database can hold; an empty text, an empty
        list and an unticked consent count as not given; 3.0 becomes 3 in a whole-number field; a
        VIN or postal code takes its plain form. So does each item of a list.
        """
        normal = {name: clean(values.get(name)) for name, clean in self._cleaners.items()}
        for name in values:
            if name not in normal:
                normal[name] = values[name]
        return normal

    def without_needless(self, values: dict[str, Json], env: Mapping[str, Any]) -> dict[str, Json]:
        """Normalised values without credit data that the other answers do not call for.

        Where `required_when` does not hold, such as without consent, nobody may keep it.
        """
        given = [f for f in self._credit_data if values[f.name] is not None]
        if not given:
            return values
        own = {**env, **{name: values.get(name) for name in self._fields}}
        needless = {field.name for field in given if not _is_called_for(field, own)}
        return {name: None if name in needless else value for name, value in values.items()}

    def errors(
        self, values: Mapping[str, Json], env: Mapping[str, Any], today: date | None = None
    ) -> tuple[FieldError, ...]:
        """Every fault of normalised values, one a field, in field order; no value is repeated.

        What is no field comes first: a misspelt name may be why the others are missing.

        `env` holds `answers`, `results`, `inputs` and `context` of the step's frame. Dates that
        must be past are held against `today`, in UTC; without it, as for an answer that was
        accepted once, they are not. Raises EvaluationFailed where a rule of the definition cannot
        be decided.
        """
        fields = self._fields
        given = {name: v for name, v in values.items() if v is not None or name not in fields}
        faults: dict[str, FieldError] = {}
        if not self._validator.is_valid(given):
            for fault in self._schema_faults(given):
                faults.setdefault(fault.field, fault)
        if today is not None:
            for fault in self._date_faults(given, today):
                faults.setdefault(fault.field, fault)
        if self._conditional or self._rules:
            own = {**env, **{name: values.get(name) for name in self._fields}}
            for fault in self._rule_faults(own, faults):
                faults.setdefault(fault.field, fault)
        if len(faults) < 2:
            return tuple(faults.values())
        order = {name: at for at, name in enumerate(self._fields)}
        return tuple(sorted(faults.values(), key=lambda fault: order.get(fault.field, -1)))

    def _schema_faults(self, given: Mapping[str, Json]) -> Iterator[FieldError]:
        for error in self._validator.iter_errors(given):
            keyword: str = error.kind.name
            if error.instance_path:
                field = self._fields[str(error.instance_path[0])]
                domain = DOMAIN_FORMATS.get(error.kind.value) if keyword == "format" else None
                fault = domain.fault(cast("str", error.instance), field.name) if domain else None
                yield fault or _keyword_fault(field, keyword, error.kind.value)
            elif keyword == "required":
                yield required_fault(self._fields[error.kind.value])
            else:
                yield from _unknown_faults(set(given) - set(self._fields))

    def _date_faults(self, given: Mapping[str, Json], today: date) -> Iterator[FieldError]:
        for field in self._past:
            value = given.get(field.name)
            # Dates of this form stand in the order of time; what else is given is a fault already.
            if isinstance(value, str) and value >= today.isoformat():
                yield FieldError(field.name, "past", field.messages.get("past", MESSAGES["past"]))

    def _rule_faults(
        self, own: Mapping[str, Any], faults: Mapping[str, FieldError]
    ) -> Iterator[FieldError]:
        """What the rules claim; a rule over a field that is already faulty says nothing."""
        known: dict[Expression, bool] = {}

        def holds(claim: Expression) -> bool:
            if claim not in known:
                known[claim] = claim.holds(own)
            return known[claim]

        for field in self._conditional:
            condition = field.required_when
            if condition is None or own[field.name] is not None or _reads(condition, faults):
                continue
            if holds(condition):
                yield required_fault(field)
        for rule in self._rules:
            if not _reads(rule.claim, faults) and not holds(rule.claim):
                yield FieldError(rule.field, rule.code, rule.message)


def screen_schema(screen: Screen) -> dict[str, Json]:
    """The JSON Schema of a screen's answer, as clients see it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            name: {"title": field.title, **field.schema} for name, field in screen.fields.items()
        },
        "required": [name for name, field in screen.fields.items() if field.is_required],
        "additionalProperties": False,
    }


def required_fault(field: Field) -> FieldError:
    """The fault of a field that must be given and is not."""
    keyword = "confirm" if field.schema.get("const") is True else "required"
    return FieldError(field.name, "required", field.messages.get("required", MESSAGES[keyword]))


def _unknown_faults(names: set[str]) -> Iterator[FieldError]:
    for name in sorted(names):
        shown = shown_name(name)
        yield FieldError(shown, "unknown_field", MESSAGES["unknown_field"], {"name": shown})


def shown_name(name: str) -> str:
    """A name that somebody sent, short enough to be said back."""
    is_short = len(name) <= FIELD_NAME_SHOWN_LENGTH
    return name if is_short else name[:FIELD_NAME_SHOWN_LENGTH] + "…"


def keyword_fault(field: str, keyword: str, expected: Json, message: str = "") -> FieldError:
    """The fault of a field that breaks a JSON Schema keyword, which expects `expected`.

    `message` is said in place of the usual one.
    """
    params: dict[str, object] = {}
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        params[keyword] = int(expected) if float(expected).is_integer() else expected
    return FieldError(field, keyword, message or _usual_message(keyword, expected), params)


def _keyword_fault(field: Field, keyword: str, expected: Json) -> FieldError:
    message = field.messages.get(keyword, "")
    if field.is_list and keyword == "type":
        message = message or MESSAGES["type.array"]
    return keyword_fault(field.name, keyword, expected, message)


def _usual_message(keyword: str, expected: Json) -> str:
    if keyword == "const" and expected is True:
        return MESSAGES["confirm"]
    if keyword in {"type", "format"}:
        kinds = cast("list[str]", expected) if isinstance(expected, list) else [expected]
        keyword = f"{keyword}.{next(kind for kind in kinds if kind != 'null')}"
    return MESSAGES.get(keyword, DEFAULT_MESSAGE)


def _is_called_for(field: Field, own: Mapping[str, Any]) -> bool:
    try:
        return field.required_when is None or field.required_when.holds(own)
    except EvaluationFailed:
        return True  # the condition reads a faulty value, and `errors` refuses that


def _reads(expression: Expression, faults: Mapping[str, FieldError]) -> bool:
    return bool(faults) and any(
        reference.root in faults
        for reference in expression.references
        if reference.root not in ROOTS
    )


def _cleaner(schema: Mapping[str, Json]) -> Callable[[Json], Json]:
    domain = DOMAIN_FORMATS.get(schema.get("format", ""))
    if domain is not None:
        return partial(_plain_form, domain)
    if schema.get("const") is True:
        return _consent
    match schema.get("type"):
        case "integer":
            return _whole_number
        case "number":
            return _number
        case "array":
            return partial(_list, _cleaner(schema.get("items", {})))
        case _:
            return _text_or_list


def _plain_form(domain: DomainFormat, value: Json) -> Json:
    text = _text_or_list(value)
    if not isinstance(text, str) or not domain.accepts(text):
        return text  # `errors` says what is wrong with it
    return domain.plain(text)


def _consent(value: Json) -> Json:
    return None if value is False else _text_or_list(value)


def _whole_number(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return _text_or_list(value)


def _number(value: Json) -> Json:
    # One kind of number a field, since CEL does not compute with a mixture.
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return math.inf  # which no schema takes for a number
    return _text_or_list(value)


def _list(clean: Callable[[Json], Json], value: Json) -> Json:
    plain = _text_or_list(value)
    if not isinstance(plain, list):
        return plain
    items: list[Json] = plain  # pyright: ignore[reportUnknownVariableType]
    return [item if isinstance(item, str) and not item else clean(item) for item in items]


def _text_or_list(value: Json) -> Json:
    if isinstance(value, str):
        return _text(value) or None
    if isinstance(value, list):
        items: list[Json] = value  # pyright: ignore[reportUnknownVariableType]
        return [_text(item) if isinstance(item, str) else item for item in items] or None
    return value


def _text(value: str) -> str:
    if not value.isprintable():
        value = value.translate(_UNSTORABLE)
    return value.strip()
