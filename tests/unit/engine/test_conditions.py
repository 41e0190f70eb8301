"""Conditions are CEL without loops, read only what they name, and never repeat a value."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trex_app.engine.conditions import (
    MAX_LENGTH,
    EvaluationFailed,
    Expression,
    ExpressionInvalid,
    Reference,
)


def env(**answers: dict[str, Any]) -> dict[str, Any]:
    return {"answers": answers, "results": {}, "inputs": {}, "context": {}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("answers.trip.nights > 2", True),
        ("answers.trip.nights > 2 && answers.trip.note == null", True),
        ("answers.trip.note == null || answers.trip.note.startsWith('a')", True),
        ("'sea' in answers.trip.wishes", True),
        ("size(answers.trip.wishes) == 2", True),
        ("has(answers.trip) && !has(answers.detour)", True),
        ("answers.trip.nights * 2 + 1", 7),
        ("{'nights': answers.trip.nights, 'two': 2}", {"nights": 3, "two": 2}),
        ("has(answers.detour) ? answers.detour.days : null", None),
        ("'answers.trip.nights' == answers.trip.note", False),
        ("answers.trip.wishes[1] == 'sun' && answers.trip.wishes[0] == 'sea'", True),
        ("has(answers.trip.nights) && !has(answers.trip.days)", True),
        ("has(answers.detour.days) || true", True),
        ("has(answers.detour.days) ? 1 : 2", 2),
        ("has(answers.trip.note.length) ? 1 : 2", 2),
        ("answers.trip.wishes", ["sea", "sun"]),
        ("answers.trip", {"nights": 3, "note": None, "wishes": ["sea", "sun"]}),
        ("'plain text'", "plain text"),
        ("null", None),
    ],
)  # fmt: skip
def test_an_expression_has_its_value(text: str, expected: Any) -> None:
    known = env(trip={"nights": 3, "note": None, "wishes": ["sea", "sun"]})
    assert Expression(text).evaluate(known) == expected


def test_bare_names_are_fields() -> None:
    rule = Expression("low == null || high == null || low <= high")
    assert rule.holds({**env(), "low": 1, "high": 2})
    assert rule.holds({**env(), "low": 1, "high": None})
    assert not rule.holds({**env(), "low": 3, "high": 2})


def test_null_counts_as_false() -> None:
    assert not Expression("answers.trip.flag").holds(env(trip={"flag": None}))


def test_a_condition_must_be_true_or_false() -> None:
    with pytest.raises(EvaluationFailed, match="must be true or false"):
        Expression("answers.trip.nights").holds(env(trip={"nights": 3}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("a ==", "has a mistake at 1:5"),
        ("x" * (MAX_LENGTH + 1), f"longer than {MAX_LENGTH}"),
        ("[1, 2].map(x, x + 1)", "map() loops"),
        ("answers.a.b.filter(x, x > 1)", "filter() loops"),
        ("answers.a.b.all(x, x > 1)", "all() loops"),
        ("answers.a.b.exists(x, x > 1)", "exists() loops"),
        ("answers.a.b.exists_one(x, x > 1)", "exists_one() loops"),
        ("surprise(1)", "surprise() is not a known function"),
        ("timestamp('2026-01-01T00:00:00Z')", "timestamp() is not a known function"),
        ("answers == null", "'answers' stands alone"),
        ("has(context) ? 1 : 2", "has a mistake"),
        ("answers.trip['nights'] > 1", "with a dot, not with brackets"),
    ],
)
def test_what_is_outside_the_language_is_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionInvalid) as refusal:
        Expression(text)
    assert message in str(refusal.value)


def test_a_loop_in_a_text_is_only_text() -> None:
    assert Expression("answers.a.b == 'x.map(y)'").evaluate(env(a={"b": "x.map(y)"})) is True


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("answers.a.b > 1", [Reference("answers", ("a", "b"))]),
        ("low < high", [Reference("low"), Reference("high")]),
        ("inputs.guest == 'answers.a.b'", [Reference("inputs", ("guest",))]),
        ("size(results.search.rooms) > 0", [Reference("results", ("search", "rooms"))]),
        ("answers.a.text.contains('x')", [Reference("answers", ("a", "text"))]),
        ("answers.a.b > 1 || answers.a.b < 0", [Reference("answers", ("a", "b"))]),
        (
            "has(answers.a) ? answers.a.b : null",
            [
                Reference("answers", ("a",), is_guarded=True, is_presence=True),
                Reference("answers", ("a", "b"), is_guarded=True),
            ],
        ),
        (
            "has(answers.a) && answers.c.d == 1",
            [
                Reference("answers", ("a",), is_guarded=True, is_presence=True),
                Reference("answers", ("c", "d")),
            ],
        ),
        ("[1, 2.5, 0x1F, true, null]", []),
    ],
)
def test_an_expression_knows_what_it_reads(text: str, references: list[Reference]) -> None:
    assert list(Expression(text).references) == references


def test_an_expression_knows_what_stands_in_it() -> None:
    text = "a == 'it\\'s' || b in [1, 2.5, 0x1F, 1] || c == r\"x\" || d == true || e == null"
    assert Expression(text).literals == ("it's", 1, 2.5, 31, "x")


def test_only_what_is_named_is_read() -> None:
    class Untouchable(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            assert key == "b", f"{key} was not named"
            return super().__getitem__(key)

    step = Untouchable(b=1, secret="x")
    known = {"answers": {"a": step}, "results": None, "inputs": None, "context": None}
    assert Expression("answers.a.b == 1 && has(answers.a)").evaluate(known) is True


@pytest.mark.parametrize(
    "text",
    [
        "answers.trip.absent",
        "answers.trip.absent == 1",
        "answers.nowhere.nights",
        "answers.trip.note > 1",
        "answers.trip.secret + 1",
        "answers.trip.nights / 0",
        "9223372036854775807 + answers.trip.nights",
        "answers.trip.note && answers.trip.nights == 3",
        "size(answers.trip.note)",
        "[1][answers.trip.nights]",
    ],
)
def test_a_failed_evaluation_names_the_expression_and_no_value(text: str) -> None:
    known = env(trip={"nights": 3, "note": None, "secret": "4111-1111"})
    with pytest.raises(EvaluationFailed) as failure:
        Expression(text).evaluate(known)
    assert text in str(failure.value)
    assert "4111" not in str(failure.value)
    assert text not in failure.value.message


def test_equal_texts_are_equal_expressions() -> None:
    assert Expression(" a == 1 ") == Expression("a == 1")
    assert len({Expression("a == 1"), Expression("a == 1"), Expression("a == 2")}) == 2


@given(st.text(max_size=120))
def test_any_text_is_compiled_or_refused(text: str) -> None:
    try:
        expression = Expression(text)
    except ExpressionInvalid:
        return
    assert expression.text == text.strip()


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())


@given(VALUES, VALUES)
def test_any_values_are_decided_or_refused(left: Any, right: Any) -> None:
    try:
        decided = Expression("left != null && left <= right").evaluate(
            {"left": left, "right": right}
        )
    except EvaluationFailed:
        return
    assert isinstance(decided, bool) or math.isnan(decided)
