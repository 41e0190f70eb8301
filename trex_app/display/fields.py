"""Turns what the engine says of a field into the control that asks for it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from trex_app.core.market import MARKET
from trex_app.core.texts import translate
from trex_app.core.values import CURRENCIES
from trex_app.display.facts import SILENT_KEYS, fact_of, humanised, label_of
from trex_app.display.views import FactView, FieldView, OptionView
from trex_app.engine.definition import Pii
from trex_app.services.views import MASK

Json = Any

CONTROLS: Final = (
    *("text", "textarea", "email", "tel", "number", "money", "year", "date", "hidden"),
    *("checkbox", "radio", "select", "cards", "table", "checkboxes", "ranked"),
)
"""Everything that can draw a field. A widget of a definition names one of them, or none."""

MOST_RADIOS: Final = 5
"""Up to so many options stand open; more go into a list."""

BY_TYPE: Final[Mapping[str, str]] = {
    "boolean": "radio",
    "array": "checkboxes",
    "integer": "number",
    "number": "number",
}

SHORT_CONTROLS: Final = frozenset(
    {"text", "email", "tel", "number", "money", "year", "date", "select"}
)

AUTOCOMPLETE: Final[Mapping[str, str]] = {
    "first_name": "given-name",
    "last_name": "family-name",
    "email": "email",
    "phone": "tel",
    "postal_code": "postal-code",
    "street": "street-address",
    "city": "address-level2",
    "birth_date": "bday",
}
"""The field names that mean the person at the browser, as WCAG 1.3.5 wants them told."""


def field_view(config: Mapping[str, Json], answer: Json, locale: str) -> FieldView:
    """The control of one field: `config` as in `ui_config["fields"]`, with the given value."""
    schema: Mapping[str, Json] = config["schema"]
    control = control_of(config)
    is_masked = answer == MASK
    if is_masked and control == "date":
        control = "text"  # a date control cannot hold the mask
    options = _options(config, answer, locale)
    if is_masked and options:
        options.append(OptionView(MASK, translate("As given before", locale), is_chosen=True))
    return FieldView(
        name=config["name"],
        control=control,
        title=config["title"],
        help=config["help"],
        placeholder=config["placeholder"],
        prefix=CURRENCIES[MARKET.currency].symbol if control == "money" else "",
        value=_text(answer),
        is_required=config["is_required"],
        # With help above its control, a field would stand lower than its neighbour.
        is_short=control in SHORT_CONTROLS and not config["help"],
        has_things=any(option.facts for option in options),
        is_list=config["is_list"],
        is_secret=config["pii"] == Pii.CREDIT,
        options=options,
        choices=_choices(answer, options) if control == "ranked" else [],
        ranking=_ranking(answer, options) if control == "ranked" else [],
        columns=_columns(config, locale) if control == "table" else [],
        autocomplete=AUTOCOMPLETE.get(config["name"], ""),
        data_type=_plain_type(schema),
        item_type=_plain_type(schema.get("items", {})),
    )


def fields_of(
    configs: Sequence[Mapping[str, Json]], answers: Mapping[str, Json], locale: str
) -> list[FieldView]:
    """The controls of a step. Where some answers are needed, the others say they are optional."""
    fields = [field_view(config, answers.get(config["name"]), locale) for config in configs]
    if any(field.is_required for field in fields):
        for field, config in zip(fields, configs, strict=True):
            if not (field.is_required or config["is_conditional"]):
                field.note = translate("optional", locale)
    return fields


def control_of(config: Mapping[str, Json]) -> str:
    """What draws a field: the widget that its definition names, else what its type suggests."""
    if config["widget"]:
        return config["widget"]
    if any(option["details"] for option in config["options"]):
        return "cards"
    schema: Mapping[str, Json] = config["schema"]
    if "enum" in schema:
        return "radio" if len(schema["enum"]) <= MOST_RADIOS else "select"
    if schema.get("const") is True:
        return "checkbox"
    if schema.get("format") in CONTROLS:
        return schema["format"]
    return BY_TYPE.get(_plain_type(schema), "text")


def _plain_type(schema: Mapping[str, Json]) -> str:
    declared = schema.get("type", "string")
    if isinstance(declared, str):
        return declared
    return next((name for name in declared if name != "null"), "string")


def _options(config: Mapping[str, Json], answer: Json, locale: str) -> list[OptionView]:
    given = {_text(item) for item in (answer if isinstance(answer, list) else [answer])}
    rows = config["options"] or _unlabelled(config["schema"], locale)
    return [
        OptionView(
            value=_text(row["value"]),
            title=row["title"] or _text(row["value"]),
            is_chosen=_text(row["value"]) in given,
            facts=_facts(row["details"], locale, with_gaps=control_of(config) == "table"),
            reasons=list(row["details"].get("reasons") or ()),
        )
        for row in rows
    ]


def _unlabelled(schema: Mapping[str, Json], locale: str) -> list[dict[str, Json]]:
    """The options that the type alone knows."""
    if _plain_type(schema) == "boolean" and "const" not in schema:
        titles = {"true": "Yes", "false": "No"}
        return [_option(value, translate(title, locale)) for value, title in titles.items()]
    values = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    return [_option(value, humanised(str(value))) for value in values]


def _option(value: Json, title: str) -> dict[str, Json]:
    return {"value": value, "title": title, "details": {}}


def _facts(details: Mapping[str, Json], locale: str, *, with_gaps: bool) -> list[FactView]:
    """The details of an option; `with_gaps` keeps an empty cell for one that is not known."""
    gap = FactView() if with_gaps else None
    told = ((name, value) for name, value in details.items() if name not in SILENT_KEYS)
    facts = (fact_of(name, value, locale) or gap for name, value in told)
    return [fact for fact in facts if fact is not None]


def _columns(config: Mapping[str, Json], locale: str) -> list[str]:
    details = config["options"][0]["details"] if config["options"] else {}
    return [label_of(name, locale) for name in details if name not in SILENT_KEYS]


def _ranking(answer: Json, options: list[OptionView]) -> list[OptionView]:
    """The options in the given order; those that were not given keep theirs, behind."""
    places = {_text(item): at for at, item in enumerate(answer if isinstance(answer, list) else ())}
    return sorted(options, key=lambda option: places.get(option.value, len(places)))


def _choices(answer: Json, options: list[OptionView]) -> list[str]:
    given = [_text(item) for item in answer] if isinstance(answer, list) else []
    return given + [""] * (len(options) - len(given))


def _text(value: Json) -> str:
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
