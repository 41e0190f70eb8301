"""Rebuilds a session's state from its history, by deciding everything again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from trex_app.engine import lifecycle, machine
from trex_app.engine.history import Event, EventKind
from trex_app.engine.lifecycle import Outcome
from trex_app.engine.machine import Turn
from trex_app.engine.program import Program
from trex_app.engine.session import (
    Position,
    Session,
    answer_from_json,
    result_from_json,
)

ProgramOf = Callable[[str], Program]
"""Yields the program of a version, by its hash."""


class HistoryBroken(ValueError):
    """The facts do not follow from each other: this is not the history of one session."""


def replay(session_id: str, events: Iterable[Event], program_of: ProgramOf) -> Session:
    """The state that `events` lead to, in order from the start. Raises HistoryBroken."""
    session: Session | None = None
    for event in events:
        if event.kind is EventKind.STARTED:
            session = _started(session_id, event, program_of(event.data["hash"]))
        elif session is None:
            raise HistoryBroken("A history begins with a start")
        else:
            apply = APPLIED.get(event.kind, _unchanged)
            session = apply(session, event, program_of(session.workflow_hash))
    if session is None:
        raise HistoryBroken("The history is empty")
    return session


def _started(session_id: str, event: Event, program: Program) -> Session:
    dormant = {
        frame: {step: answer_from_json(value) for step, value in steps.items()}
        for frame, steps in event.personal.get("dormant", {}).items()
    }
    salt = event.personal.get("salt", "")
    turn = machine.start(program, session_id, event.at, event.data["context"], dormant, salt)
    return _settled(turn, event).session


def _submitted(session: Session, event: Event, program: Program) -> Session:
    given = {**event.data["values"], **event.personal.get("values", {})}
    admission = machine.admit(program, session, event.position.step, given, event.at)
    snapshots = event.data.get("snapshots", {})
    turn = machine.submit(program, session, admission, event.at, snapshots)
    return _settled(turn, event).session


def _settled(turn: Turn, event: Event) -> Outcome:
    results = event.personal.get("results", ())
    recorded = {Position(frame, step): result for frame, step, result in results}
    while (request := turn.pending) is not None:
        if request.position not in recorded:
            raise HistoryBroken(f"No result is recorded for {request.position}")
        result = result_from_json(recorded[request.position])
        turn.supply(result.value, result.source)
    return turn.finish()


def _with_effect(session: Session, event: Event, _program: Program) -> Session:
    value = event.data["value"] if "value" in event.data else event.personal["value"]
    frame = dict(session.results[event.position.frame])
    begun = frame[event.position.step]
    frame[event.position.step] = begun._replace(value=value, at=event.at)
    return replace(session, results={**session.results, event.position.frame: frame})


def _moved(session: Session, event: Event, _program: Program) -> Session:
    return machine.moved(session, event.to, event.kind, event.at).session


def _expired(session: Session, event: Event, _program: Program) -> Session:
    return lifecycle.expire(session, event.at).session


def _saved(session: Session, event: Event, _program: Program) -> Session:
    return lifecycle.saved(session, event.at, event.personal["reminder_email"]).session


def _resumed(session: Session, event: Event, _program: Program) -> Session:
    return lifecycle.resumed(session, event.at).session


def _unchanged(session: Session, _event: Event, _program: Program) -> Session:
    """A completion says again what the submit before it did."""
    return session


APPLIED: Mapping[EventKind, Callable[[Session, Event, Program], Session]] = {
    EventKind.SUBMITTED: _submitted,
    EventKind.BACK: _moved,
    EventKind.WENT: _moved,
    EventKind.EFFECT_DONE: _with_effect,
    EventKind.EXPIRED: _expired,
    EventKind.SAVED: _saved,
    EventKind.RESUMED: _resumed,
}
