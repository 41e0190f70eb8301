"""Whether an answer can still change: what has been sent may have sealed all of it.

It is tried, not guessed: another value of each field is walked on with, on copies. So what is said
of a step beforehand is what a submit would be answered.
"""

from collections.abc import Iterator, Mapping

from trex_app.core.errors import SealedStep
from trex_app.engine.conditions import EvaluationFailed
from trex_app.engine.definition import EMPTY, Field, Json
from trex_app.engine.program import Program, ScreenNode
from trex_app.engine.session import Answer, Session, Status
from trex_app.engine.walk import Walk

OTHER_TEXT = "·"


def is_sealed(program: Program, session: Session) -> bool:
    """Whether no other answer of the screen at the cursor would be taken any more."""
    node, held = program.screen(session.cursor), session.answer_at(session.cursor)
    if node is None or held is None:
        return False
    if session.status is Status.COMPLETED:
        return True
    later = session.path[session.path.index(session.cursor) :]
    if not any(position in later for position, _ in session.effects()):
        return False
    return all(
        _is_refused(program, session, node, held, {name: value})
        for name, field in node.step.fields.items()
        for value in _other_values(field, held.values.get(name))
    )


def _is_refused(
    program: Program, session: Session, node: ScreenNode, held: Answer, change: Mapping[str, Json]
) -> bool:
    walk = Walk(program, session, session.updated_at)
    answer = Answer({**held.values, **change}, walk.basis_of(node), held.snapshots)
    try:
        walk.answer(node, answer)
        if walk.proceed() is not None:
            return False  # what a lookup would find, and where that leads, is not known here
        walk.check_sealed()
    except SealedStep:
        return True
    except EvaluationFailed:
        return False
    return False


def _other_values(field: Field, value: Json) -> Iterator[Json]:
    """What else the field could hold: every other choice, or one other value where any goes."""
    schema = field.schema
    if "const" in schema:
        return
    if field.is_list:
        items: Mapping[str, Json] = schema.get("items", EMPTY)
        yield [] if value else [next(iter(items.get("enum", ())), OTHER_TEXT)]
    elif "enum" in schema:
        yield from (option for option in schema["enum"] if option != value)
    elif schema.get("type") == "boolean":
        yield not value
    elif schema.get("type") in {"integer", "number"}:
        yield (value or 0) + 1
    else:
        yield f"{value or ''}{OTHER_TEXT}"
