"""A field of a step by its name, in the control that the step has chosen for it."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.fields import text_field
from trex_app.ui.kit.variants import look
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.controls import DRAWN_BY

PAIR = "grid gap-x-5 gap-y-6 sm:grid-cols-2"


def asked(scene: Scene, name: str, control: str = "text") -> rx.Component:
    """The field in one of the controls of DRAWN_BY. Raises ValueError on an unknown one."""
    return look(DRAWN_BY, control, "control")(scene.field(name), scene.error(name))


def typed(scene: Scene, name: str, **settings: Any) -> rx.Component:
    """The field as an input that the step dresses itself; settings as in text_field."""
    return text_field(name, scene.field(name).title, **{**typed_settings(scene, name), **settings})


def typed_settings(scene: Scene, name: str) -> dict[str, Any]:
    """What stands beside a typed field, and what it starts with."""
    field = scene.field(name)
    return {
        "hint": field.help,
        "error": scene.error(name),
        "note": field.note,
        "default_value": field.value,
        "placeholder": field.placeholder,
    }


def pair(*controls: Any, **props: Any) -> rx.Component:
    """Short controls side by side, one under the other where there is little room."""
    return rx.el.div(*controls, class_name=PAIR, **props)
