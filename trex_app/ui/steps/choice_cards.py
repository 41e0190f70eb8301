"""One of a few, as inviting cards: a picture, the answer, and what it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from trex_app.ui.kit.choices import radio_cards
from trex_app.ui.kit.icons import icon
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene


@dataclass(frozen=True)
class CardFace:
    """What a card shows beside the answer's own title; `detail` is a msgid."""

    icon_name: str
    detail: str


def choice_cards(
    scene: Scene, name: str, faces: Mapping[str, CardFace], *, is_label_hidden: bool = True
) -> rx.Component:
    """The options of a field as cards; `faces` by value. The step's title asks the question."""
    field = scene.field(name)
    return radio_cards(
        field.name,
        field.title,
        field.options,
        content=lambda option: card_content(option, faces),
        hint=field.help,
        error=scene.error(name),
        is_label_hidden=is_label_hidden,
    )


def card_content(option: Any, faces: Mapping[str, CardFace]) -> rx.Component:
    """The inside of a card."""
    pictures = [(value, icon(face.icon_name, size="lg")) for value, face in faces.items()]
    details = [(value, text(face.detail)) for value, face in faces.items()]
    return rx.el.span(
        rx.el.span(
            rx.match(option.value, *pictures, rx.fragment()),
            class_name=(
                "grid size-12 shrink-0 place-items-center rounded-md bg-accent-soft text-accent"
                " transition-colors in-[label:has(:checked)]:bg-accent"
                " in-[label:has(:checked)]:text-on-accent"
            ),
        ),
        rx.el.span(
            rx.el.span(option.title, class_name="text-lg leading-snug font-semibold text-ink"),
            rx.el.span(rx.match(option.value, *details, ""), class_name="text-sm text-ink-soft"),
            class_name="grid gap-1",
        ),
        class_name=("flex items-start gap-4 sm:min-h-36 sm:flex-col sm:gap-5"),
    )
