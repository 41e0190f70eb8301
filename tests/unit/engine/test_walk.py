"""What a walk asks for: an effect's key is the same for the same session, and tells nothing."""

from collections.abc import Iterator

from tests.unit.engine.examples import NOW, echo, settle, submit, visit_program
from trex_app.engine import machine
from trex_app.engine.session import Session, from_json, to_json

PROGRAM = visit_program()
ANSWERS = (("welcome", {"wants_room": False}), ("contact", {"name": "Ada"}))


def keys_of(salt: str) -> Iterator[str | None]:
    """The keys of what is sent from a visit that begins with this salt."""
    session: Session = settle(machine.start(PROGRAM, "s", NOW, salt=salt)).finish().session
    for step, values in ANSWERS:
        outcome = submit(PROGRAM, session, step, values, supply=echo)
        session = outcome.session
        yield from (effect.key for effect in outcome.effects)


def test_an_effects_key_follows_from_the_session_and_its_salt() -> None:
    (key,) = keys_of("salt")

    assert [key] == list(keys_of("salt"))
    assert [key] != list(keys_of("pepper"))


def test_a_session_keeps_its_salt() -> None:
    session = settle(machine.start(PROGRAM, "s", NOW, salt="salt")).finish().session

    assert from_json(to_json(session)) == session
    assert session.salt == "salt"
