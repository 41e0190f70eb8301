"""What the checker accepts can be decided, whatever valid answers are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.unit.engine.examples import NOW, settle, submit
from trex_app.core.errors import ValidationFailed
from trex_app.engine import machine
from trex_app.engine.checker import CapabilityNames, check
from trex_app.engine.loader import from_source
from trex_app.engine.program import Program
from trex_app.engine.source import RawDefinition

LARGEST = 2_147_483_647
SMALL = st.integers(-6, 6)
ANSWERS_PER_DEFINITION = 8


@dataclass(frozen=True)
class Kind:
    """A kind of field: its schema, answers to it, and what can be computed and claimed of one."""

    schema: Mapping[str, Any]
    answers: st.SearchStrategy[Any]
    numbers: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


def whole(low: int = -LARGEST, high: int = LARGEST, **limits: int) -> Kind:
    """Whole numbers, which may also be sent as 3.0; the ends and small ones come often."""
    numbers = st.sampled_from([low, high, *(n for n in range(-6, 7) if low <= n <= high)])
    numbers |= st.integers(low, high)
    schema = {"type": "integer", **limits}
    return Kind(schema, numbers | numbers.map(float), ("{}",), ("{} > 2", "{} != 3", "!{}"))


def choices(kind: str) -> dict[str, Any]:
    return {"type": kind, "enum": [1, 2, 3], "labels": {"1": "A", "2": "B", "3": "C"}}


KINDS = (
    whole(),
    whole(-5, 5, minimum=-5, maximum=5),
    whole(1, minimum=1),
    whole(1, 9, exclusiveMinimum=0, maximum=9),
    Kind(choices("integer"), st.sampled_from([1, 2, 3.0]), ("{}",), ("{} in [1, 3]",)),
    Kind(choices("number"), st.sampled_from([1, 2, 3.0]), (), ("{} + 1 > 2", "{} + 1.0 > 2.0")),
    Kind(
        {"type": "number"},
        st.floats(allow_nan=False) | st.integers() | st.just(10**400),
        ("int({})",),
        ("{} > 0.5", "{} / 0.0 > 1.0", "{} * 2 > 1", "{} < 1000.0 && {} > 0.0 && int({}) > 5"),
    ),
    Kind(
        {"type": "string"},
        st.text(min_size=1, max_size=8) | st.sampled_from(["a", "(", "7"]),
        ("size({})",),
        ("{} == 'a'", "{}.startsWith('a')", "'a'.matches({})", "int({}) > 2", "{} > 1"),
    ),
    Kind({"type": "boolean"}, st.booleans(), (), ("{}", "!{}", "{} == true", "{} > 1")),
    Kind(
        {"type": "array", "items": {"type": "integer"}},
        st.lists(SMALL | SMALL.map(float), min_size=1, max_size=5),
        ("size({})", "{}[0]", "{}[1]"),
        ("2 in {}", "size({}) > 1", "size({}) > 2 && {}[2] + 1 > 0", "{}[0] + 1 > 0"),
    ),
)


@st.composite
def sums(draw: st.DrawFn, numbers: list[str], depth: int = 2) -> str:
    """A computation with numbers of fields, by which it may also divide."""
    number = draw(st.sampled_from(numbers))
    if depth == 0 or draw(st.booleans()):
        return number
    left, small = draw(sums(numbers, depth - 1)), draw(SMALL)
    forms = ["({0} + {1})", "({0} - {1})", "({0} * {1})", "({0} * {2})", "({0} - {2})"]
    return draw(st.sampled_from([*forms, "({0} / {1})", "({0} / ({1} - {2}))"])).format(
        left, number, small
    )


@st.composite
def conditions(draw: st.DrawFn, kinds: Mapping[str, Kind]) -> str:
    """Claims over the named fields; more often than not, what must be asked first is asked."""
    numbers = [form.format(name) for name, kind in kinds.items() for form in kind.numbers]
    claims = [form.replace("{}", name) for name, kind in kinds.items() for form in kind.claims]
    parts = draw(st.lists(st.sampled_from(claims), max_size=1))
    if numbers:
        parts.append(f"{draw(sums(numbers))} {draw(st.sampled_from(['<', '>=']))} {draw(SMALL)}")
    joined = draw(st.sampled_from([" && ", " || "])).join(f"({part})" for part in parts) or "true"
    for name in kinds:
        if name in joined and draw(st.integers(0, 3)):
            asked = draw(st.sampled_from(["{0} == null || ({1})", "{0} != null && ({1})"]))
            joined = asked.format(name, joined)
    around = ["{}", "{}", "has(context.locale) || {}", "inputs.given == null && {}"]
    return draw(st.sampled_from(around)).format(f"({joined})")


@st.composite
def definitions(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Kind]]:
    """A screen of some fields with a rule, and a way on with a condition."""
    drawn = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
    kinds = {f"field{number}": kind for number, kind in enumerate(drawn)}
    required = {name for name in kinds if draw(st.booleans())}
    rule = draw(conditions(kinds))
    when = draw(conditions({f"answers.asked.{name}": kind for name, kind in kinds.items()}))
    asked = {
        "component": "Asked",
        "title": "Asked",
        "fields": {
            name: {"title": "A field", "required": name in required, **kind.schema}
            for name, kind in kinds.items()
        },
        "rules": [{"assert": rule, "field": "field0", "code": "no", "message": "No."}],
        "next": [{"when": when, "to": "more"}, {"to": "done"}],
    }
    more = {"component": "More", "title": "More", "fields": {}, "next": [{"to": "done"}]}
    steps = {"asked": asked, "more": more, "done": {"end": "done", "component": "D", "title": "D"}}
    source = {"id": "it", "title": "It", "inputs": {"given": {}}, "start": "asked", "steps": steps}
    return source, kinds


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_valid_answer_makes_an_accepted_expression_fail(data: st.DataObject) -> None:
    source, kinds = data.draw(definitions())
    if check({"it": RawDefinition("it", source, "it.yaml")}, CapabilityNames()):
        event("refused")
        return
    event("accepted")
    program = Program(from_source({"it": source})["it"])
    for _ in range(ANSWERS_PER_DEFINITION):
        context = data.draw(st.sampled_from([{}, {"locale": "de"}]))
        session = settle(machine.start(program, "s", NOW, context)).finish().session
        given_ = {name: data.draw(st.none() | kind.answers) for name, kind in kinds.items()}
        try:
            submit(program, session, "asked", given_)
        except ValidationFailed:
            event("answer refused")
        else:
            event("answer taken")
