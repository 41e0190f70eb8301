"""Turns what a browser's form sends, which is all text, into the JSON values a step expects."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

from trex_app.display.views import FieldView

Json = Any

GROUPED: Final = {
    "en": (re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"), ",", "."),
    "de": (re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?"), ".", ","),
}
"""How each language groups thousands: the whole number, its group mark, its decimal mark."""

GROUPED_WHOLE: Final = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3})+)")
"""A whole number grouped as in either language: no fraction, where none is asked for."""

PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
AROUND_NUMBERS: Final = re.compile(r"[\s$€£]|km$|USD|EUR")
LONGEST_NUMBER: Final = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """What must be known of a field to read its answer from a form. Types are JSON's."""

    name: str
    data_type: str
    item_type: str
    is_list: bool
    is_box: bool
    is_secret: bool = False

    @classmethod
    def of(cls, field: FieldView) -> Self:
        """What was asked by a control on display."""
        is_box = field.control == "checkbox"
        return cls(
            field.name, field.data_type, field.item_type, field.is_list, is_box, field.is_secret
        )


class SubmittedForm(Protocol):
    """A form as it came in: a name may have several values."""

    def getlist(self, key: str) -> list[str]:
        """Every value of a name, in the order of the page."""
        ...


def answers_of(asked: Iterable[Asked], form: SubmittedForm, locale: str = "en") -> dict[str, Json]:
    """The given values by field, typed. What cannot be read stays text, for the engine to refuse.

    A field without a value is left out, apart from a box that was left unticked.
    """
    answers: dict[str, Json] = {}
    for field in asked:
        texts = [text for text in form.getlist(field.name) if text.strip()]
        if field.is_list:
            answers[field.name] = [_typed(text, field.item_type, locale) for text in texts]
        elif texts:
            answers[field.name] = _typed(texts[0], field.data_type, locale)
        elif field.is_box:
            answers[field.name] = False
    return answers


def draft_of(asked: Iterable[Asked], answers: Mapping[str, Json]) -> dict[str, Json]:
    """What the pages may remember of an answer until it is accepted: nothing credit-class.

    Only the session's own encrypted state holds that; what remembers drafts is neither encrypted
    nor erased with the session.
    """
    secrets = {field.name for field in asked if field.is_secret}
    return {name: value for name, value in answers.items() if name not in secrets}


def _typed(text: str, data_type: str, locale: str) -> Json:
    if data_type == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if data_type == "integer":
        return whole_number_of(text, locale)
    if data_type == "number":
        return number_of(text, locale)
    return text


def whole_number_of(text: str, locale: str = "en") -> int | float | str:
    """A number where only a whole one makes sense: `85,000` and `85.000` are both 85000."""
    bare = AROUND_NUMBERS.sub("", text)
    if GROUPED_WHOLE.fullmatch(bare):
        bare = bare.replace(",", "").replace(".", "")
    return number_of(bare, locale) if bare.lstrip("+-").isdigit() else number_of(text, locale)


def number_of(text: str, locale: str = "en") -> int | float | str:
    """A number as people write it (`15,000`, `$ 24 500`); the text itself where it is none."""
    bare = AROUND_NUMBERS.sub("", text)
    grouped, group_mark, decimal_mark = GROUPED["de" if locale.startswith("de") else "en"]
    if grouped.fullmatch(bare):
        bare = bare.replace(group_mark, "")
    bare = bare.replace(decimal_mark, ".")
    if len(bare) > LONGEST_NUMBER or not PLAIN_NUMBER.fullmatch(bare):
        return text
    return float(bare) if "." in bare else int(bare)
