"""Expressions that some answers make fail are found before anybody gives such answers."""

from typing import Any

import pytest

from trex_app.engine.checker import CapabilityNames, check
from trex_app.engine.source import Problem, RawDefinition

CAPABILITIES = CapabilityNames(lookups=frozenset({"rooms.search"}), ports=frozenset({"rooms"}))


def field(kind: str, **more: Any) -> dict[str, Any]:
    labels = (
        {"labels": {str(value): "A choice" for value in more["enum"]}} if "enum" in more else {}
    )
    return {"type": kind, "title": "A field", **labels, **more}


def workflow(
    fields: dict[str, Any], rule: str = "true", when: str = "true", **more: Any
) -> dict[str, Any]:
    """One screen `a` with a rule, and a way on with a condition, by an optional screen `b`."""
    asked: dict[str, Any] = {"component": "Form", "title": "A step"}
    claim = {"assert": rule, "field": next(iter(fields), ""), "code": "no", "message": "No."}
    return {
        "id": "it",
        "title": "It",
        "start": "a",
        "steps": {
            "a": {
                **asked,
                "fields": fields,
                "rules": [claim] if fields else [],
                "next": [{"when": when, "to": "b"}, {"to": "done"}],
            },
            "b": {**asked, "fields": {}, "next": [{"to": "done"}]},
            "done": {"end": "done", "component": "Done", "title": "Done"},
        },
        **more,
    }


def problems(*sources: dict[str, Any]) -> list[Problem]:
    raws = {source["id"]: RawDefinition(source["id"], source, "it.yaml") for source in sources}
    return check(raws, CAPABILITIES)


NUMBER = field("integer", required=True)
OPTIONAL = field("integer")

FAILING: dict[str, tuple[dict[str, Any], str, str]] = {
    "an input on a direct start": (
        workflow({}, when="inputs.n > 3", inputs={"n": {"type": "integer"}}),
        " where inputs.n is not given",
        "Compare with null first",
    ),
    "an input of any type": (
        workflow({}, when="inputs.n != null && inputs.n > 3", inputs={"n": {}}),
        ' where inputs.n is "sample"',
        "allow fewer of them",
    ),
    "a member that an input may lack": (
        workflow(
            {},
            when="inputs.n != null && inputs.n.size > 3",
            inputs={"n": {"type": "object", "properties": {"size": {"type": "integer"}}}},
        ),
        " where inputs.n is {}",
        "allow fewer of them",
    ),
    "a field beside a context": (
        workflow({"x": OPTIONAL}, rule="x > 1 || has(context.locale)"),
        " where x is not given and context.locale is not set",
        "Compare with null first",
    ),
    "a field beside an input": (
        workflow({"x": OPTIONAL}, when="inputs.n != null || answers.a.x > 1", inputs={"n": {}}),
        " where inputs.n is not given and answers.a.x is not given",
        "Compare with null first",
    ),
    "one field before many others": (
        workflow(
            {"x": OPTIONAL, **dict.fromkeys("abcdefgh", NUMBER)},
            rule="x + a + b + c + d + e + f + g + h < 100",
        ),
        " where x is not given",
        "Compare with null first",
    ),
    "the largest whole numbers": (
        workflow(dict.fromkeys("xyz", NUMBER), rule="x * y * z < 5"),
        " where x is -2147483647 and y is -2147483647 and z is -2147483647",
        "allow fewer of them",
    ),
    "zero between two limits": (
        workflow({"x": field("integer", minimum=-5, maximum=5, required=True)}, rule="10 / x > 1"),
        " where x is 0",
        "as in x != 0",
    ),
    "a number that stands in the expression": (
        workflow({"x": NUMBER}, rule="10 / (x - 7) > 1"),
        " where x is 7",
        "as in x != 0",
    ),
    "a text that stands in the expression": (
        workflow(
            {"kind": field("string", required=True), "x": OPTIONAL},
            rule="kind != 'house' || x > 1",
        ),
        ' where kind is "house" and x is not given',
        "Compare with null first",
    ),
    "a choice of numbers taken for whole ones": (
        workflow({"n": field("number", enum=[1, 2], required=True)}, rule="n + 1 > 2"),
        ", whatever is answered",
        "only with values of one kind",
    ),
    "a constant number taken for a whole one": (
        workflow({"n": field("number", const=1, required=True)}, rule="n + 1 > 2"),
        ", whatever is answered",
        "only with values of one kind",
    ),
    "the second of one item": (
        workflow(
            {"l": field("array", items={"type": "integer"}, required=True)}, rule="l[1] > 2"
        ),
        " where l is [-2147483647]",
        "allow fewer of them",
    ),
    "a text that is no number": (
        workflow({"t": field("string", required=True)}, rule="int(t) > 2"),
        ' where t is "sample"',
        "allow fewer of them",
    ),
    "a number too large for a whole one": (
        workflow({"n": field("number", required=True)}, rule="int(n) > 2"),
        " where n is -1.7976931348623157e+308",
        "allow fewer of them",
    ),
    "what fails for nothing": (
        workflow({}, when="1 / 0 > 1"),
        ", whatever is answered",
        "only with values of one kind",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAILING)
def test_what_fails_for_some_values_is_refused_and_they_are_named(case: str) -> None:
    source, where, hint = FAILING[case]
    (problem,) = problems(source)
    assert problem.message == f"This cannot be decided{where}"
    assert hint in problem.hint
    assert problem.step == "a"


SOUND: dict[str, dict[str, Any]] = {
    "an input that is compared with null": workflow(
        {}, when="inputs.n == null || inputs.n + 1 > 3", inputs={"n": {"type": "integer"}}
    ),
    "a member that is asked for": workflow(
        {},
        when="inputs.n != null && has(inputs.n.size) && inputs.n.size > 3",
        inputs={"n": {"type": "object", "properties": {"size": {"type": "integer"}}}},
    ),
    "a context that is asked for": workflow(
        {}, when="has(context.tenant) && context.tenant.startsWith('a')"
    ),
    "items taken for what they are": workflow(
        {"l": field("array", items={"type": "integer"}, required=True)}, rule="l[0] + 1 > 2"
    ),
    "numbers that cannot overflow": workflow({"x": NUMBER, "y": NUMBER}, rule="x * y + x - y < 9"),
    "a division by what is never zero": workflow(
        {"x": field("integer", exclusiveMinimum=0, required=True)}, rule="10 / x > 1"
    ),
    "digits taken for a number": workflow(
        {
            "t": field(
                "string", pattern="^[0-9]{4}$", messages={"pattern": "4 digits."}, required=True
            )
        },
        rule="int(t) > 1999",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SOUND)
def test_what_no_value_fails_for_is_accepted(case: str) -> None:
    assert problems(SOUND[case]) == []


def caller(passed: str, when: str = "true", **fields: Any) -> dict[str, Any]:
    """Asks, then calls `it` with the input n, then may go by another screen."""
    source = workflow(fields, id="caller")
    steps = source["steps"]
    steps["a"]["next"] = [{"to": "call"}]
    steps["call"] = {
        "call": "it",
        "input": {"n": passed},
        "next": [{"when": when, "to": "b2"}, {"to": "done"}],
    }
    steps["b2"] = steps.pop("b")
    steps["a2"] = steps.pop("a")
    return {**source, "start": "a2"}


def called(n: dict[str, Any], **outputs: str) -> dict[str, Any]:
    return workflow({"m": OPTIONAL}, inputs={"n": n}, outputs=outputs)


def test_what_is_passed_must_fit_what_is_declared() -> None:
    text = caller("answers.a2.t", t=field("string"))
    (problem,) = problems(called({"type": "integer"}), text)
    assert (
        problem.message == "This does not fit the input 'n' of it where answers.a2.t is \"sample\""
    )
    assert problem.hint == "Pass what is declared there, or declare what is passed."
    assert problems(called({"type": "string"}), text) == []


def test_what_is_computed_to_be_passed_may_be_too_large() -> None:
    product = caller("answers.a2.x * answers.a2.y", x=NUMBER, y=NUMBER)
    (problem,) = problems(called({"type": "integer"}), product)
    assert problem.message.startswith("This does not fit the input 'n' of it where answers.a2.x is")


def test_what_a_call_puts_out_may_be_null() -> None:
    callee = called({}, m="answers.a.m")
    (problem,) = problems(callee, caller("1", when="results.call.m > 3"))
    assert problem.message == "This cannot be decided where results.call.m is not given"
    asked = "results.call.m != null && results.call.m > 3"
    assert problems(callee, caller("1", when=asked)) == []


def test_what_a_screen_derives_is_of_its_kind() -> None:
    source = workflow({"x": NUMBER}, when="results.a.is_large + 1 > 2")
    source["steps"]["a"]["result"] = {"is_large": "answers.a.x > 9"}
    (problem,) = problems(source)
    assert problem.message == "This cannot be decided, whatever is answered"


def test_a_result_that_is_derived_from_itself_is_left_alone() -> None:
    source = workflow({"x": NUMBER}, when="results.a.again == null")
    source["steps"]["a"]["result"] = {"again": "results.a.again"}
    assert problems(source) == []


def test_what_a_lookup_finds_is_left_alone() -> None:
    source = workflow({"x": OPTIONAL})
    source["steps"]["a"]["next"] = [{"to": "search"}]
    source["steps"]["search"] = {
        "lookup": "rooms.search",
        "next": [{"when": "results.search.hits > 2", "to": "b"}, {"to": "done"}],
    }
    assert problems(source) == []
