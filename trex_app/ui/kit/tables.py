"""Tables that scroll in their own frame and sort."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.options import each
from trex_app.ui.kit.variants import Text, is_missing, look

ALIGNMENTS = {"start": "text-start", "end": "text-end tabular-nums", "center": "text-center"}
DIRECTIONS = {"ascending": "arrow-up", "descending": "arrow-down", "none": "sort"}


@dataclass(frozen=True)
class Column:
    """A column: its title, and how to draw its cell from a row.

    `sorted_by` (ascending, descending, none) makes the title a button, which calls `on_sort`.
    """

    title: Text
    cell: Callable[[Any], Any]
    align: str = "start"
    sorted_by: Text = ""
    on_sort: Any = None


def table(caption: Text, columns: Sequence[Column], rows: Any, *, empty: Any = "") -> Any:
    """Rows under columns; scrolls sideways in its own frame where the screen is narrow.

    The first cell of a row names it. `rows` is a sequence or a Var of one.
    """
    head = rx.el.tr(*[_head_cell(column) for column in columns])
    body = rx.el.tbody(*each(rows, lambda row: _row(columns, row)))
    shown = rx.el.table(
        rx.el.caption(caption, class_name="sr-only"),
        rx.el.thead(head, class_name="border-b border-line"),
        body,
        class_name="w-full border-collapse text-sm",
    )
    frame = rx.el.div(
        shown,
        role="region",
        aria_label=caption,
        tab_index=0,
        class_name="overflow-x-auto rounded-lg border border-line bg-surface",
    )
    if is_missing(empty):
        return frame
    if isinstance(rows, rx.Var):
        return rx.cond(rows.to(list).length() > 0, frame, empty)
    return frame if rows else empty


def _head_cell(column: Column) -> rx.Component:
    side = look(ALIGNMENTS, column.align, "column's alignment")
    if is_missing(column.sorted_by):
        own = f"px-4 py-3 font-semibold text-ink-soft {side}"
        return rx.el.th(column.title, scope="col", class_name=own)
    turn = rx.el.button(
        column.title,
        _direction(column.sorted_by),
        type="button",
        on_click=column.on_sort,
        class_name=(
            "inline-flex min-h-target cursor-pointer items-center gap-1.5 rounded-sm px-4"
            " font-semibold text-ink-soft hover:text-ink"
        ),
    )
    return rx.el.th(turn, scope="col", aria_sort=column.sorted_by, class_name=side)


def _direction(sorted_by: Text) -> Any:
    if not isinstance(sorted_by, rx.Var):
        return icon(look(DIRECTIONS, sorted_by, "column's order"), size="sm")
    arrows = [(order, icon(name, size="sm")) for order, name in DIRECTIONS.items()]
    return rx.match(sorted_by, *arrows, rx.fragment())


def _row(columns: Sequence[Column], row: Any) -> rx.Component:
    first, *others = columns
    cell = "px-4 py-3 align-middle"
    return rx.el.tr(
        rx.el.th(
            first.cell(row),
            scope="row",
            class_name=f"{cell} font-medium text-ink {ALIGNMENTS[first.align]}",
        ),
        *[
            rx.el.td(column.cell(row), class_name=f"{cell} text-ink {ALIGNMENTS[column.align]}")
            for column in others
        ],
        class_name="border-b border-line last:border-b-0 hover:bg-sunken/60",
    )
