"""What expressions are tried with: values at the ends of what a field takes, as they are kept."""

from typing import Any

import pytest

from trex_app.engine.checker.samples import answers_to, input_check, passed_as

LARGEST = 2_147_483_647


@pytest.mark.parametrize(
    ("field", "literals", "expected"),
    [
        ({"type": "integer"}, (), [-LARGEST, LARGEST, 0, 1]),
        ({"type": "integer", "minimum": 1, "maximum": 9}, (4, 40), [1, 9, 4]),
        ({"type": "integer", "minimum": -5, "maximum": 5}, (2,), [-5, 5, 0, 1, 2, -2]),
        ({"type": "integer", "minimum": 0.5, "maximum": 7.5}, (), [1, 7]),
        ({"type": "integer", "exclusiveMinimum": 0, "maximum": 5}, (), [5, 1]),
        ({"type": "integer", "minimum": 0, "multipleOf": 5, "maximum": 12}, (7,), [0, 10, 5]),
        ({"type": "integer", "enum": [2, 3]}, (1,), [2, 3]),
        ({"type": "number", "enum": [2, 3]}, (), [2.0, 3.0]),
        ({"type": "number", "const": 3}, (), [3.0]),
        ({"type": "number", "minimum": 0, "maximum": 2}, (), [0.0, 2.0, 0.5, 1.0]),
        ({"type": "boolean"}, (), [True, False]),
        ({"type": "boolean", "const": True}, (), [True]),
        ({"type": "string"}, ("blue", 3), ["sample", "1", "(", "blue", "aaa", "aaaa"]),
        ({"type": "string", "enum": ["a", "b"]}, ("c",), ["a", "b"]),
        ({"type": "string", "format": "date"}, ("1900-01-01", "x"), ["2000-01-31", "1900-01-01"]),
        ({"type": "string", "minLength": 3, "maxLength": 4}, (), ["samp", "1aa", "(aa"]),
        ({"type": "string", "pattern": "^\\d{4}$"}, (), ["1111"]),
        ({"type": "string", "pattern": "^[äöü]{4}$"}, (), ["sample"]),
        (
            {"type": "array", "items": {"type": "integer", "enum": [1, 2]}, "maxItems": 3},
            (),
            [[1], [2], [1, 2], [1, 2, 1]],
        ),
        (
            {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "uniqueItems": True},
            (),
            [["a"], ["b"], ["a", "b"]],
        ),
        ({"type": "integer", "minimum": 5, "maximum": 2}, (), []),
    ],
)
def test_answers_to_a_field(field: dict[str, Any], literals: Any, expected: list[Any]) -> None:
    assert list(map(repr, answers_to(field, literals))) == list(map(repr, expected))


def test_a_number_without_limits_is_tried_at_the_ends_of_all_numbers() -> None:
    assert {-1.7976931348623157e308, 1.7976931348623157e308} <= set(
        answers_to({"type": "number"}, ())
    )


@pytest.mark.parametrize("count", [1, 2, 4, 5, 100])
def test_lists_are_as_long_as_the_expression_may_ask(count: int) -> None:
    tried = answers_to({"type": "array", "items": {"type": "integer"}}, (4,))
    assert count in {len(items) for items in tried}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 0}, [0, LARGEST, 1, None]),
        ({"type": "number", "minimum": 1, "maximum": 2}, [1, 2, 1.0, 2.0, None]),
        ({"type": ["boolean", "null"]}, [True, False, None]),
        ({"enum": ["a", 1]}, ["a", 1, 1.0, None]),
        (
            {"type": "object", "properties": {"is_new": {"type": "boolean"}}},
            [{"is_new": True}, {}, {"is_new": False}, None],
        ),
    ],
)
def test_what_may_be_passed_in(schema: dict[str, Any], expected: list[Any]) -> None:
    assert list(map(repr, passed_as(schema, ()))) == list(map(repr, expected))


def test_an_input_without_a_type_may_be_anything() -> None:
    kinds = {type(value) for value in passed_as({}, ())}
    assert kinds == {str, int, float, bool, list, dict, type(None)}


@pytest.mark.parametrize(
    ("schema", "value", "is_taken"),
    [
        ({"type": "integer"}, 3, True),
        ({"type": "integer"}, 3.0, False),
        ({"type": "integer"}, LARGEST + 1, False),
        ({"type": "integer", "maximum": 10**12}, 10**12, True),
        ({"type": "number"}, 3, True),
        ({"type": "string"}, 3, False),
        ({"type": "string"}, None, True),
        ({}, [1], True),
    ],
)
def test_what_does_not_fit_an_input_is_told(
    schema: dict[str, Any], value: Any, is_taken: bool
) -> None:
    assert input_check(schema)(value) is is_taken
