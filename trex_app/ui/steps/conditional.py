"""Questions that are asked only after a certain answer: the others are neither seen nor sent."""

from typing import Any, Final

import reflex as rx

from trex_app.ui.kit.behaviours import WhenElement

ANSWERS: Final = "group/answers grid gap-7"
"""For the element around the deciding question and what depends on it."""


def asked_when(field: str, value: str, *content: Any, class_name: str) -> rx.Component:
    """What can be filled in only while a field has a value.

    `class_name` shows it by the mark of `ANSWERS`, so that it is right before any script runs:
    `hidden group-has-[[name=field][value=x]:checked]/answers:block`. An underscore in it stands
    for a blank.
    """
    return WhenElement.create(
        rx.el.fieldset(*content, class_name="grid min-w-0 gap-7"),
        data_field=field,
        data_value=value,
        class_name=class_name,
    )
