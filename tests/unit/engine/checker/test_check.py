"""The checker accepts sound definitions and refuses each kind of mistake with its own sentence.

Every case breaks one passage of a sound definition and expects one message at one line.
"""

import pytest
from hypothesis import HealthCheck, given, settings

from tests import generators
from tests.unit.engine.checker.definitions import (
    PACKAGE,
    STAY,
    line_of,
    problems_of,
    stay_with,
)
from tests.unit.engine.checker.mistakes import (
    MISTAKES,
    NEXT_OF_CHOICE,
    SHAPE_MISTAKES,
)
from trex_app.engine.checker import check
from trex_app.engine.source import RawDefinition


def test_a_sound_definition_has_no_problems() -> None:
    assert problems_of(STAY, PACKAGE) == []


def test_a_problem_reads_as_file_line_step_message_and_what_to_do() -> None:
    (problem,) = stay_with("rooms.search", "rooms.serch")
    assert str(problem) == (
        f"stay.yaml:{line_of('rooms.search')}: search: There is no lookup 'rooms.serch'. "
        "Did you mean 'rooms.search'?"
    )


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_named_with_its_step_and_what_to_do(mistake: str) -> None:
    old, new, step, message, hint = MISTAKES[mistake]
    problems = stay_with(old, new)
    found = [p for p in problems if p.message.startswith(message)]
    assert found, [str(problem) for problem in problems]
    assert found[0].step == step
    assert hint in found[0].hint


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_found_near_its_line(mistake: str) -> None:
    old, new, step, message, _ = MISTAKES[mistake]
    problem = next(p for p in stay_with(old, new) if p.message.startswith(message))
    first = line_of(f"  {step}:\n") if step and step != "booked" else 1
    assert problem.file == "stay.yaml"
    assert first <= problem.line <= line_of(old) + old.count("\n") + 1


def test_a_step_without_a_way_to_it_is_named() -> None:
    (problem,) = stay_with("      - {when: answers.dates.nights > 30, to: long_stay}\n", "")
    assert (problem.step, problem.message) == ("long_stay", "No way leads to this step")


def test_a_step_that_no_end_follows_is_named() -> None:
    problems = stay_with(NEXT_OF_CHOICE, "    next: [{to: search}]")
    assert "No end can be reached from here" in {p.message for p in problems if p.step == "dates"}


def test_a_link_must_lead_back() -> None:
    forward = "    fields: {wants_kitchen: {type: boolean, title: With a kitchen}}"
    (problem,) = stay_with(forward, f"{forward}\n    links: [{{to: choice, title: On}}]")
    assert problem.message == "The screen 'choice' never comes before this one"


def test_only_shown_data_may_read_what_an_effect_yields_later() -> None:
    late = """\
    next: [{to: receipt}]
  receipt:
    component: Receipt
    title: Your receipt
    fields: {}
    data: [{as: booking, value: results.booking}]
    next: [{to: booked}]
"""
    assert stay_with("    next: [{to: booked}]\n", late) == []
    deciding = late.replace(
        "next: [{to: booked}]",
        'next: [{when: "results.booking.ok == true", to: booked}, {to: booked}]',
    )
    (problem,) = stay_with("    next: [{to: booked}]\n", deciding)
    assert problem.message == "results.booking.ok arrives later than this is decided"


def test_has_in_the_same_expression_allows_what_is_not_on_every_way() -> None:
    guarded = "{nights: 'has(answers.long_stay) ? answers.long_stay.wants_kitchen : null'}"
    assert stay_with("{nights: answers.dates.nights}", guarded) == []


def test_has_the_wrong_way_round_is_found_by_trying() -> None:
    wrong = "{nights: 'has(answers.long_stay) ? null : answers.long_stay.wants_kitchen'}"
    (problem,) = stay_with("{nights: answers.dates.nights}", wrong)
    assert problem.message.startswith("This cannot be decided")


@pytest.mark.parametrize(
    ("read", "asked"),
    [("results.choice.room.price", "results.choice.room"), ("results.choice", "results.choice")],
)
def test_what_a_field_names_is_only_there_where_the_field_is_given(read: str, asked: str) -> None:
    optional = STAY.replace("exists: rooms, required: true}", "exists: rooms}")
    passed = "input: {room: answers.choice.room}\n    next"
    unasked = optional.replace(passed, f"input: {{room: {read}}}\n    next")
    (problem,) = problems_of(unasked)
    assert problem.message == f"{read} may not be set: 'room' need not be given"
    assert problem.hint == f"Ask has({asked}) first, in the same expression."
    guarded = f"input: {{room: 'has({asked}) ? {read} : null'}}\n    next"
    assert problems_of(optional.replace(passed, guarded)) == []


def test_an_input_must_be_json_schema() -> None:
    (problem,) = stay_with("inputs: {guest: {type: string}}", "inputs: {guest: {type: text}}")
    assert (problem.line, problem.message) == (line_of("inputs:"), "This cannot be checked")
    assert problem.hint == "Write it as JSON Schema, as in {type: integer}."


class TestCalls:
    def test_the_workflow_must_exist(self) -> None:
        (problem,) = problems_of(PACKAGE)
        assert problem.message == "There is no workflow 'stay'"

    def test_the_callee_must_declare_the_input(self) -> None:
        (problem,) = problems_of(STAY, PACKAGE.replace("{guest:", "{gast:"))
        assert (problem.message, problem.hint) == (
            "stay declares no input 'gast'",
            "Did you mean 'guest'?",
        )

    def test_the_callee_must_know_the_context(self) -> None:
        package = PACKAGE.replace(
            "    next: [{to: tour}]", "    context: {mood: gay}\n    next: [{to: tour}]"
        )
        (problem,) = problems_of(STAY, package)
        assert problem.message == "stay knows no context 'mood'"

    def test_only_outputs_can_be_read_of_a_call(self) -> None:
        package = PACKAGE.replace(
            "    title: Which tour?",
            "    title: Which tour?\n    data: [{as: price, value: results.room.price}]",
        )
        (problem,) = problems_of(STAY, package)
        assert (problem.message, problem.hint) == ("'room' has no 'price'", "Known are: room.")

    def test_a_call_needs_a_way_on(self) -> None:
        problems = problems_of(STAY, PACKAGE.replace("    next: [{to: tour}]\n", ""))
        assert "It is not said where to go after the call" in {p.message for p in problems}

    def test_a_call_that_hands_over_has_no_way_on(self) -> None:
        problems = problems_of(
            STAY, PACKAGE.replace("    call: stay", "    call: stay\n    tail: true")
        )
        assert "A call that hands over for good has no way on" in {p.message for p in problems}

    def test_calls_must_not_go_round(self) -> None:
        back = STAY.replace(
            "    effect: rooms.book\n    title: Your booking\n"
            "    input: {room: answers.choice.room}",
            "    call: package",
        )
        messages = {problem.message for problem in problems_of(back, PACKAGE)}
        assert "The calls stay → package → stay go round in a circle" in messages
        assert "The calls package → stay → package go round in a circle" in messages

    def test_one_screen_must_not_come_twice_on_one_way(self) -> None:
        package = PACKAGE.replace("  tour:", "  choice:").replace("to: tour", "to: choice")
        (problem,) = problems_of(STAY, package)
        assert problem.step == "choice"
        assert problem.message == (
            "The screen 'choice' (in this workflow) comes a second time on this way, after 'room'"
        )

    def test_one_screen_may_stand_on_two_ways_that_exclude_each_other(self) -> None:
        entry = """\
id: entry
title: Where to
start: ask
steps:
  ask:
    component: Ask
    title: Alone?
    fields: {alone: {type: boolean, title: Alone, required: true}}
    next: [{when: answers.ask.alone, to: stay}, {to: tour}]
  stay: {call: stay, tail: true}
  tour: {call: package, tail: true}
"""
        assert problems_of(STAY, PACKAGE, entry) == []

    def test_what_hands_over_for_good_cannot_be_called_in_the_middle(self) -> None:
        relay = "id: relay\ntitle: On\nstart: on\nsteps:\n  on: {call: stay, tail: true}\n"
        (problem,) = problems_of(STAY, relay, PACKAGE.replace("call: stay", "call: relay").replace(
            "    input: {guest: \"'me'\"}\n", ""
        ))  # fmt: skip
        assert problem.message == "relay hands over for good at 'on', so nothing comes back"

    def test_what_hands_over_for_good_has_no_outputs(self) -> None:
        relay = (
            "id: relay\ntitle: On\noutputs: {one: inputs.one}\ninputs: {one: {}}\n"
            "start: on\nsteps:\n  on: {call: stay, tail: true}\n"
        )
        (problem,) = problems_of(STAY, relay)
        assert problem.message == "The outputs are not set where 'on' hands over for good"

    def test_an_end_that_only_returns_needs_no_title(self) -> None:
        silent = STAY.replace(
            "booked: {end: booked, component: Booked, title: Booked}", "booked: {end: booked}"
        )
        assert problems_of(silent, PACKAGE) == []


@pytest.mark.parametrize("mistake", SHAPE_MISTAKES)
def test_a_wrong_shape_is_told_in_plain_words(mistake: str) -> None:
    old, new, message = SHAPE_MISTAKES[mistake]
    problems = stay_with(old, new)
    assert any(p.message.startswith(message) and p.hint for p in problems), list(map(str, problems))


def test_a_misspelt_keyword_comes_with_the_right_spelling() -> None:
    problems = stay_with("minimum: 1, required", "minimum: 1, reqired")
    assert [p.hint for p in problems] == ["Did you mean 'required'?"]


def test_a_file_with_many_mistakes_gets_all_of_them_in_the_order_of_lines() -> None:
    text = STAY
    expected: list[str] = []
    for name in (
        "unknown screen lookup",
        "unknown port",
        "choice without a text",
        "unknown effect",
    ):
        old, new, _, message, _ = MISTAKES[name]
        text = text.replace(old, new)
        expected.append(message)
    problems = problems_of(text)
    assert {p.message for p in problems} == set(expected)
    assert [p.line for p in problems] == sorted(p.line for p in problems)


def test_a_misshapen_file_does_not_hide_the_mistakes_of_another() -> None:
    messages = {
        p.message
        for p in problems_of(
            STAY.replace("title: Book a room", "titel: x"), PACKAGE.replace("'me'", "'me")
        )
    }
    assert any(m.startswith("The expression") for m in messages)
    assert "'titel' is not known here" in messages


def _raws(sources: dict[str, dict[str, object]]) -> dict[str, RawDefinition]:
    return {i: RawDefinition(i, source, f"{i}.yaml") for i, source in sources.items()}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(generators.workflow_sources())
def test_every_valid_definition_is_accepted(sources: dict[str, dict[str, object]]) -> None:
    assert check(_raws(sources), generators.CAPABILITIES) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(generators.damaged_sources())
def test_every_damaged_definition_is_refused(sources: dict[str, dict[str, object]]) -> None:
    assert check(_raws(sources), generators.CAPABILITIES) != []
