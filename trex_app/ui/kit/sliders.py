"""Values on a scale: a slider with one thumb, and a range with two."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.behaviours import SliderElement
from trex_app.ui.kit.fields import LABEL, control_attributes, error_text, field_id, help_text
from trex_app.ui.kit.variants import Text, with_classes


def slider_field(
    name: Text,
    label: Text,
    *,
    minimum: Any,
    maximum: Any,
    step: Any = 1,
    value_label: Text = "{value}",
    hint: Text = "",
    error: Text = "",
    **props: Any,
) -> rx.Component:
    """One value on a scale; `value_label` says it with its unit, such as `{value} km`."""
    tied = control_attributes(name, hint=hint, error=error)
    scale = {"min": minimum, "max": maximum, "step": step}
    return SliderElement.create(
        rx.el.div(
            rx.el.label(label, html_for=field_id(name), class_name=LABEL),
            _slider_output(),
            class_name="flex items-baseline justify-between gap-3",
        ),
        help_text(name, hint),
        rx.el.div(
            rx.el.input(type="range", **scale, **with_classes(tied | props, "kit-slider")),
            class_name="kit-track",
        ),
        error_text(name, error),
        data_label=value_label,
        class_name="grid content-start gap-1.5",
    )


def range_field(
    names: tuple[Text, Text],
    label: Text,
    *,
    ends: tuple[Text, Text],
    values: tuple[Any, Any],
    minimum: Any,
    maximum: Any,
    step: Any = 1,
    value_label: Text = "{value}",
) -> rx.Component:
    """From and to on one scale: two values under two names; `ends` name the thumbs for the ear."""
    scale = {"type": "range", "min": minimum, "max": maximum, "step": step}
    thumbs = [
        rx.el.input(
            **scale,
            id=field_id(name),
            name=name,
            aria_label=end,
            default_value=value,
            class_name="kit-slider",
        )
        for name, end, value in zip(names, ends, values, strict=True)
    ]
    label_id = field_id(names[0], "range")
    return SliderElement.create(
        rx.el.div(
            rx.el.span(label, id=label_id, class_name=LABEL),
            _slider_output(),
            class_name="flex items-baseline justify-between gap-3",
        ),
        rx.el.div(*thumbs, class_name="kit-track kit-track-two"),
        role="group",
        aria_labelledby=label_id,
        data_label=value_label,
        class_name="grid content-start gap-1.5",
    )


def _slider_output() -> rx.Component:
    # Not live: the thumb itself says its value, and a live one would say it twice.
    return rx.el.output(
        aria_live="off", class_name="text-sm font-semibold text-ink tabular-nums min-h-5"
    )
