"""Where things stand: container, stack, row, grid, spacer, divider, and the words of a page."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.variants import look, with_classes

WIDTHS = {
    "narrow": "max-w-[38rem]",
    "text": "max-w-[46rem]",
    "wide": "max-w-[70rem]",
    "full": "max-w-none",
}
GAPS = {
    "none": "gap-0",
    "xs": "gap-1.5",
    "sm": "gap-3",
    "md": "gap-5",
    "lg": "gap-8",
    "xl": "gap-14",
}
GRIDS = {
    "1": "grid-cols-1",
    "2": "grid-cols-1 sm:grid-cols-2",
    "3": "grid-cols-1 sm:grid-cols-2 lg:grid-cols-3",
    "4": "grid-cols-2 lg:grid-cols-4",
    "cards": "grid-cols-[repeat(auto-fill,minmax(min(16rem,100%),1fr))]",
    "aside": "grid-cols-1 items-start md:grid-cols-[minmax(0,18rem)_minmax(0,1fr)]",
}
ALIGNMENTS = {
    "start": "items-start",
    "center": "items-center",
    "end": "items-end",
    "baseline": "items-baseline",
    "stretch": "items-stretch",
}
JUSTIFICATIONS = {
    "start": "justify-start",
    "center": "justify-center",
    "end": "justify-end",
    "between": "justify-between",
}
SPACERS = {"sm": "h-3", "md": "h-6", "lg": "h-12", "grow": "grow"}
HEADINGS = {
    "1": "text-3xl font-bold tracking-[-0.022em]",
    "2": "text-2xl font-semibold tracking-[-0.02em]",
    "3": "text-lg font-semibold tracking-[-0.01em]",
    "4": "text-md font-semibold",
}


def container(*children: Any, width: str = "wide", **props: Any) -> rx.Component:
    """The middle of the page, with room at its sides."""
    own = "mx-auto w-full px-4 sm:px-6 lg:px-10"
    return rx.el.div(
        *children, **with_classes(props, own, look(WIDTHS, width, "container's width"))
    )


def stack(*children: Any, gap: str = "md", **props: Any) -> rx.Component:
    """One under the other."""
    return rx.el.div(
        *children,
        **with_classes(props, "grid content-start min-w-0", look(GAPS, gap, "stack's gap")),
    )


def row(
    *children: Any, gap: str = "sm", align: str = "center", justify: str = "start", **props: Any
) -> rx.Component:
    """One beside the other, onto the next line where there is no room."""
    dressed = with_classes(
        props,
        "flex flex-wrap min-w-0",
        look(GAPS, gap, "row's gap"),
        look(ALIGNMENTS, align, "row's alignment"),
        look(JUSTIFICATIONS, justify, "row's justification"),
    )
    return rx.el.div(*children, **dressed)


def grid(*children: Any, columns: str = "cards", gap: str = "md", **props: Any) -> rx.Component:
    """Columns that become fewer on a narrow screen."""
    dressed = with_classes(
        props, "grid", look(GRIDS, columns, "grid's columns"), look(GAPS, gap, "grid's gap")
    )
    return rx.el.div(*children, **dressed)


def spacer(size: str = "grow", **props: Any) -> rx.Component:
    """Room between two things, or all the room there is."""
    return rx.el.div(aria_hidden="true", **with_classes(props, look(SPACERS, size, "spacer")))


def divider(label: Any = "", **props: Any) -> rx.Component:
    """A line between two parts, with a word in its middle where it has one."""
    if isinstance(label, str) and not label:
        return rx.el.hr(**with_classes(props, "border-t border-line"))
    line = "h-px grow bg-line"
    return rx.el.div(
        rx.el.span(class_name=line, aria_hidden="true"),
        label,
        rx.el.span(class_name=line, aria_hidden="true"),
        **with_classes(props, "flex items-center gap-4 text-sm text-ink-faint"),
    )


def heading(*children: Any, level: str = "2", looks_like: str = "", **props: Any) -> rx.Component:
    """A heading of a level, which may look like another one."""
    elements = {"1": rx.el.h1, "2": rx.el.h2, "3": rx.el.h3, "4": rx.el.h4}
    dressed = with_classes(props, look(HEADINGS, looks_like or level, "heading's level"))
    return look(elements, level, "heading's level")(*children, **dressed)


def lead(*children: Any, **props: Any) -> rx.Component:
    """The sentence under a heading."""
    return rx.el.p(*children, **with_classes(props, "max-w-[38rem] text-md text-ink-soft"))


def actions(*children: Any, **props: Any) -> rx.Component:
    """The buttons under a form: side by side, the full width on a phone, the main one last."""
    own = (
        "flex flex-col-reverse gap-3 pt-2 *:w-full sm:flex-row sm:items-center sm:justify-between"
        " sm:*:w-auto"
    )
    return rx.el.div(*children, **with_classes(props, own))
