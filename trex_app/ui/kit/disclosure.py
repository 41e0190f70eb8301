"""Showing some of what there is: tabs and accordion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from trex_app.ui.kit.behaviours import TabsElement
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.variants import Flag, Text, look, with_classes

TAB = (
    "relative min-h-target cursor-pointer rounded-sm px-4 text-md font-medium whitespace-nowrap"
    " text-ink-soft hover:text-ink aria-selected:text-accent after:absolute after:inset-x-4"
    " after:-bottom-px after:h-0.5 after:rounded-full aria-selected:after:bg-accent"
)
SUMMARIES = {"plain": "py-3", "card": "p-4 sm:px-5"}
FRAMES = {
    "plain": "border-b border-line",
    "card": "rounded-lg border border-line bg-surface",
}


@dataclass(frozen=True)
class Tab:
    """A tab: the id of its panel, its title and what the panel holds."""

    panel_id: str
    title: Text
    content: rx.Component


def tabs(items: Sequence[Tab], label: Text, *, selected: int = 0, **props: Any) -> rx.Component:
    """One panel of several. Raises IndexError where there is no such tab."""
    chosen = items[selected]
    strip = rx.el.div(
        *[_tab(item, is_selected=item is chosen) for item in items],
        role="tablist",
        aria_label=label,
        class_name="flex overflow-x-auto border-b border-line px-1 pt-1",
    )
    panels = [
        rx.el.div(
            item.content,
            id=item.panel_id,
            role="tabpanel",
            aria_labelledby=f"{item.panel_id}-tab",
            tab_index=0,
            hidden=item is not chosen,
            class_name="rounded-sm pt-5",
        )
        for item in items
    ]
    return TabsElement.create(strip, *panels, **with_classes(props, "block"))


def _tab(item: Tab, *, is_selected: bool) -> rx.Component:
    return rx.el.button(
        item.title,
        id=f"{item.panel_id}-tab",
        type="button",
        role="tab",
        aria_controls=item.panel_id,
        aria_selected=str(is_selected).lower(),
        tab_index=0 if is_selected else -1,
        class_name=TAB,
    )


def accordion(*items: rx.Component, **props: Any) -> rx.Component:
    """Sections that open one by one; made by accordion_item."""
    return rx.el.div(*items, **with_classes(props, "grid gap-2"))


def accordion_item(
    title: Any,
    *children: Any,
    variant: str = "card",
    group: str = "",
    is_open: Flag = False,
    **props: Any,
) -> rx.Component:
    """A section behind its title. Of those with the same `group` only one is open at a time."""
    grouped = {"custom_attrs": {"name": group}} if group else {}
    summary = rx.el.summary(
        rx.el.span(title, class_name="grow"),
        icon(
            "chevron-down",
            class_name="text-ink-soft transition-transform group-open/section:rotate-180",
        ),
        class_name=(
            "flex min-h-target cursor-pointer list-none items-center gap-3 rounded-lg font-semibold"
            f" [&::-webkit-details-marker]:hidden {look(SUMMARIES, variant, 'accordion item')}"
        ),
    )
    inside = "px-4 pb-5 text-ink-soft sm:px-5" if variant == "card" else "pb-4 text-ink-soft"
    return rx.el.details(
        summary,
        rx.el.div(*children, class_name=inside),
        open=is_open,
        **grouped,
        **with_classes(props, "group/section min-w-0", FRAMES[variant]),
    )
