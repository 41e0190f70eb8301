"""Who the person is and how to reach them: the same questions wherever something is sent."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.choices import checkbox_chips
from trex_app.ui.kit.layout import heading
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.asked import asked, pair


def contact_fields(scene: Scene) -> rx.Component:
    """Name, ways to be reached, place, and the consent to be contacted."""
    return rx.fragment(
        pair(asked(scene, "first_name"), asked(scene, "last_name")),
        asked(scene, "email", "email"),
        channels(scene),
        asked(scene, "phone", "tel"),
        pair(asked(scene, "postal_code")),
        rx.el.div(
            asked(scene, "consent_contact", "checkbox"),
            class_name="rounded-md bg-sunken px-4 py-2.5",
        ),
    )


def contact_section(scene: Scene, *more: Any) -> rx.Component:
    """The same under a heading of its own; `more` stands before it in the same form."""
    return rx.fragment(
        *more,
        rx.el.div(
            heading(text("Your contact details"), looks_like="3"),
            contact_fields(scene),
            class_name="grid gap-6",
        ),
    )


def channels(scene: Scene) -> rx.Component:
    """The ways in which the person may be reached, as short words to tick."""
    field = scene.field("contact_channels")
    return checkbox_chips(
        field.name,
        field.title,
        field.options,
        hint=field.help,
        error=scene.error("contact_channels"),
    )
