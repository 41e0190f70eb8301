"""What a journey says of itself: before something is sent, after it, and to the page around."""

from collections.abc import Iterator, Mapping

from trex_app.core.texts import translate
from trex_app.core.values import Money, format_number
from trex_app.engine.definition import End, Field, Json, Pii
from trex_app.engine.program import Program
from trex_app.engine.session import Answer, Position, Session
from trex_app.services.views import MASK


def summary(program: Program, session: Session, locale: str) -> list[dict[str, Json]]:
    """Each answered field before the current step: `[{label, value, step}]`, values as text."""
    return list(_lines(program, session, locale))


def given_at(
    program: Program, session: Session, position: Position, locale: str
) -> Iterator[dict[str, Json]]:
    """Each answered field of one step, as in a summary."""
    node, answer = program.screen(position), session.answer_at(position)
    if node is None or answer is None:
        return
    for field in node.step.fields.values():
        text = _text(field, answer, locale)
        if text:
            label = translate(field.title, locale)
            yield {"label": label, "value": text, "step": position.step}


def answers_to_share(program: Program, session: Session) -> dict[str, dict[str, Json]]:
    """What was answered on the path, by step and field.

    Nothing of a step that asks for credit data: its other fields tell whether somebody borrows,
    and how much.
    """
    return {
        node.step.id: {
            name: answer.values[name]
            for name in node.step.fields
            if answer.values.get(name) is not None
        }
        for position in session.path
        if (node := program.screen(position)) and (answer := session.answer_at(position))
        if all(field.pii is not Pii.CREDIT for field in node.step.fields.values())
    }


def _lines(program: Program, session: Session, locale: str) -> Iterator[dict[str, Json]]:
    for position in session.path:
        if position == session.cursor:
            return
        yield from given_at(program, session, position, locale)


def _text(field: Field, answer: Answer, locale: str) -> str:
    value = answer.values.get(field.name)
    if value is None or value == [] or field.widget == "hidden":
        return ""
    if field.pii is Pii.CREDIT:
        return MASK
    snapshot = answer.snapshots.get(field.name)
    if snapshot is not None and field.options_from is not None:
        return ", ".join(_named(row, field.options_from.title) for row in field.items(snapshot))
    return ", ".join(_plain(field, item, locale) for item in field.items(value))


def _named(row: Mapping[str, Json], keys: tuple[str, ...]) -> str:
    return " ".join(str(row[key]) for key in keys if row.get(key) is not None)


def _plain(field: Field, value: Json, locale: str) -> str:
    key = str(value).lower() if isinstance(value, bool) else str(value)
    if key in field.labels:
        return translate(field.labels[key], locale)
    if isinstance(value, bool):
        return translate("Yes" if value else "No", locale)
    if field.widget == "money" and isinstance(value, int):
        return Money.of_whole(value).formatted(locale)
    if field.schema.get("type") == "integer" and field.widget != "year":
        return format_number(value, locale)
    return str(value)


def ending(program: Program, session: Session, locale: str) -> dict[str, Json]:
    """What was sent, by reference, and what happens next: `{references[], next_steps[]}`."""
    references: list[Json] = []
    for position, result in session.effects():
        value: Json = result.value
        if isinstance(value, dict) and "reference" in value:
            journey = program.frames[position.frame].workflow.id
            references.append({"reference": value["reference"], "journey": journey})
    step = program.nodes[session.path[-1]].step
    texts = step.ui.get("next_steps", ()) if isinstance(step, End) else ()
    return {"references": references, "next_steps": [translate(text, locale) for text in texts]}
