"""Putting a few things in an order of one's own."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.behaviours import RankingElement
from trex_app.ui.kit.fields import LABEL, control_attributes, error_text, help_text
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.options import Options
from trex_app.ui.kit.variants import Text, is_missing, when_given

RANK_BUTTON = (
    "grid size-target cursor-pointer place-items-center rounded-sm text-ink-soft hover:bg-sunken"
    " hover:text-ink aria-disabled:cursor-default aria-disabled:opacity-30"
)


def ranking_field(
    name: Text,
    label: Text,
    options: Options,
    *,
    up_label: Text,
    down_label: Text,
    moved_label: Text = "{title}: {rank} / {count}",
    hint: Text = "",
    error: Text = "",
) -> rx.Component:
    """Options in an order of one's own, by dragging or by buttons; all submitted under one name.

    The options come in the order to start with. The first is the most wanted.
    """
    tied = control_attributes(name, hint=hint, error=error)

    def slot(option: Any, index: Any) -> rx.Component:
        return _rank_slot(name, option, index, up_label=up_label, down_label=down_label)

    slots = (
        [rx.foreach(options, slot)]
        if isinstance(options, rx.Var)
        else [slot(option, index) for index, option in enumerate(options)]
    )
    described = {} if is_missing(hint) and is_missing(error) else tied
    return rx.el.fieldset(
        rx.el.legend(label, class_name=f"mb-2 {LABEL}"),
        help_text(name, hint),
        RankingElement.create(
            rx.el.ol(*slots, class_name="grid gap-2 [counter-reset:rank]"),
            rx.el.span(role="status", class_name="sr-only"),
            data_moved_label=moved_label,
            class_name="block",
        ),
        error_text(name, error),
        id=tied["id"],
        custom_attrs={"tabIndex": -1},
        **{key: described[key] for key in ("aria_describedby",) if key in described},
        class_name="grid min-w-0 gap-2",
    )


def _rank_slot(
    name: Text, option: Any, index: Any, *, up_label: Text, down_label: Text
) -> rx.Component:
    title_id, up_id, down_id = (
        rx.Var.create(f"field-{name}-{part}-{index}") for part in ("title", "up", "down")
    )
    return rx.el.li(
        # Only here does a finger drag: anywhere else on the entry it scrolls the page.
        rx.el.span(
            icon("grip"),
            data_grip="",
            class_name=(
                "-ms-2 grid size-target touch-none place-items-center text-ink-faint sm:-ms-3"
            ),
        ),
        rx.el.span(
            class_name="kit-rank grid size-7 place-items-center rounded-full bg-accent-soft text-sm"
            " font-semibold text-accent tabular-nums",
            aria_hidden="true",
        ),
        rx.el.span(
            option.title,
            id=title_id,
            data_title="",
            class_name="min-w-0 grow font-medium [overflow-wrap:anywhere]",
        ),
        _rank_button("-1", "arrow-up", up_label, up_id, title_id),
        _rank_button("1", "arrow-down", down_label, down_id, title_id),
        rx.el.input(type="hidden", name=name, default_value=option.value),
        key=index,
        data_slot="",
        class_name=(
            "relative flex items-center gap-2 rounded-md border border-line bg-surface"
            " py-1 ps-2 pe-1 select-none sm:gap-3 sm:ps-3 cursor-grab"
            " transition-[translate,box-shadow]"
            " data-dragged:z-10 data-dragged:cursor-grabbing data-dragged:border-accent"
            " data-dragged:shadow-3 data-dragged:transition-none"
        ),
    )


def _rank_button(
    by: str, icon_name: str, label: Text, element_id: Any, title_id: Any
) -> rx.Component:
    named = when_given(label, rx.el.span(label, id=element_id, class_name="sr-only"))
    return rx.el.button(
        icon(icon_name),
        named,
        type="button",
        data_move=by,
        # The entry's words change places, so the name is put together from what stands there.
        aria_labelledby=rx.Var.create(f"{element_id} {title_id}"),
        class_name=RANK_BUTTON,
    )
