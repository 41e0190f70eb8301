"""Fields that help to find an answer: combobox, date, phone, file."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.behaviours import ComboboxElement, FileElement
from trex_app.ui.kit.fields import (
    control_attributes,
    field_id,
    form_field,
    text_field,
    text_input,
)
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.options import Options, each
from trex_app.ui.kit.variants import Text, with_classes

LISTBOX = (
    "absolute inset-x-0 top-full z-20 mt-1.5 max-h-72 overflow-y-auto rounded-md border border-line"
    " bg-raised p-1.5 shadow-3"
)
LIST_OPTION = (
    "flex min-h-target cursor-pointer items-center rounded-sm px-3 text-md text-ink hover:bg-sunken"
    " data-active:bg-accent-soft data-active:text-accent aria-selected:font-semibold"
)


def combobox_field(
    name: Text,
    label: Text,
    options: Options,
    *,
    chosen: tuple[Text, Text] | None = None,
    count_label: Text = "{count}",
    filters: bool = True,
    **settings: Any,
) -> rx.Component:
    """Typing with suggestions. Settings as in text_field; an option has `value` and `title`.

    Without `chosen` the typed text is the value. With it, (value, title) or two empty texts, only
    an option counts and its value is submitted. `count_label` is read aloud with the number of
    suggestions. `filters=False` leaves it to the page to change the options while one types.
    """
    texts = {key: settings.pop(key, "") for key in ("hint", "error", "note")}
    tied = control_attributes(name, hint=texts["hint"], error=texts["error"]) | settings
    carriers: list[rx.Component] = []
    if chosen is not None:
        value, tied["default_value"] = chosen
        tied.pop("name")
        carriers.append(rx.el.input(type="hidden", name=name, default_value=value))
    list_id = field_id(name, "options")
    suggestions = rx.el.ul(
        *each(options, _list_option),
        id=list_id,
        role="listbox",
        aria_label=label,
        hidden=True,
        class_name=LISTBOX,
    )
    control = ComboboxElement.create(
        text_input(
            **with_classes(tied, "pe-10"),
            role="combobox",
            auto_complete="off",
            aria_expanded="false",
            aria_autocomplete="list",
            aria_controls=list_id,
        ),
        *carriers,
        icon(
            "chevron-down",
            class_name=(
                "pointer-events-none absolute inset-e-3 top-1/2 -translate-y-1/2 text-ink-soft"
            ),
        ),
        suggestions,
        rx.el.span(role="status", class_name="sr-only"),
        data_count_label=count_label,
        data_filter="on" if filters else "off",
        class_name="relative block",
    )
    return form_field(control, name, label, **texts)


def _list_option(option: Any) -> rx.Component:
    return rx.el.li(
        option.title,
        role="option",
        aria_selected="false",
        data_value=option.value,
        key=option.value,
        class_name=LIST_OPTION,
    )


def date_field(name: Text, label: Text, **settings: Any) -> rx.Component:
    """A day, by the browser's own picker; `min` and `max` as YYYY-MM-DD. Else as text_field."""
    return text_field(name, label, kind="date", **settings)


def phone_field(name: Text, label: Text, **settings: Any) -> rx.Component:
    """A telephone number, in any spelling. Else as text_field."""
    return text_field(name, label, kind="phone", **settings)


def file_field(
    name: Text,
    label: Text,
    *,
    prompt: Text,
    remove_label: Text = "Remove",
    hint: Text = "",
    error: Text = "",
    **props: Any,
) -> rx.Component:
    """Files by choosing or dropping, listed below with a preview. Takes `accept` and `multiple`."""
    tied = control_attributes(name, hint=hint, error=error)
    zone = rx.el.label(
        icon("upload", size="lg", class_name="text-accent"),
        rx.el.span(prompt, class_name="text-sm font-medium text-ink-soft"),
        rx.el.input(type="file", **with_classes(tied | props, "sr-only")),
        class_name=(
            "flex min-h-28 cursor-pointer flex-col items-center justify-center gap-2 rounded-md"
            " border-[1.5px] border-dashed border-line-strong bg-surface p-5 text-center"
            " transition-colors hover:border-accent hover:bg-accent-soft/40"
            " in-data-over:border-accent in-data-over:bg-accent-soft"
            " has-focus-visible:outline-(length:--trex-focus-width) has-focus-visible:outline-focus"
            " has-aria-invalid:border-danger"
        ),
    )
    control = FileElement.create(
        zone,
        rx.el.ul(data_files="", class_name="kit-files"),
        data_remove_label=remove_label,
        class_name="grid gap-2",
    )
    return form_field(control, name, label, hint=hint, error=error)
