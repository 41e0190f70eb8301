"""Whole numbers that are typed, or set by a slider or two buttons beside them."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from trex_app.ui.kit.behaviours import AmountElement
from trex_app.ui.kit.buttons import icon_button
from trex_app.ui.kit.fields import (
    control_attributes,
    form_field,
    framed,
    text_input,
)
from trex_app.ui.kit.variants import Text

TYPED = {"input_mode": "numeric", "auto_complete": "off"}


@dataclass(frozen=True)
class Scale:
    """The ends of a slider, its step, and where its thumb rests while nothing is given."""

    minimum: int
    maximum: int
    step: int
    start: int


def stepper_field(
    name: Text,
    label: Text,
    *,
    minimum: int,
    maximum: int,
    start: int,
    fewer_label: Text,
    more_label: Text,
    **settings: Any,
) -> rx.Component:
    """A small number with a button on either side; the arrow keys step it too.

    `start` is what the first press gives. Settings as in text_field.
    """
    texts = {key: settings.pop(key, "") for key in ("hint", "error", "note")}
    tied = control_attributes(name, hint=texts["hint"], error=texts["error"]) | settings
    control = AmountElement.create(
        icon_button("minus", fewer_label, variant="outline", data_by="-1"),
        text_input(**TYPED, **tied, class_name="max-w-20 text-center text-lg tabular-nums"),
        icon_button("plus", more_label, variant="outline", data_by="1"),
        data_min=minimum,
        data_max=maximum,
        data_start=start,
        class_name="flex items-center gap-2",
    )
    return form_field(control, name, label, **texts)


def amount_field(
    name: Text,
    label: Text,
    scale: Scale,
    *,
    value_label: Text = "{value}",
    prefix: Text = "",
    suffix: Text = "",
    **settings: Any,
) -> rx.Component:
    """A number that is typed or set on a slider; typing may go beyond the slider's ends.

    `value_label` says the slider's value with its unit. Settings as in text_field.
    """
    texts = {key: settings.pop(key, "") for key in ("hint", "error", "note")}
    tied = control_attributes(name, hint=texts["hint"], error=texts["error"]) | settings
    typed = text_input(variant="bare", **TYPED, **tied, class_name="text-lg tabular-nums")
    slider = rx.el.input(
        type="range",
        min=scale.minimum,
        max=scale.maximum,
        step=scale.step,
        default_value=str(scale.start),
        aria_label=label,
        class_name="kit-slider",
    )
    control = AmountElement.create(
        rx.el.div(framed(typed, prefix=prefix, suffix=suffix), class_name="sm:w-44"),
        rx.el.div(slider, class_name="kit-track min-w-0 grow in-data-empty:after:hidden"),
        data_label=value_label,
        class_name="grid gap-x-5 gap-y-1 sm:flex sm:items-center",
    )
    return form_field(control, name, label, **texts)
