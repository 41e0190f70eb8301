"""A form is all text; a step expects typed values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reflex_base.utils.form import FormData

from trex_app.core.values import format_number
from trex_app.display.forms import (
    Asked,
    answers_of,
    draft_of,
    number_of,
    whole_number_of,
)


def asked(name: str, data_type: str = "string", **more) -> Asked:
    return Asked(
        name, data_type, **{"item_type": "string", "is_list": False, "is_box": False, **more}
    )


def form(*pairs: tuple[str, str]) -> FormData[str, str]:
    return FormData(pairs)


@pytest.mark.parametrize(
    ("text", "locale", "number"),
    [
        ("15000", "en", 15000),
        ("15,000", "en", 15000),
        ("$ 24,500", "en", 24500),
        ("12,500 km", "en", 12500),
        ("1,234.5", "en", 1234.5),
        ("2.5", "en", 2.5),
        ("-7", "en", -7),
        ("15.000", "de", 15000),
        ("1.234,5", "de", 1234.5),
        ("24.500 €", "de-AT", 24500),
    ],
)
def test_a_number_is_read_as_people_write_it(text, locale, number):
    assert number_of(text, locale) == number


@pytest.mark.parametrize(
    "text", ["twelve", "1,2,3", "12,50", "1e9", "NaN", "--1", "9" * 40, "½", ""]
)
def test_what_is_no_number_stays_text_for_the_engine_to_refuse(text):
    assert number_of(text) == text


@given(st.integers(-999_999_999, 999_999_999), st.sampled_from(["en", "de"]))
def test_a_number_we_write_can_be_read_again(number, locale):
    assert number_of(format_number(number, locale), locale) == number


def test_each_value_gets_the_type_its_field_expects():
    fields = [
        asked("knows", "boolean"),
        asked("seats", "integer"),
        asked("name"),
        asked("ways", "array", is_list=True),
        asked("years", "array", item_type="integer", is_list=True),
    ]
    given_form = form(
        ("knows", "true"), ("seats", "5"), ("name", " Ada "), ("ways", "sms"), ("ways", "email"),
        ("years", "2020"), ("years", ""),
    )  # fmt: skip
    assert answers_of(fields, given_form) == {
        "knows": True,
        "seats": 5,
        "name": " Ada ",
        "ways": ["sms", "email"],
        "years": [2020],
    }


def test_a_box_left_unticked_says_no_and_an_empty_field_says_nothing():
    fields = [asked("wants", "boolean", is_box=True), asked("knows", "boolean"), asked("make")]
    assert answers_of(fields, form(("make", "  "))) == {"wants": False}


def test_what_the_step_did_not_ask_is_not_an_answer():
    assert answers_of([asked("make")], form(("make", "Kia"), ("admin", "true"))) == {"make": "Kia"}


def test_a_draft_holds_nothing_credit_class() -> None:
    fields = [asked("amount", "integer"), asked("income_band", is_secret=True)]
    answers = answers_of(fields, form(("amount", "5000"), ("income_band", "over_100k")))
    assert answers == {"amount": 5000, "income_band": "over_100k"}
    assert draft_of(fields, answers) == {"amount": 5000}


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("text", ["85000", "85,000", "85.000", "85 000", "85,000 km", "$85.000"])
def test_a_whole_number_may_be_grouped_as_in_any_language(text: str, locale: str) -> None:
    assert whole_number_of(text, locale) == 85000


@pytest.mark.parametrize("text", ["85,5", "1,00", "12.34.567", "many"])
def test_what_is_no_whole_number_does_not_become_one(text: str) -> None:
    assert not isinstance(whole_number_of(text, "en"), int)
