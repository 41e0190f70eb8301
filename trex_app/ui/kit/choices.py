"""Choosing: select, checkbox, switch, radio group, checkbox group and cards to choose from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from trex_app.ui.kit.fields import (
    CONTROL,
    control_attributes,
    error_text,
    field_id,
    form_field,
    help_text,
    id_when,
    invalid,
    with_note,
)
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.options import DrawOption, Options, each
from trex_app.ui.kit.variants import Text, is_missing, look, when_given, with_classes

MARKS = {
    "checkbox": "rounded-[0.375rem] checked:border-accent checked:bg-accent",
    "radio": "rounded-full checked:border-[0.4rem] checked:border-accent",
}
MARK = (
    "peer size-5.5 shrink-0 cursor-pointer appearance-none border-[1.5px] border-line-strong"
    " bg-surface transition-[border,background-color] hover:border-ink-soft"
    " disabled:cursor-not-allowed disabled:bg-sunken disabled:opacity-60 aria-invalid:border-danger"
    " group-data-[invalid=true]/choices:border-danger forced-colors:appearance-auto"
)
ROW = "flex min-h-target cursor-pointer items-center gap-3 py-1.5 text-md text-ink"
CARD = (
    "relative grid cursor-pointer content-start gap-2 rounded-lg border-[1.5px] border-line"
    " bg-surface p-5 pe-13 text-start transition-[border-color,background-color,box-shadow]"
    " hover:border-line-strong hover:shadow-2 has-checked:border-accent"
    " has-checked:bg-accent-soft/60 has-focus-visible:outline-(length:--trex-focus-width)"
    " has-focus-visible:outline-focus has-focus-visible:outline-offset-2"
    " has-disabled:cursor-not-allowed has-disabled:opacity-60"
    " group-data-[invalid=true]/choices:border-danger"
)
PICTURE_CARD = "overflow-hidden p-0! gap-0!"
COLUMNS = {
    "1": "grid gap-3",
    "2": "grid gap-3 sm:grid-cols-2 sm:gap-4",
    "3": "grid gap-3 sm:grid-cols-2 sm:gap-4 lg:grid-cols-3",
    "4": "grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4",
    "pairs": "grid grid-cols-2 gap-3 sm:gap-4",
    "rows": "grid gap-0.5",
    "line": "flex flex-wrap gap-x-6 gap-y-0.5",
    "chips": "flex flex-wrap gap-2",
}
CHIP = (
    "relative inline-flex min-h-target cursor-pointer items-center gap-1.5 rounded-full border"
    " border-line-strong bg-surface px-4 text-sm font-medium text-ink transition-colors"
    " hover:border-ink-soft has-checked:border-accent has-checked:bg-accent-soft"
    " has-checked:text-accent has-focus-visible:outline-(length:--trex-focus-width)"
    " has-focus-visible:outline-focus has-focus-visible:outline-offset-2"
    " has-disabled:cursor-not-allowed has-disabled:opacity-60"
)


def select_field(
    name: Text,
    label: Text,
    options: Options,
    *,
    placeholder: Text = "",
    hint: Text = "",
    error: Text = "",
    note: Text = "",
    **props: Any,
) -> rx.Component:
    """The platform's own select; `default_value` chooses, a placeholder is an empty choice."""
    tied = {**control_attributes(name, hint=hint, error=error), **props}
    return form_field(
        select(options, placeholder=placeholder, **tied),
        name,
        label,
        hint=hint,
        error=error,
        note=note,
    )


def select(
    options: Options, *, placeholder: Text = "", frame: str = "", **props: Any
) -> rx.Component:
    """The platform's own select without a label; `frame` are classes of what holds it."""
    first = when_given(placeholder, rx.el.option(placeholder, value=""))
    return rx.el.div(
        rx.el.select(
            first,
            *each(options, lambda option: rx.el.option(option.title, value=option.value)),
            **with_classes(props, CONTROL, "appearance-none truncate pe-10"),
        ),
        icon(
            "chevron-down",
            class_name=(
                "pointer-events-none absolute inset-e-3 top-1/2 -translate-y-1/2 text-ink-soft"
            ),
        ),
        class_name=f"relative {frame}".rstrip(),
    )


def checkbox(
    name: Text, label: Any, *, value: Text = "true", hint: Text = "", error: Text = "", **props: Any
) -> rx.Component:
    """One yes or no, with the label beside it; the label may hold a link."""
    tied = {**control_attributes(name, hint=hint, error=error), "value": value, **props}
    return rx.el.div(
        rx.el.label(_mark("checkbox", **tied), rx.el.span(label), class_name=ROW),
        rx.el.div(help_text(name, hint), error_text(name, error), class_name="grid gap-1 ps-8.5"),
        class_name="grid content-start",
    )


def switch(
    name: Text, label: Any, *, value: Text = "true", hint: Text = "", error: Text = "", **props: Any
) -> rx.Component:
    """A checkbox that takes effect at once, drawn as a switch and spoken as one."""
    tied = {**control_attributes(name, hint=hint, error=error), "value": value, **props}
    return rx.el.div(
        rx.el.label(
            rx.el.span(label, class_name="grow"),
            rx.el.input(
                type="checkbox",
                role="switch",
                **with_classes(
                    tied, "kit-switch shrink-0 cursor-pointer disabled:cursor-not-allowed"
                ),
            ),
            class_name=ROW,
        ),
        rx.el.div(help_text(name, hint), error_text(name, error), class_name="grid gap-1"),
        class_name="grid content-start",
    )


@dataclass(frozen=True)
class Shape:
    """How a group offers its options: radio or checkbox, drawn by `draw`, in these columns."""

    kind: Literal["radio", "checkbox"]
    draw: Callable[[Any, str, dict[str, Any], DrawOption | None], rx.Component]
    columns: str


def radio_group(
    name: Text, label: Text, options: Options, *, columns: str = "rows", **settings: Any
) -> rx.Component:
    """One of a few, each with a mark and a line of text. Settings as in choice_group."""
    return choice_group(name, label, options, Shape("radio", choice_row, columns), **settings)


def checkbox_group(
    name: Text, label: Text, options: Options, *, columns: str = "rows", **settings: Any
) -> rx.Component:
    """Some of a few, submitted under one name. Settings as in choice_group."""
    return choice_group(name, label, options, Shape("checkbox", choice_row, columns), **settings)


def radio_cards(
    name: Text, label: Text, options: Options, *, columns: str = "2", **settings: Any
) -> rx.Component:
    """One of a few as inviting cards. Settings as in choice_group."""
    return choice_group(name, label, options, Shape("radio", choice_card, columns), **settings)


def checkbox_cards(
    name: Text, label: Text, options: Options, *, columns: str = "2", **settings: Any
) -> rx.Component:
    """Some of a few as cards. Settings as in choice_group."""
    return choice_group(name, label, options, Shape("checkbox", choice_card, columns), **settings)


def radio_chips(name: Text, label: Text, options: Options, **settings: Any) -> rx.Component:
    """One of many short words. Settings as in choice_group."""
    return choice_group(name, label, options, Shape("radio", choice_chip, "chips"), **settings)


def checkbox_chips(name: Text, label: Text, options: Options, **settings: Any) -> rx.Component:
    """Some of many short words. Settings as in choice_group."""
    return choice_group(name, label, options, Shape("checkbox", choice_chip, "chips"), **settings)


def choice_group(  # noqa: PLR0913 - a group has so many parts
    name: Text,
    label: Text,
    options: Options,
    shape: Shape,
    *,
    content: DrawOption | None = None,
    hint: Text = "",
    error: Text = "",
    note: Text = "",
    is_label_hidden: bool = False,
    **props: Any,
) -> rx.Component:
    """Options under one name and one legend. Each has `value`, `title` and `is_chosen`.

    `content` draws the inside of an option; `props` reach every input (required, on_change …).
    """
    tied = control_attributes(name, hint=hint, error=error)
    legend = "sr-only" if is_label_hidden else "mb-2 text-sm font-semibold text-ink"
    inputs = {"name": name, **_error_attributes(name, error, shape.kind), **props}
    shown = each(options, lambda option: shape.draw(option, shape.kind, inputs, content))
    return rx.el.fieldset(
        rx.el.legend(*with_note(label, note), class_name=legend),
        help_text(name, hint),
        rx.el.div(*shown, class_name=look(COLUMNS, shape.columns, "choice group's columns")),
        error_text(name, error),
        id=tied["id"],
        custom_attrs={"role": "radiogroup" if shape.kind == "radio" else "group", "tabIndex": -1},
        data_invalid=invalid(error),
        **{key: tied[key] for key in ("aria_describedby",) if key in tied},
        class_name="group/choices grid min-w-0 content-start gap-2 rounded-md",
    )


def choice_row(
    option: Any, kind: str, inputs: dict[str, Any], content: DrawOption | None
) -> rx.Component:
    """An option as a mark and a line of text."""
    inside = content(option) if content else rx.el.span(option.title)
    return rx.el.label(_mark(kind, **_chosen(option), **inputs), inside, class_name=ROW)


def choice_card(
    option: Any, kind: str, inputs: dict[str, Any], content: DrawOption | None
) -> rx.Component:
    """An option as a card; its mark sits in the corner."""
    return rx.el.label(
        content(option) if content else card_text(option),
        rx.el.span(
            _mark(kind, **_chosen(option), **inputs), class_name="absolute inset-e-5 top-5 flex"
        ),
        class_name=CARD,
    )


def choice_picture(
    option: Any, kind: str, inputs: dict[str, Any], content: DrawOption | None
) -> rx.Component:
    """An option as a card under a picture, which fills it up to its edges; the mark lies on it."""
    return rx.el.label(
        content(option) if content else card_text(option),
        choice_mark(option, kind, inputs, class_name="absolute inset-e-4 top-4 flex"),
        class_name=f"{CARD} {PICTURE_CARD}",
    )


def choice_mark(option: Any, kind: str, inputs: dict[str, Any], **props: Any) -> rx.Component:
    """The input of an option in a frame of its own, for a group that arranges its options."""
    return rx.el.span(_mark(kind, **_chosen(option), **inputs), **props)


def choice_chip(
    option: Any, kind: str, inputs: dict[str, Any], content: DrawOption | None
) -> rx.Component:
    """An option as a short word in a pill, which shows by its colour and a tick what is chosen."""
    return rx.el.label(
        rx.el.input(
            # Over the whole chip, unseen: a finger, a mouse and a script all meet the input itself.
            **with_classes(
                {"type": kind, **_chosen(option), **inputs},
                "peer absolute inset-0 size-full cursor-pointer appearance-none opacity-0",
            ),
        ),
        icon("check", size="sm", class_name="hidden peer-checked:block"),
        content(option) if content else rx.el.span(option.title),
        class_name=CHIP,
    )


def card_text(option: Any) -> rx.Component:
    """The inside of a card: its title, and the option's details where it has some."""
    return rx.el.span(
        rx.el.span(option.title, class_name="text-lg font-semibold text-ink"),
        when_given(
            getattr(option, "details", ""),
            rx.el.span(getattr(option, "details", ""), class_name="text-sm text-ink-soft"),
        ),
        class_name="grid gap-1",
    )


def _chosen(option: Any) -> dict[str, Any]:
    return {"value": option.value, "default_checked": option.is_chosen, "key": option.value}


def _error_attributes(name: Text, error: Text, kind: str) -> dict[str, Any]:
    """The error belongs to the group; each control names it too, for readers that skip groups."""
    if is_missing(error):
        return {}
    attributes = {"aria_describedby": id_when(error, field_id(name, "error"))}
    return attributes | ({"aria_invalid": invalid(error)} if kind == "checkbox" else {})


def _mark(kind: str, **props: Any) -> rx.Component:
    """The input itself, drawn by us; the tick lies over it."""
    shape = look(MARKS, kind, "choice")
    control = rx.el.input(**with_classes({"type": kind, **props}, MARK, shape))
    if kind == "radio":
        return control
    tick = icon(
        "check",
        size="sm",
        class_name=(
            "pointer-events-none absolute inset-0 m-auto text-on-accent opacity-0"
            " peer-checked:opacity-100 forced-colors:hidden"
        ),
    )
    return rx.el.span(control, tick, class_name="relative flex shrink-0")
