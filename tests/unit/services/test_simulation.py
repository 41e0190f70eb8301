"""Made-up people: repeatable, obedient to what is decided, and able to answer what is asked."""

import asyncio
import random
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.generators import CAPABILITIES, ROOT, workflow_sources
from tests.unit.services.engine_edge import EngineEdge
from trex_app.core.errors import Unavailable
from trex_app.engine.checker import check
from trex_app.engine.loader import from_source
from trex_app.engine.program import Program
from trex_app.engine.source import RawDefinition
from trex_app.services.presentation import field_config
from trex_app.services.simulation import DeadEnd, Person, visit, walks
from trex_app.services.simulation.coverage import Coverage, Place

GENERATED = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def workflow(steps: dict[str, Any], start: str = "ask") -> Program:
    source = {"id": "trial", "title": "Trial", "start": start, "steps": steps}
    problems = check({"trial": RawDefinition("trial", source, "trial.yaml")}, CAPABILITIES)
    assert problems == []
    return Program(from_source({"trial": source})["trial"])


def screen(fields: dict[str, Any], *ways: dict[str, str], **more: Any) -> dict[str, Any]:
    titled = {name: {"title": name.title(), **labelled(field)} for name, field in fields.items()}
    return {"component": "Ask", "title": "Ask", "fields": titled, "next": list(ways), **more}


def labelled(field: dict[str, Any]) -> dict[str, Any]:
    """The field with a text for each of its choices."""
    choices = field.get("enum") or field.get("items", {}).get("enum", ())
    return {**field, "labels": {choice: choice.upper() for choice in choices}}


END = {"end": "done", "component": "Done", "title": "Done"}


def fields_of(program: Program, step: str = "ask") -> list[dict[str, Any]]:
    node = program.screen(program.positions_of(step)[0])
    assert node is not None
    return [field_config(field, {}, "en") for field in node.step.fields.values()]


def ending_of(program: Program, person: Person, hits: int = 3) -> EngineEdge:
    """The edge after the person's visit."""

    async def walk() -> EngineEdge:
        edge = EngineEdge(program, hits)
        await visit(person, edge, await edge.view())
        return edge

    return asyncio.run(walk())


def test_the_same_seed_gives_the_same_answers() -> None:
    fields = fields_of(
        workflow({"ask": screen({"age": {"type": "integer"}}, {"to": "end"}), "end": END})
    )
    first, second = (Person(random.Random(5)).answer("ask", fields) for _ in range(2))
    assert first == second


def test_what_is_decided_is_answered_so_and_none_leaves_a_field_out() -> None:
    asked = {"colour": {"type": "string", "enum": ["red", "blue"]}, "name": {"type": "string"}}
    fields = fields_of(workflow({"ask": screen(asked, {"to": "end"}), "end": END}))
    decided = {("ask", "colour"): "blue", ("ask", "name"): None}
    for seed in range(20):
        assert Person(random.Random(seed), decided).answer("ask", fields) == {"colour": "blue"}


def test_required_fields_are_always_filled_in() -> None:
    asked = {"name": {"type": "string", "required": True}, "age": {"type": "integer"}}
    fields = fields_of(workflow({"ask": screen(asked, {"to": "end"}), "end": END}))
    answers = [Person(random.Random(seed)).answer("ask", fields) for seed in range(40)]
    assert all("name" in given for given in answers)
    assert any("age" not in given for given in answers)


@pytest.mark.parametrize(
    "field",
    [
        {"type": "integer", "minimum": 1950, "maximum": 2100, "widget": "year"},
        {"type": "integer", "minimum": 100, "maximum": 10_000_000, "widget": "money"},
        {"type": "integer", "minimum": 10, "maximum": 100, "multipleOf": 5},
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "format": "email"},
        {"type": "string", "format": "date"},
        {"type": "string", "format": "vin"},
        {"type": "string", "format": "postal_code"},
        {"type": "string", "minLength": 9, "maxLength": 12},
        {
            "type": "string",
            "pattern": "^[A-Z]{2}-[0-9]{4}$",
            "placeholder": "AB-1234",
            "messages": {"pattern": "Write AB-1234."},
        },
        {"type": "string", "enum": ["a", "b"]},
        {"type": "boolean", "const": True},
        {
            "type": "array",
            "items": {"type": "string", "enum": ["x", "y", "z"]},
            "minItems": 2,
            "uniqueItems": True,
        },
    ],
    ids=str,
)
def test_a_drawn_value_is_one_that_the_field_allows(field: dict[str, Any]) -> None:
    asked = {"it": {**field, "required": True}}
    program = workflow({"ask": screen(asked, {"to": "end"}), "end": END})
    node = program.screen(program.start)
    assert node is not None
    for seed in range(30):
        values = Person(random.Random(seed)).answer("ask", fields_of(program))
        assert node.validator.errors(node.validator.normalise(values), {}) == ()


def test_a_refused_answer_is_corrected_until_a_rule_between_fields_holds() -> None:
    asked = {
        "low": {"type": "integer", "minimum": 0, "maximum": 10_000, "required": True},
        "high": {"type": "integer", "minimum": 0, "maximum": 10_000, "required": True},
    }
    order = {"assert": "low <= high", "field": "high", "code": "order", "message": "Swap the two."}
    program = workflow({"ask": screen(asked, {"to": "end"}, rules=[order]), "end": END})
    for seed in range(20):
        edge = ending_of(program, Person(random.Random(seed)))
        assert edge.session.status == "completed"


def test_a_step_that_takes_no_answer_is_a_dead_end() -> None:
    never = {"assert": "age < 0", "field": "age", "code": "never", "message": "Enter less."}
    asked = {"age": {"type": "integer", "minimum": 0, "required": True}}
    program = workflow({"ask": screen(asked, {"to": "end"}, rules=[never]), "end": END})
    with pytest.raises(DeadEnd) as caught:
        ending_of(program, Person(random.Random(1)))
    assert (caught.value.step, "age: Enter less." in caught.value.reason) == ("ask", True)


def test_somebody_who_is_stuck_looks_for_another_way() -> None:
    """The second step only takes 2, which it does not ask for: the first one has to change."""
    first = {"n": {"type": "integer", "minimum": 1, "maximum": 2, "required": True}}
    only_two = {"assert": "answers.ask.n == 2", "field": "ok", "code": "no", "message": "Go back."}
    program = workflow(
        {
            "ask": screen(first, {"to": "then"}),
            "then": screen({"ok": {"type": "boolean"}}, {"to": "end"}, rules=[only_two]),
            "end": END,
        }
    )
    for seed in range(10):
        edge = ending_of(program, Person(random.Random(seed)))
        assert edge.session.user_data[""]["ask"]["n"] == 2


def test_an_error_that_nobody_can_mend_is_passed_on() -> None:
    class Broken(EngineEdge):
        async def submit(self, view: Any, answers: Any) -> Any:
            raise Unavailable

    program = workflow({"ask": screen({}, {"to": "end"}), "end": END})
    edge = Broken(program)
    with pytest.raises(Unavailable):
        asyncio.run(_visit(edge))


async def _visit(edge: EngineEdge) -> None:
    await visit(Person(random.Random(1)), edge, await edge.view())


OVER_65 = {
    "when": "answers.ask.is_in && answers.ask.age != null && answers.ask.age > 65",
    "to": "old",
}
FORK = {
    "ask": screen(
        {"is_in": {"type": "boolean", "required": True}, "age": {"type": "integer", "minimum": 0}},
        {
            "when": "answers.ask.is_in && answers.ask.age != null && answers.ask.age > 65",
            "to": "old",
        },
        {"when": "answers.ask.is_in", "to": "end"},
        {"to": "young"},
    ),
    "old": screen({}, {"to": "end"}),
    "young": screen({}, {"to": "end"}),
    "end": END,
}


def test_ways_take_every_choice_and_the_numbers_around_a_comparison() -> None:
    program = workflow(FORK)
    ways = list(walks(program))
    ages = {way.choices.get(("ask", "age")) for way in ways if way.choices["ask", "is_in"]}
    assert ages == {64, 65, 66, None}
    assert {way.screens(program) for way in ways} == {("ask", "old"), ("ask",), ("ask", "young")}
    assert all(way.is_certain for way in ways)


def test_choices_that_a_screen_refuses_are_no_way() -> None:
    asked = {
        "wants": {"type": "boolean", "required": True},
        "which": {"type": "string", "enum": ["a", "b"], "required_when": "wants == true"},
    }
    guard = {"when": "answers.ask.wants && answers.ask.which == 'a'", "to": "more"}
    program = workflow(
        {"ask": screen(asked, guard, {"to": "end"}), "more": screen({}, {"to": "end"}), "end": END}
    )
    found = {(w.choices["ask", "wants"], w.choices["ask", "which"]) for w in walks(program)}
    assert found == {(True, "a"), (True, "b"), (False, "a"), (False, "b"), (False, None)}


def test_where_a_result_decides_both_outcomes_are_ways_but_not_certain() -> None:
    program = workflow(
        {
            "ask": screen({}, {"to": "look"}),
            "look": {
                "lookup": "sample.lookup",
                "input": {"asked": "'x'"},
                "next": [{"when": "results.look.hits > 2", "to": "many"}, {"to": "end"}],
            },
            "many": screen({}, {"to": "end"}),
            "end": END,
        }
    )
    ways = list(walks(program))
    assert {way.screens(program) for way in ways} == {("ask", "many"), ("ask",)}
    assert not any(way.is_certain for way in ways)


@GENERATED
@given(sources=workflow_sources(), seed=st.integers(0, 2**32), hits=st.integers(0, 4))
def test_whoever_walks_a_checked_definition_reaches_an_ending(
    sources: dict[str, Any], seed: int, hits: int
) -> None:
    program = Program(from_source(sources)[ROOT])
    edge = ending_of(program, Person(random.Random(seed)), hits)
    assert edge.session.status == "completed"
    coverage = Coverage(program)
    coverage.note(edge.session)
    coverage.end_visit()
    passed = {place for place, people in coverage.counts() if people}
    on_path = {(program.frames[p.frame].workflow.id, p.step) for p in edge.session.path}
    assert {(place.workflow, place.step) for place in passed} == on_path


@GENERATED
@given(sources=workflow_sources(), seed=st.integers(0, 2**32))
def test_a_way_that_is_certain_is_the_way_that_its_choices_lead(
    sources: dict[str, Any], seed: int
) -> None:
    program = Program(from_source(sources)[ROOT])
    certain = (way for way in islice(walks(program), 40) if way.is_certain)
    for way in islice(certain, 6):
        edge = ending_of(program, Person(random.Random(seed), way.choices))
        assert edge.session.path == way.path


def test_coverage_counts_people_not_visits() -> None:
    program = workflow(FORK)
    coverage = Coverage(program)
    for age in (70, 30):
        edge = ending_of(
            program, Person(random.Random(1), {("ask", "is_in"): True, ("ask", "age"): age})
        )
        coverage.note(edge.session)
        coverage.note(edge.session)
        coverage.end_visit()
    counts = dict(coverage.counts())
    assert counts[Place("trial", "ask")] == 2
    assert [counts[Place("trial", "ask", number)] for number in range(3)] == [1, 1, 0]
    assert (counts[Place("trial", "old")], counts[Place("trial", "young")]) == (1, 0)
