"""What a person answers is put in order, and each fault comes with the way to mend it."""

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trex_app.core.errors import FieldError
from trex_app.core.texts import translate
from trex_app.engine.assembly import assemble
from trex_app.engine.conditions import EvaluationFailed
from trex_app.engine.definition import Screen
from trex_app.engine.validation import MESSAGES, ScreenValidator

FIELDS: dict[str, Any] = {
    "name": {"type": "string", "title": "Name", "required": True, "minLength": 2, "maxLength": 20},
    "email": {"type": "string", "title": "E-mail", "format": "email"},
    "day": {"type": "string", "title": "Day", "format": "date"},
    "id": {"type": "string", "title": "Id", "format": "uuid"},
    "vin": {"type": "string", "title": "VIN", "format": "vin"},
    "postal_code": {"type": "string", "title": "Postal code", "format": "postal_code"},
    "code": {
        "type": "string",
        "title": "Code",
        "pattern": "^[A-Z]{3}$",
        "messages": {"pattern": "Enter three capital letters."},
    },
    "nights": {"type": "integer", "title": "Nights", "minimum": 1, "maximum": 30},
    "weight": {"type": "number", "title": "Weight", "exclusiveMinimum": 0, "multipleOf": 0.5},
    "board": {"type": "string", "title": "Board", "enum": ["half", "full"]},
    "wishes": {
        "type": "array",
        "title": "Wishes",
        "items": {"type": "string", "enum": ["sea", "sun", "sand"]},
        "uniqueItems": True,
        "maxItems": 2,
    },
    "scores": {"type": "array", "title": "Scores", "items": {"type": "integer"}},
    "prices": {"type": "array", "title": "Prices", "items": {"type": "number"}},
    "vins": {"type": "array", "title": "VINs", "items": {"type": "string", "format": "vin"}},
    "has_dog": {"type": "boolean", "title": "With a dog"},
    "dog_name": {"type": "string", "title": "Its name", "required_when": "has_dog == true"},
    "consent": {"type": "boolean", "title": "I agree", "const": True, "required": True},
}
RULES = [
    {
        "assert": "nights == null || nights <= answers.search.nights_max",
        "field": "nights",
        "code": "too_long",
        "message": "Stay no longer than you searched for.",
    }
]  # fmt: skip
VALID = {"name": "Ada", "consent": True}
ENV = {"answers": {"search": {"nights_max": 14}}, "results": {}, "inputs": {}, "context": {}}


def screen(fields: dict[str, Any], rules: Any = ()) -> Screen:
    step = {
        "component": "Stay",
        "title": "Stay",
        "fields": fields,
        "rules": rules,
        "next": [{"to": "done"}],
    }
    source = {
        "id": "stay",
        "title": "Stay",
        "start": "stay",
        "steps": {"stay": step, "done": {"end": "done"}},
    }
    made = assemble({"stay": source})["stay"].steps["stay"]
    assert isinstance(made, Screen)
    return made


VALIDATOR = ScreenValidator(screen(FIELDS, RULES))


def errors(**values: Any) -> list[FieldError]:
    return list(VALIDATOR.errors(VALIDATOR.normalise({**VALID, **values}), ENV))


class TestNormalise:
    def test_every_field_is_there_and_null_where_it_was_not_given(self) -> None:
        normal = VALIDATOR.normalise({"name": "Ada"})
        assert list(normal) == list(FIELDS)
        assert normal["name"] == "Ada"
        assert set(normal.values()) == {"Ada", None}

    @pytest.mark.parametrize(
        ("field", "given", "kept"),
        [
            ("name", "  Ada \n", "Ada"),
            ("name", "   ", None),
            ("name", "A\x00da", "Ada"),
            ("name", "A\ud800da", "Ada"),
            ("name", "Ada 🦖", "Ada 🦖"),
            ("wishes", [" sea "], ["sea"]),
            ("wishes", [], None),
            ("wishes", ["", "sea"], ["", "sea"]),
            ("scores", [3.0, 4], [3, 4]),
            ("scores", [3.5, True, "3"], [3.5, True, "3"]),
            ("prices", [3, 4.5], [3.0, 4.5]),
            ("vins", ["1hgcm-82633 a004352", "no vin"], ["1HGCM82633A004352", "no vin"]),
            ("nights", 3.0, 3),
            ("nights", 3.5, 3.5),
            ("nights", True, True),
            ("nights", "3", "3"),
            ("weight", 3, 3.0),
            ("weight", 10**400, math.inf),
            ("consent", False, None),
            ("has_dog", False, False),
            ("vin", "1hgcm-82633 a004352", "1HGCM82633A004352"),
            ("vin", "no vin", "no vin"),
            ("postal_code", "60618-1234", "60618"),
        ],
    )
    def test_a_value_takes_its_plain_form(self, field: str, given: Any, kept: Any) -> None:
        normal = VALIDATOR.normalise({field: given})[field]
        assert repr(normal) == repr(kept)

    def test_what_is_not_a_field_stays_to_be_refused(self) -> None:
        assert VALIDATOR.normalise({"surprise": 1})["surprise"] == 1

    def test_normalising_twice_changes_nothing(self) -> None:
        once = VALIDATOR.normalise({**VALID, "nights": 3.0, "weight": 1, "name": " Ada "})
        assert VALIDATOR.normalise(once) == once


class TestErrors:
    def test_a_valid_answer_has_none(self) -> None:
        assert errors(email="ada@example.com", nights=3, wishes=["sea", "sun"], weight=1.5) == []

    @pytest.mark.parametrize(
        ("field", "value", "code", "message"),
        [
            ("name", None, "required", "Please fill in this field."),
            ("name", "A", "minLength", "Enter at least 2 characters."),
            ("name", "A" * 21, "maxLength", "Enter at most 20 characters."),
            ("name", 5, "type", "Enter text."),
            ("name", ["Ada"], "type", "Enter text."),
            ("email", "ada@", "format", "Enter an e-mail address such as name@example.com."),
            ("day", "2026-02-30", "format", "Enter a date as year-month-day, such as 1990-05-31."),
            ("id", "7", "format", "Choose one of the options."),
            ("vin", "1HGCM82633A00435", "vin_length", "A VIN has 17 characters; this one has 16."),
            ("postal_code", "6", "postal_code", "This is not a postal code; it looks like 60618."),
            ("code", "abc", "pattern", "Enter three capital letters."),
            ("nights", 0, "minimum", "Enter at least 1."),
            ("nights", 31, "maximum", "Enter at most 30."),
            ("nights", 1.5, "type", "Enter a whole number."),
            ("nights", "3", "type", "Enter a whole number."),
            ("nights", 2**80, "maximum", "Enter at most 30."),
            ("weight", 0, "exclusiveMinimum", "Enter more than 0."),
            ("weight", 0.3, "multipleOf", "Enter a multiple of 0.5."),
            ("weight", "heavy", "type", "Enter a number."),
            ("weight", 10**400, "type", "Enter a number."),
            ("scores", [10**400], "maximum", "Enter at most 2147483647."),
            ("vins", ["1"], "vin_length", "A VIN has 17 characters; this one has 1."),
            ("board", "all", "enum", "Choose one of the options."),
            ("wishes", ["snow"], "enum", "Choose one of the options."),
            ("wishes", ["sea", "sea"], "uniqueItems", "Choose each option only once."),
            ("wishes", ["sea", "sun", "sand"], "maxItems", "Choose at most 2."),
            ("wishes", "sea", "type", "Choose from the list."),
            ("wishes", [[]], "type", "Choose from the list."),
            ("has_dog", "yes", "type", "Choose yes or no."),
            ("consent", False, "required", "Please confirm this to continue."),
            ("consent", None, "required", "Please confirm this to continue."),
            ("consent", 1, "type", "Choose yes or no."),
        ],
    )  # fmt: skip
    def test_a_fault_names_its_field_and_the_way_to_mend_it(
        self, field: str, value: Any, code: str, message: str
    ) -> None:
        (fault,) = errors(**{field: value})
        assert (fault.field, fault.code, fault.message) == (field, code, message)

    def test_a_field_is_required_only_when_its_condition_holds(self) -> None:
        assert errors(has_dog=False) == []
        assert errors(has_dog=True, dog_name="Rex") == []
        (fault,) = errors(has_dog=True)
        assert (fault.field, fault.code) == ("dog_name", "required")

    def test_a_rule_may_read_earlier_answers(self) -> None:
        assert errors(nights=14) == []
        (fault,) = errors(nights=15)
        assert (fault.field, fault.code) == ("nights", "too_long")
        assert fault.message == "Stay no longer than you searched for."

    def test_a_rule_says_nothing_of_a_field_that_is_already_wrong(self) -> None:
        assert [fault.code for fault in errors(nights="many")] == ["type"]

    def test_a_rule_that_cannot_be_decided_is_the_definitions_fault(self) -> None:
        broken = screen(
            {"nights": {"type": "integer", "title": "Nights"}},
            [{"assert": "nights > 1", "field": "nights", "code": "x", "message": "More."}],
        )
        validator = ScreenValidator(broken)
        with pytest.raises(EvaluationFailed):
            validator.errors(validator.normalise({}), ENV)

    def test_a_field_that_is_not_asked_is_refused_by_name(self) -> None:
        (fault,) = errors(surprise="x")
        assert (fault.field, fault.code) == ("surprise", "unknown_field")
        assert "surprise is not a field of this step" in fault.message

    def test_a_field_that_is_not_asked_is_refused_even_when_it_is_null(self) -> None:
        assert [fault.field for fault in errors(surprise=None)] == ["surprise"]

    def test_a_very_long_name_is_not_repeated_in_full(self) -> None:
        (fault,) = errors(**{"x" * 10_000: 1})
        assert len(fault.message) < 200

    def test_faults_come_in_the_order_of_the_fields_behind_what_is_no_field(self) -> None:
        found = errors(name="A" * 21, email="x", nights=-5.5, surprise=1)
        assert [fault.field for fault in found] == ["surprise", "name", "email", "nights"]

    @pytest.mark.parametrize("value", ["geheim-4111", "geheim@", ["geheim"], {"geheim": 1}])
    def test_a_message_never_repeats_what_was_typed(self, value: Any) -> None:
        for field in FIELDS:
            found = errors(**{field: value})
            assert not any("geheim" in fault.message for fault in found)


class TestSchema:
    def test_clients_are_told_titles_limits_and_what_is_required(self) -> None:
        schema = VALIDATOR.schema
        assert schema["required"] == ["name", "consent"]
        assert schema["additionalProperties"] is False
        assert schema["properties"]["name"] == {
            "title": "Name",
            "type": "string",
            "minLength": 2,
            "maxLength": 20,
        }

    def test_whatever_states_no_limit_gets_one(self) -> None:
        asked = {
            "text": {"type": "string", "title": "T"},
            "count": {"type": "integer", "title": "C", "minimum": 0},
            "list": {"type": "array", "title": "L", "items": {"type": "string"}},
        }
        properties = ScreenValidator(screen(asked)).schema["properties"]
        assert properties["text"]["maxLength"] == 1000
        assert (properties["count"]["minimum"], properties["count"]["maximum"]) == (0, 2**31 - 1)
        assert properties["list"]["maxItems"] == 100
        assert properties["list"]["items"]["maxLength"] == 1000


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*FIELDS, "surprise"]), JSON_VALUES))
def test_anything_can_be_sent_and_is_either_accepted_or_told_what_is_wrong(given_: Any) -> None:
    normal = VALIDATOR.normalise(given_)
    found = VALIDATOR.errors(normal, ENV)
    assert all(fault.message for fault in found)
    assert VALIDATOR.errors(VALIDATOR.normalise(normal), ENV) == found


def test_every_message_can_be_translated_with_its_parameters() -> None:
    params = dict.fromkeys(("minimum", "maximum", "minLength", "maxLength", "name"), 1)
    params |= dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum", "multipleOf"), 1)
    params |= dict.fromkeys(("minItems", "maxItems"), 1)
    for template in MESSAGES.values():
        assert "{" not in translate(template, "de").format(**params)


CREDIT_FIELDS: dict[str, Any] = {
    "consent": {"type": "boolean", "title": "Consent", "required": True},
    "note": {"type": "string", "title": "Note", "required_when": "consent == true"},
    "birth_date": {
        "type": "string",
        "title": "Date of birth",
        "format": "date",
        "required_when": "consent == true",
        "pii": "credit",
    },
}


class TestCreditData:
    @pytest.mark.parametrize(
        ("consent", "kept"), [(True, "1980-05-05"), (False, None), (None, None)]
    )
    def test_it_is_kept_only_where_the_other_answers_call_for_it(
        self, consent: bool | None, kept: str | None
    ) -> None:
        validator = ScreenValidator(screen(CREDIT_FIELDS))
        given = {"consent": consent, "note": "hello", "birth_date": "1980-05-05"}

        values = validator.without_needless(validator.normalise(given), ENV)

        assert values == {**given, "birth_date": kept}

    def test_a_faulty_condition_is_left_to_the_errors(self) -> None:
        validator = ScreenValidator(screen(CREDIT_FIELDS))
        values = validator.normalise({"consent": "maybe", "birth_date": "1980-05-05"})

        assert validator.errors(validator.without_needless(values, ENV), ENV)[0].field == "consent"


BORN = {"born": {"type": "string", "title": "Born", "format": "date", "past": True}}
TODAY = date(2026, 3, 1)


class TestDatesInThePast:
    @pytest.mark.parametrize("given", [None, "1980-05-05", "2026-02-28"])
    def test_a_day_before_today_is_accepted(self, given: str | None) -> None:
        validator = ScreenValidator(screen(BORN))
        assert validator.errors({"born": given}, ENV, TODAY) == ()

    @pytest.mark.parametrize("given", ["2026-03-01", "2026-10-01", "9999-12-31"])
    def test_today_and_later_are_refused(self, given: str) -> None:
        validator = ScreenValidator(screen(BORN))
        (fault,) = validator.errors({"born": given}, ENV, TODAY)
        assert (fault.field, fault.code) == ("born", "past")
        assert fault.message == "Enter a date in the past."

    def test_what_is_no_date_is_called_that(self) -> None:
        validator = ScreenValidator(screen(BORN))
        (fault,) = validator.errors({"born": "9999-13-45"}, ENV, TODAY)
        assert fault.code == "format"

    def test_an_answer_once_accepted_is_not_held_against_a_day(self) -> None:
        validator = ScreenValidator(screen(BORN))
        assert validator.errors({"born": "2026-03-01"}, ENV) == ()

    def test_clients_are_told_of_a_plain_date(self) -> None:
        schema = ScreenValidator(screen(BORN)).schema["properties"]["born"]
        assert schema["format"] == "date"
        assert "past" not in schema
