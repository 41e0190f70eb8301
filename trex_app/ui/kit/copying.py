"""Taking a text along: a button that copies it and says so."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.behaviours import CopyElement
from trex_app.ui.kit.buttons import button
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.variants import Text


def copy_button(
    value: Text,
    label: Any,
    *,
    copied_label: Text,
    failed_label: Text,
    variant: str = "outline",
    size: str = "sm",
) -> rx.Component:
    """A button that copies `value`; for a moment its icon is a tick and `copied_label` is said.

    Where the browser lets nothing be copied, `failed_label` is said and seen.
    """
    return CopyElement.create(
        button(
            icon("copy", size="sm", class_name="in-data-copied:hidden"),
            icon("check", size="sm", class_name="hidden in-data-copied:block"),
            label,
            variant=variant,
            size=size,
        ),
        rx.el.span(
            role="status",
            class_name="sr-only text-sm text-ink-soft in-data-failed:not-sr-only",
        ),
        data_text=value,
        data_copied_label=copied_label,
        data_failed_label=failed_label,
        class_name="inline-flex flex-wrap items-center gap-x-3",
    )
