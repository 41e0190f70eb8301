"""A question whose few answers are inviting cards, each with a drawing that says the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from trex_app.ui.kit.choices import Shape, choice_group, choice_picture
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.vehicles import vehicle
from trex_app.ui.state.language import text

DRAWING = (
    "relative flex h-30 items-end justify-center gap-3 overflow-hidden pb-2 text-ink-soft"
    " bg-linear-to-b from-sunken to-surface transition-colors"
    " in-[label:has(:checked)]:text-accent in-[label:has(:checked)]:from-accent-soft sm:h-36"
)
SIGN = (
    "absolute inset-s-4 top-4 grid size-9 place-items-center rounded-full bg-surface text-accent"
    " shadow-1"
)


@dataclass(frozen=True)
class Picture:
    """What stands on a card: vehicles by body type, an icon as a sign, and a sentence (a msgid)."""

    vehicles: tuple[str, ...]
    icon: str
    sentence: str = ""


def illustrated_choice(
    field: Any, error: Any, pictures: Mapping[str, Picture], *, columns: str = "2", **settings: Any
) -> rx.Component:
    """The options of a field as cards; `pictures` by value, a value without one is plain words."""
    return choice_group(
        field.name,
        field.title,
        field.options,
        Shape("radio", choice_picture, columns),
        hint=field.help,
        error=error,
        content=lambda option: card_content(option, pictures),
        **settings,
    )


def card_content(option: Any, pictures: Mapping[str, Picture]) -> rx.Component:
    """The drawing, the answer, and the sentence that explains it."""
    drawn = [(value, picture_of(picture)) for value, picture in pictures.items()]
    said = [
        (value, rx.el.span(text(picture.sentence), class_name="text-sm text-ink-soft"))
        for value, picture in pictures.items()
        if picture.sentence
    ]
    return rx.fragment(
        rx.match(option.value, *drawn, rx.fragment()),
        rx.el.span(
            rx.el.span(option.title, class_name="text-lg leading-snug font-semibold text-ink"),
            rx.match(option.value, *said, rx.fragment()) if said else rx.fragment(),
            class_name="grid gap-1 p-4 pt-3 sm:p-5 sm:pt-4",
        ),
    )


def picture_of(picture: Picture) -> rx.Component:
    """One vehicle large, or several in a row, under a sign."""
    size = "h-13! sm:h-20!" if len(picture.vehicles) == 1 else "h-13!"
    return rx.el.span(
        *[vehicle(body_type, class_name=size) for body_type in picture.vehicles],
        rx.el.span(icon(picture.icon, size="sm"), class_name=SIGN),
        class_name=DRAWING,
    )
