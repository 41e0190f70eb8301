"""Every text of a workflow that a person may read, for catalogues of other languages."""

from collections.abc import Iterator, Mapping
from typing import cast

from trex_app.engine.definition import Call, End, Field, Json, Screen, Step, Workflow


def wording(workflow: Workflow) -> frozenset[str]:
    """The texts as they are written, each once. Placeholders count: they are examples to read."""
    texts = {workflow.title}
    for step in workflow.steps.values():
        texts |= set(_step_texts(step))
    return frozenset(text for text in texts if text)


def _step_texts(step: Step) -> Iterator[str]:
    if isinstance(step, Call):
        return
    yield step.title
    if isinstance(step, Screen | End):
        yield step.intro
        yield from _ui_texts(step.ui)
    if isinstance(step, Screen):
        yield from (link.title for link in step.links)
        yield from (rule.message for rule in step.rules)
        for field in step.fields.values():
            yield from _field_texts(field)


def _field_texts(field: Field) -> Iterator[str]:
    yield from (field.title, field.help, field.placeholder)
    yield from field.labels.values()
    yield from field.messages.values()


def _ui_texts(value: Json) -> Iterator[str]:
    """What is handed to a screen as it is: every text in it is one to read."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in cast("Mapping[str, Json]", value).values():
            yield from _ui_texts(part)
    elif isinstance(value, list):
        for part in cast("list[Json]", value):
            yield from _ui_texts(part)
