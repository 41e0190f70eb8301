"""Form fields of typed text: label, help, control, error and counter, tied together by ids."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.behaviours import Counter
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.variants import (
    Text,
    is_missing,
    is_var,
    joined,
    look,
    when_given,
    with_classes,
)

FRAME = (
    "rounded-md border border-line-strong bg-surface text-md text-ink"
    " transition-[border-color] hover:border-ink-soft"
)
STATES = (
    "focus-visible:border-accent focus-visible:outline-offset-0 disabled:cursor-not-allowed"
    " disabled:border-line disabled:bg-sunken disabled:text-ink-faint [&[readonly]]:bg-sunken"
    " aria-invalid:border-danger aria-invalid:ring-1 aria-invalid:ring-danger"
)
CONTROL = f"w-full min-h-target px-3.5 placeholder:text-ink-faint {FRAME} {STATES}"
# Inside a frame that holds a unit or a button as well: the frame wears the looks.
BARE = (
    "w-full min-w-0 -my-px min-h-target grow bg-transparent px-3.5 text-md"
    " text-ink outline-none placeholder:text-ink-faint disabled:cursor-not-allowed"
    " disabled:text-ink-faint"
)
AROUND = (
    f"flex items-stretch {FRAME} has-focus-visible:border-accent"
    " has-focus-visible:outline-(length:--trex-focus-width) has-focus-visible:outline-focus"
    " has-aria-invalid:border-danger has-aria-invalid:ring-1 has-aria-invalid:ring-danger"
    " has-disabled:border-line has-disabled:bg-sunken"
)
INPUTS = {"framed": CONTROL, "bare": BARE}
# What each kind of typed text asks of the browser: its type, its keyboard, what it fills in.
KINDS: dict[str, dict[str, str]] = {
    "text": {"type": "text"},
    "email": {
        "type": "email",
        "input_mode": "email",
        "auto_complete": "email",
        "auto_capitalize": "none",
    },
    "password": {"type": "password", "auto_complete": "current-password"},
    "number": {"type": "number", "input_mode": "decimal"},
    "integer": {"type": "number", "input_mode": "numeric", "step": "1"},
    "search": {"type": "search", "enter_key_hint": "search", "auto_complete": "off"},
    "phone": {"type": "tel", "input_mode": "tel", "auto_complete": "tel"},
    "date": {"type": "date"},
    "url": {"type": "url", "input_mode": "url", "auto_capitalize": "none"},
}
LABEL = "text-sm font-semibold text-ink"


def field_id(name: Text, part: str = "") -> Any:
    """The id of a field's control, or of the hint, error or counter that belongs to it."""
    suffix = f"-{part}" if part else ""
    # A Var as a whole: an id with a Var inside it would get a ref under a random name.
    return rx.Var.create(f"field-{name}{suffix}") if is_var(name) else f"field-{name}{suffix}"


def control_attributes(
    name: Text, *, hint: Text = "", error: Text = "", has_counter: bool = False
) -> dict[str, Any]:
    """What ties a control to its field: id, name, and what describes it."""
    described_by = joined(
        [
            id_when(hint, field_id(name, "hint")),
            id_when(error, field_id(name, "error")),
            field_id(name, "counter") if has_counter else "",
        ]
    )
    attributes: dict[str, Any] = {"id": field_id(name), "name": name}
    if not is_missing(described_by):
        attributes["aria_describedby"] = described_by
    if not is_missing(error):
        attributes["aria_invalid"] = invalid(error)
    return attributes


def invalid(error: Text) -> Any:
    """What aria-invalid says beside this error."""
    if isinstance(error, rx.Var):
        return rx.cond(error, "true", "false")
    return "true" if error else "false"


def id_when(text: Text, element_id: Text) -> Any:
    """The id of the element that shows the text, or nothing where there is no text."""
    if isinstance(text, rx.Var):
        return rx.cond(text, element_id, "")
    return element_id if text else ""


def field_label(name: Text, label: Text, *, note: Text = "", **props: Any) -> rx.Component:
    """The label of a control, with a quiet note after it such as `optional`."""
    return rx.el.label(
        *with_note(label, note), html_for=field_id(name), **with_classes(props, LABEL)
    )


def with_note(label: Text, note: Text) -> tuple[Text, rx.Component]:
    """The text of a label or legend, and the quiet note after it."""
    # The blank is for the ear: without it label and note are read as one word.
    shown = rx.el.span(" ", note, class_name="ms-0.5 font-normal text-ink-faint")
    return label, when_given(note, shown)


def help_text(name: Text, hint: Text) -> rx.Component:
    """What helps to answer, before the control: it must be heard before typing."""
    shown = rx.el.p(hint, id=field_id(name, "hint"), class_name="text-sm text-ink-soft")
    return when_given(hint, shown)


def error_text(name: Text, error: Text) -> rx.Component:
    """What is wrong and how to mend it, beside the control."""
    shown = rx.el.p(
        icon("alert", size="sm", class_name="mt-0.5"),
        rx.el.span(error),
        id=field_id(name, "error"),
        data_error_for=name,
        class_name="flex gap-1.5 text-sm font-medium text-danger",
    )
    return when_given(error, shown)


def form_field(
    control: rx.Component,
    name: Text,
    label: Text,
    *,
    hint: Text = "",
    error: Text = "",
    note: Text = "",
    counter: rx.Component | None = None,
    **props: Any,
) -> rx.Component:
    """A control with its label, help, error and counter. Use control_attributes on the control."""
    below = [part for part in (error_text(name, error), counter) if part is not None]
    return rx.el.div(
        field_label(name, label, note=note),
        help_text(name, hint),
        control,
        *below,
        **with_classes(props, "grid content-start gap-1.5 min-w-0"),
    )


def text_input(kind: str = "text", *, variant: str = "framed", **props: Any) -> rx.Component:
    """An input of one of KINDS, without a label; `bare` inside a frame of its own."""
    asked = look(KINDS, kind, "text input's kind")
    dressed = with_classes({**asked, **props}, look(INPUTS, variant, "text input"))
    return rx.el.input(**dressed)


def text_field(
    name: Text,
    label: Text,
    *,
    kind: str = "text",
    hint: Text = "",
    error: Text = "",
    note: Text = "",
    prefix: Text = "",
    suffix: Text = "",
    **props: Any,
) -> rx.Component:
    """A labelled input. `kind` is one of KINDS, `prefix` or `suffix` a unit in its frame.

    `max_length` brings a counter; `default_value`, `required`, `on_blur` … are the input's own.
    """
    counted = _counter_of(name, props)
    tied = control_attributes(name, hint=hint, error=error, has_counter=bool(counted)) | props
    has_unit = not (is_missing(prefix) and is_missing(suffix))
    control = text_input(kind, variant="bare" if has_unit else "framed", **tied)
    return form_field(
        framed(control, prefix=prefix, suffix=suffix) if has_unit else control,
        name,
        label,
        hint=hint,
        error=error,
        note=note,
        counter=counted,
    )


def money_field(name: Text, label: Text, *, currency: Text, **settings: Any) -> rx.Component:
    """An amount in whole units of a currency, whose sign stands before it. Else as text_field."""
    asked = {"kind": "integer", "prefix": currency, "custom_attrs": {"min": "0"}}
    return text_field(name, label, **{**asked, **settings})


def framed(control: rx.Component, *, prefix: Text = "", suffix: Text = "") -> rx.Component:
    """A bare input with its unit inside one frame. The label must name the unit for the ear."""
    unit = "flex items-center whitespace-nowrap text-ink-soft"
    return rx.el.div(
        when_given(prefix, rx.el.span(prefix, class_name=f"{unit} ps-3.5", aria_hidden="true")),
        control,
        when_given(suffix, rx.el.span(suffix, class_name=f"{unit} pe-3.5", aria_hidden="true")),
        class_name=AROUND,
    )


def _counter_of(name: Text, props: dict[str, Any]) -> rx.Component | None:
    max_length = props.get("max_length")
    return None if max_length is None else counter(name, max_length)


def counter(name: Text, max_length: int) -> rx.Component:
    """How many characters are left; speaks up politely when few are."""
    return Counter.create(
        id=field_id(name, "counter"),
        custom_attrs={"for": field_id(name), "max": str(max_length)},
        class_name=(
            "block min-h-5 text-end text-sm text-ink-faint tabular-nums data-near:text-warm"
        ),
    )


def textarea_field(
    name: Text,
    label: Text,
    *,
    hint: Text = "",
    error: Text = "",
    note: Text = "",
    rows: int = 4,
    **props: Any,
) -> rx.Component:
    """A labelled text of several lines, which grows with what is typed; else as text_field."""
    counted = _counter_of(name, props)
    tied = control_attributes(name, hint=hint, error=error, has_counter=bool(counted))
    own = f"block w-full field-sizing-content min-h-28 px-3.5 py-2.5 {FRAME} {STATES}"
    dressed = with_classes({**tied, **props}, own)
    return form_field(
        rx.el.textarea(rows=str(rows), **dressed),
        name,
        label,
        hint=hint,
        error=error,
        note=note,
        counter=counted,
    )
