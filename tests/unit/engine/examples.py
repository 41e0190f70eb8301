"""A small workflow with every kind of step, and a way to walk it in tests."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from trex_app.engine import machine
from trex_app.engine.lifecycle import Outcome
from trex_app.engine.loader import from_source
from trex_app.engine.machine import Turn
from trex_app.engine.program import Program
from trex_app.engine.session import Session, Source
from trex_app.engine.walk import Request

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

VISIT: dict[str, Any] = {
    "id": "visit",
    "title": "Plan a visit",
    "start": "welcome",
    "context": ["campaign"],
    "steps": {
        "welcome": {
            "component": "Welcome",
            "title": "Do you need a room?",
            "fields": {"wants_room": {"type": "boolean", "title": "A room", "required": True}},
            "next": [
                {"when": "answers.welcome.wants_room", "to": "room"},
                {"to": "contact"},
            ],
        },
        "room": {"call": "room", "input": {"topic": "'visit'"}, "next": [{"to": "contact"}]},
        "contact": {
            "component": "Contact",
            "title": "Who are you?",
            "fields": {
                "name": {"type": "string", "title": "Name", "required": True, "pii": "contact"},
                "guests": {"type": "integer", "title": "Guests", "minimum": 1},
            },
            "next": [{"to": "send"}],
        },
        "send": {
            "effect": "visits.book",
            "title": "Your booking",
            "input": {
                "name": "answers.contact.name",
                "room": "has(results.room) ? results.room.room_id : null",
            },
            "next": [{"to": "feedback"}],
        },
        "feedback": {
            "component": "Feedback",
            "title": "How was it?",
            "fields": {"stars": {"type": "integer", "title": "Stars", "required": True}},
            "next": [{"to": "done"}],
        },
        "done": {"end": "booked", "component": "Done", "title": "Booked"},
    },
}

ROOM: dict[str, Any] = {
    "id": "room",
    "title": "Find a room",
    "inputs": {"topic": {"type": "string"}},
    "outputs": {"room_id": "answers.choose.room_id"},
    "start": "wishes",
    "steps": {
        "wishes": {
            "component": "Wishes",
            "title": "What should it have?",
            "fields": {"beds": {"type": "integer", "title": "Beds", "required": True}},
            "next": [{"to": "search"}],
        },
        "search": {
            "lookup": "rooms.search",
            "input": {"beds": "answers.wishes.beds"},
            "on_unavailable": "saved",
            "next": [{"to": "choose"}],
        },
        "choose": {
            "component": "Choose",
            "title": "Which room?",
            "data": [{"value": "results.search"}],
            "fields": {
                "room_id": {
                    "type": "string",
                    "title": "Room",
                    "required": True,
                    "exists": "rooms",
                }
            },
            "next": [{"to": "found"}],
        },
        "found": {"end": "found"},
    },
}

Supply = Callable[[Request], tuple[Any, Source]]


def visit_program() -> Program:
    """The example, compiled."""
    return Program(from_source({"visit": VISIT, "room": ROOM})["visit"])


def echo(request: Request) -> tuple[Any, Source]:
    """Answer every request with what it asked."""
    return {"asked": dict(request.input)}, Source.LIVE


def settle(turn: Turn, supply: Supply = echo) -> Turn:
    """Supply a turn with all it needs."""
    while turn.pending is not None:
        turn.supply(*supply(turn.pending))
    return turn


def begin(program: Program, now: datetime = NOW, supply: Supply = echo) -> Session:
    """A new session at its first step."""
    return settle(machine.start(program, "session-1", now), supply).finish().session


def submit(
    program: Program,
    session: Session,
    step: str,
    values: Mapping[str, Any],
    now: datetime = NOW,
    supply: Supply = echo,
) -> Outcome:
    """Submit one answer; whatever forbids it is raised."""
    admission = machine.admit(program, session, step, values, now)
    snapshots = {
        field.name: {"named": admission.values[field.name]}
        for field in admission.node.step.fields.values()
        if field.exists and admission.values[field.name] is not None
    }
    turn = settle(machine.submit(program, session, admission, now, snapshots), supply)
    return turn.finish(*machine.submitted_facts(admission, snapshots))


def walk_through(
    program: Program, session: Session, *answers: tuple[str, Mapping[str, Any]]
) -> Session:
    """Submit several answers in a row."""
    for step, values in answers:
        session = submit(program, session, step, values).session
    return session


def looked_at(program: Program, session: Session, step: str) -> Session:
    """The session with its cursor on an earlier step."""
    outcome = machine.goto(program, session, step, NOW)
    assert outcome is not None
    return outcome.session
