"""What leaves for a tenant's page: the answers of the way that was taken, without credit data."""

from datetime import UTC, datetime

import pytest

from tests.unit.workflows.shipped import workflows
from trex_app.engine.definition import Pii
from trex_app.engine.program import Program, ScreenNode
from trex_app.engine.session import Answer, Position, Session, Status
from trex_app.services.summary import answers_to_share

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def screens(program: Program) -> dict[Position, ScreenNode]:
    found = {position: program.screen(position) for position in program.nodes}
    return {position: node for position, node in found.items() if node is not None}


def answered(program: Program, value: str | None, path: list[Position]) -> Session:
    """A session in which every field of every screen holds the same."""
    answers: dict[str, dict[str, Answer]] = {}
    for position, node in screens(program).items():
        given = Answer(dict.fromkeys([*node.step.fields, "not_declared"], value))
        answers.setdefault(position.frame, {})[position.step] = given
    return Session(
        "s", program.id, program.hash, Status.COMPLETED, path[-1], tuple(path), 9,
        NOW, NOW, NOW, answers=answers,
    )  # fmt: skip


@pytest.mark.parametrize("workflow_id", ["entry", "selling", "buying"])
def test_every_step_may_leave_but_those_that_ask_for_credit_data(workflow_id: str) -> None:
    program = Program(workflows()[workflow_id])
    shown = screens(program)
    shared = answers_to_share(program, answered(program, "given", list(shown)))
    assert shared == {
        position.step: dict.fromkeys(node.step.fields, "given")
        for position, node in shown.items()
        if Pii.CREDIT not in {field.pii for field in node.step.fields.values()}
    }


def test_that_somebody_borrows_stays_here_with_what_the_bureau_is_told() -> None:
    program = Program(workflows()["selling"])
    shared = answers_to_share(program, answered(program, "given", list(screens(program))))
    assert shared.keys().isdisjoint({"financing_needs", "credit_consent"})
    told = {name for step in shared.values() for name in step}
    assert told.isdisjoint(
        {"needs_financing", "applicant", "amount", "credit_consent", "consent", "income_band"}
    )
    assert "email" in shared["selling_confirmation"]


def test_only_the_way_that_was_taken_is_told_of() -> None:
    program = Program(workflows()["selling"])
    session = answered(program, "given", [program.start])
    assert list(answers_to_share(program, session)) == [program.start.step]


def test_what_was_left_empty_is_no_answer() -> None:
    program = Program(workflows()["selling"])
    session = answered(program, None, [program.start])
    assert answers_to_share(program, session) == {program.start.step: {}}
