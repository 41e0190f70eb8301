"""A page that has one thing to say: what happened, what it means, what to do next."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.buttons import button
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import heading
from trex_app.ui.kit.surfaces import card
from trex_app.ui.state.language import text


def message(title: str, meaning: str, action: Any, *, icon_name: str = "info") -> rx.Component:
    """The one thing; `action` is the way on."""
    return card(
        rx.el.span(
            icon(icon_name, size="lg"),
            class_name="grid size-12 place-items-center rounded-full bg-accent-soft text-accent",
        ),
        heading(title, level="1", looks_like="2"),
        rx.el.p(meaning, class_name="max-w-prose text-ink-soft"),
        rx.el.div(action, class_name="pt-2"),
        padding="lg",
        class_name="mx-auto grid w-full max-w-[38rem] content-start justify-items-start gap-4",
    )


def unavailable(retry: Any) -> rx.Component:
    """Something of ours does not answer; `retry` is the event that asks once more."""
    return message(
        text("This is not available right now"),
        text("Nothing was lost. Please try again in a moment."),
        button(icon("refresh", size="sm"), text("Try again"), on_click=retry),
        icon_name="alert",
    )
