"""The control of a field, chosen in the browser by the field's own word for it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import reflex as rx

from trex_app.ui.kit.choices import (
    checkbox,
    checkbox_cards,
    checkbox_group,
    radio_cards,
    radio_group,
    select,
    select_field,
)
from trex_app.ui.kit.fields import (
    control_attributes,
    error_text,
    help_text,
    text_field,
    textarea_field,
)
from trex_app.ui.kit.icons import icon
from trex_app.ui.state.language import text

Draw = Callable[[Any, Any], rx.Component]


def control(field: Any, error: Any) -> rx.Component:
    """The control that a field asks for; `error` says what to mend, or is empty."""
    others = [(name, draw(field, error)) for name, draw in DRAWN_BY.items() if name != "text"]
    drawn = rx.match(field.control, *others, DRAWN_BY["text"](field, error))
    width = rx.cond(field.is_short, "min-w-0", "min-w-0 sm:col-span-2")
    return rx.el.div(drawn, key=field.name, class_name=width)


def _typed(kind: str, **props: Any) -> Draw:
    def draw(field: Any, error: Any) -> rx.Component:
        return text_field(
            field.name,
            field.title,
            kind=kind,
            hint=field.help,
            error=error,
            note=field.note,
            default_value=field.value,
            placeholder=field.placeholder,
            auto_complete=rx.cond(field.autocomplete, field.autocomplete, "off"),
            aria_required=_flag(field.is_required),
            **props,
        )

    return draw


def money(field: Any, error: Any) -> rx.Component:
    """A whole amount, with its currency in the frame."""
    return _typed("text", input_mode="numeric", prefix=field.prefix)(field, error)


def long_text(field: Any, error: Any) -> rx.Component:
    """Several lines of text."""
    return textarea_field(
        field.name,
        field.title,
        hint=field.help,
        error=error,
        note=field.note,
        default_value=field.value,
        placeholder=field.placeholder,
        aria_required=_flag(field.is_required),
    )


def one_box(field: Any, error: Any) -> rx.Component:
    """One thing to agree to, or to wish."""
    return checkbox(
        field.name,
        rx.fragment(
            field.title,
            " ",
            rx.el.span(field.note, class_name="ms-0.5 text-sm text-ink-faint"),
        ),
        hint=field.help,
        error=error,
        default_checked=field.value == "true",
        aria_required=_flag(field.is_required),
    )


def one_of_a_list(field: Any, error: Any) -> rx.Component:
    """One of many, in a list that opens."""
    return select_field(
        field.name,
        field.title,
        field.options,
        placeholder=text("Please choose"),
        hint=field.help,
        error=error,
        note=field.note,
        default_value=field.value,
        aria_required=_flag(field.is_required),
    )


def one_of_few(field: Any, error: Any) -> rx.Component:
    """One of a few, all in sight."""
    return radio_group(
        field.name, field.title, field.options, hint=field.help, error=error, note=field.note
    )


def some_of_few(field: Any, error: Any) -> rx.Component:
    """Some of a few, all in sight."""
    return checkbox_group(
        field.name, field.title, field.options, hint=field.help, error=error, note=field.note
    )


def cards(field: Any, error: Any) -> rx.Component:
    """One or some of several, as cards: things with their facts, or plain words."""
    return rx.cond(
        field.has_things,
        card_group(field, error, columns="3"),
        card_group(field, error, columns="2"),
    )


def card_group(field: Any, error: Any, *, columns: str) -> rx.Component:
    """The cards of a field in so many columns."""
    given = {
        "hint": field.help,
        "error": error,
        "note": field.note,
        "content": card_content,
        "columns": columns,
    }
    return rx.cond(
        field.is_list,
        checkbox_cards(field.name, field.title, field.options, **given),
        radio_cards(field.name, field.title, field.options, **given),
    )


def card_content(option: Any) -> rx.Component:
    """A thing to choose: its name, then its facts."""
    return rx.fragment(
        rx.el.span(option.title, class_name="text-lg leading-snug font-semibold"),
        rx.cond(
            option.facts.length() > 0,
            rx.el.span(rx.foreach(option.facts, card_fact), class_name="grid gap-1 text-sm"),
        ),
        rx.cond(
            option.reasons.length() > 0,
            rx.el.span(
                rx.foreach(option.reasons, card_reason),
                class_name="grid gap-1.5 border-t border-line pt-3 text-sm text-ink-soft",
            ),
        ),
    )


def card_reason(reason: Any) -> rx.Component:
    """One reason why a thing is offered."""
    return rx.el.span(
        icon("check", size="sm", class_name="mt-0.5 text-accent"),
        rx.el.span(reason),
        class_name="flex gap-2",
    )


def card_fact(fact: Any) -> rx.Component:
    """One fact of a thing: the price stands out."""
    return rx.cond(
        fact.name == "price",
        rx.el.span(fact.value, class_name="text-xl font-bold tabular-nums"),
        rx.el.span(
            rx.el.span(fact.label, ": ", class_name="text-ink-soft"),
            rx.el.span(fact.value, class_name="tabular-nums"),
        ),
    )


def table(field: Any, error: Any) -> rx.Component:
    """One or some of several things, a row each."""
    tied = control_attributes(field.name, hint=field.help, error=error)
    return rx.el.fieldset(
        rx.el.legend(field.title, class_name="mb-1.5 text-sm font-semibold"),
        help_text(field.name, field.help),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(rx.el.span(text("Choose"), class_name="sr-only"), scope="col"),
                        rx.foreach(field.columns, table_head),
                    )
                ),
                rx.el.tbody(rx.foreach(field.options, lambda option: table_row(field, option))),
                class_name="w-full text-start text-sm",
            ),
            role="region",
            aria_label=field.title,
            tab_index=0,
            class_name="overflow-x-auto rounded-lg border border-line bg-surface",
        ),
        error_text(field.name, error),
        id=tied["id"],
        aria_describedby=tied["aria_describedby"],
        custom_attrs={"tabIndex": -1},
        class_name="grid min-w-0 gap-2",
    )


def table_head(column: Any) -> rx.Component:
    """The name of a column."""
    return rx.el.th(column, scope="col", class_name="px-4 py-3 text-start font-semibold")


def table_row(field: Any, option: Any) -> rx.Component:
    """One thing with its facts; its first cell chooses it."""
    kind = rx.cond(field.is_list, "checkbox", "radio")
    choice = rx.el.input(
        type=kind,
        name=field.name,
        value=option.value,
        default_checked=option.is_chosen,
        class_name="size-5 accent-accent",
    )
    return rx.el.tr(
        rx.el.th(
            rx.el.label(choice, option.title, class_name="flex min-h-target items-center gap-3"),
            scope="row",
            class_name="px-4 py-1 text-start font-medium",
        ),
        rx.foreach(
            option.facts, lambda fact: rx.el.td(fact.value, class_name="px-4 py-2 tabular-nums")
        ),
        key=option.value,
        class_name="border-t border-line has-checked:bg-accent-soft/60",
    )


def ranked(field: Any, error: Any) -> rx.Component:
    """Some of a few in order: one list a rank, so that the keyboard alone is enough."""
    tied = control_attributes(field.name, hint=field.help, error=error)
    return rx.el.fieldset(
        rx.el.legend(field.title, class_name="mb-1.5 text-sm font-semibold"),
        help_text(field.name, field.help),
        rx.el.ol(
            rx.foreach(field.choices, lambda choice, place: rank(field, choice, place)),
            class_name="grid gap-2",
        ),
        error_text(field.name, error),
        id=tied["id"],
        aria_describedby=tied["aria_describedby"],
        custom_attrs={"tabIndex": -1},
        class_name="grid min-w-0 gap-2",
    )


def rank(field: Any, choice: Any, place: Any) -> rx.Component:
    """The choice for one rank."""
    return rx.el.li(
        rx.el.span(
            place + 1,
            class_name=(
                "grid size-9 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold"
                " text-accent tabular-nums"
            ),
            aria_hidden="true",
        ),
        select(
            field.options,
            placeholder=text("No choice"),
            name=field.name,
            default_value=choice,
            aria_label=field.title + " " + (place + 1).to_string(),
            frame="grow",
        ),
        class_name="flex items-center gap-3",
        key=place.to_string(),
    )


def hidden(field: Any, _error: Any) -> rx.Component:
    """A value that travels along and is not asked."""
    return rx.el.input(type="hidden", name=field.name, default_value=field.value)


def _flag(claim: Any) -> Any:
    return rx.cond(claim, "true", "false")


DRAWN_BY: Final[Mapping[str, Draw]] = {
    "text": _typed("text"),
    "textarea": long_text,
    "email": _typed("email"),
    "tel": _typed("phone"),
    "number": _typed("text", input_mode="numeric"),
    "year": _typed("text", input_mode="numeric"),
    "money": money,
    "date": _typed("date"),
    "checkbox": one_box,
    "radio": one_of_few,
    "select": one_of_a_list,
    "cards": cards,
    "table": table,
    "checkboxes": some_of_few,
    "ranked": ranked,
    "hidden": hidden,
}
