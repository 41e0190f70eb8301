"""The journey that is measured: screens in a row, each with fields, a rule and a guarded way on."""

import itertools
import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trex_app.engine import machine
from trex_app.engine.lifecycle import Outcome
from trex_app.engine.loader import from_source
from trex_app.engine.program import Program
from trex_app.engine.session import Session

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ANSWERED = 7
"""How many screens a measured person answers: none comes to an end, which would be a row more."""

SHORT, LONG = 8, 200
"""Screens of the two definitions between which the cost of a submit must not differ."""

FIELDS: Mapping[str, Any] = {
    "name": {"type": "string", "title": "Name", "maxLength": 80, "required": True},
    "email": {
        "type": "string",
        "title": "E-mail",
        "format": "email",
        "required": True,
        "pii": "contact",
    },
    "amount": {"type": "integer", "title": "Amount", "minimum": 0},
    "agrees": {"type": "boolean", "title": "Go on", "required": True},
}
RULE: Mapping[str, Any] = {
    "assert": "amount == null || amount < 100000",
    "field": "amount",
    "code": "amount_high",
    "message": "Enter less than 100,000.",
}
ANSWER: Mapping[str, Any] = {
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "amount": 1200,
    "agrees": True,
}


def workflow_id(steps: int) -> str:
    """The id of the definition with so many steps."""
    return f"benchmark_{steps}"


def step_id(number: int) -> str:
    """The id of the screen with this number, from 0."""
    return f"screen_{number}"


def source(steps: int) -> dict[str, Any]:
    """A definition with so many screens; at each one could also leave at once."""
    screens = {step_id(number): _screen(number, steps) for number in range(steps)}
    end = {"end": "completed", "component": "End", "title": "Thank you"}
    return {
        "id": workflow_id(steps),
        "title": "Measured",
        "start": step_id(0),
        "steps": {**screens, "done": end},
    }


def _screen(number: int, steps: int) -> dict[str, Any]:
    onward = step_id(number + 1) if number + 1 < steps else "done"
    leaves = {"when": f"answers.{step_id(number)}.agrees == false", "to": "done"}
    return {
        "component": "Form",
        "title": f"Question {number + 1}",
        "fields": FIELDS,
        "rules": [RULE],
        "next": [leaves, {"to": onward}],
    }


def program(steps: int) -> Program:
    """The compiled definition with so many steps."""
    return Program(from_source({workflow_id(steps): source(steps)})[workflow_id(steps)])


def write_definitions(folder: Path) -> None:
    """Both definitions as files of an installation's own journeys (JSON is YAML)."""
    for steps in (SHORT, LONG):
        file = folder / f"{workflow_id(steps)}.yaml"
        file.write_text(json.dumps(source(steps), indent=1), encoding="utf-8")


def begin(journey: Program) -> Session:
    """A session at the first screen."""
    turn = machine.start(journey, str(uuid.uuid4()), AT)
    return turn.finish(*machine.started_facts(journey, {})).session


def decide(journey: Program, session: Session, answer: Mapping[str, Any]) -> Outcome:
    """Submit the current screen: admit, walk on, and state the facts, as the product does."""
    step = session.cursor.step
    admission = machine.admit(journey, session, step, answer, AT, session.revision)
    turn = machine.submit(journey, session, admission, AT)
    data, personal = machine.submitted_facts(admission, {})
    return turn.finish(data, personal, uuid.uuid4().hex, "a" * 32)


def answers() -> Iterator[dict[str, Any]]:
    """Answers that differ, so that no submit repeats an earlier one."""
    for number in itertools.count():
        yield {**ANSWER, "amount": number % 100_000}


def walked(journey: Program, answered: int = ANSWERED) -> list[Session]:
    """A session after each of so many answers, the untouched one first."""
    sessions = [begin(journey)]
    for answer in itertools.islice(answers(), answered):
        sessions.append(decide(journey, sessions[-1], answer).session)
    return sessions
