"""An answer knows the values that it holds."""

from typing import Any

import pytest

from trex_app.engine.session import Answer


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "a", ["a", 1], {"a": [1, {"b": None}]}])
def test_an_answer_holds_values_that_are_equal(value: Any) -> None:
    assert Answer({"field": value, "other": 1}).holds({"other": 1, "field": value})


@pytest.mark.parametrize(
    ("held", "given"),
    [
        (True, 1),
        (0, False),
        (1, 1.0),
        ([1], [True]),
        ({"a": [0]}, {"a": [0.0]}),
        ("1", 1),
        (["a"], ["a", "b"]),
        (None, 0),
    ],
)
def test_what_only_python_calls_equal_is_another_value(held: Any, given: Any) -> None:
    assert not Answer({"field": held}).holds({"field": given})


def test_an_answer_holds_no_fewer_and_no_more_values() -> None:
    assert not Answer({"a": 1}).holds({})
    assert not Answer({"a": 1}).holds({"a": 1, "b": None})
