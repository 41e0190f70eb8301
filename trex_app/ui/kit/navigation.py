"""Finding one's way: breadcrumb and pagination."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from trex_app.display import paging
from trex_app.display.paging import GAP, NEIGHBOURS
from trex_app.ui.kit.buttons import link
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.options import each
from trex_app.ui.kit.variants import Flag, Text

PAGE = (
    "grid size-target cursor-pointer place-items-center rounded-md text-md font-medium"
    " text-ink-soft tabular-nums hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent"
    " aria-[current=page]:text-on-accent disabled:cursor-default disabled:opacity-40"
)

# What to draw is decided where no screen is known; who draws finds both here.
page_numbers = paging.page_numbers


def breadcrumb(items: Sequence[tuple[Text, Text]], label: Text, **props: Any) -> rx.Component:
    """Where this page stands: (title, address) from the top; the last one is this page."""
    *parents, (current, _) = items
    shown = [
        rx.el.li(
            link(title, href=address, variant="quiet"),
            icon("chevron-end", size="sm", class_name="text-ink-faint"),
            class_name="flex items-center gap-1.5",
        )
        for title, address in parents
    ]
    here = rx.el.li(current, aria_current="page", class_name="font-medium text-ink")
    trail = "flex flex-wrap items-center gap-x-1.5 gap-y-1 text-sm"
    return rx.el.nav(rx.el.ol(*shown, here, class_name=trail), aria_label=label, **props)


def pagination(
    numbers: Sequence[int] | rx.Var[list[int]],
    page: Any,
    pages: Any,
    *,
    on_page: Callable[[Any], Any],
    label: Text,
    previous_label: Text,
    next_label: Text,
) -> rx.Component:
    """The pages of a long list; on_page(number) makes the event. See page_numbers."""
    return rx.el.nav(
        _turn("chevron-start", previous_label, is_off=page <= 1, event=on_page(page - 1)),
        rx.el.ul(
            *each(numbers, lambda number: _number(number, page, on_page)),
            class_name="flex flex-wrap justify-center sm:gap-1",
        ),
        _turn("chevron-end", next_label, is_off=page >= pages, event=on_page(page + 1)),
        aria_label=label,
        class_name="flex items-center justify-center sm:gap-1",
    )


def _turn(icon_name: str, label: Text, *, is_off: Flag, event: Any) -> rx.Component:
    return rx.el.button(
        icon(icon_name),
        type="button",
        aria_label=label,
        disabled=is_off,
        on_click=event,
        class_name=PAGE,
    )


def _number(number: Any, page: Any, on_page: Callable[[Any], Any]) -> rx.Component:
    distance: Any = number - page
    if isinstance(distance, rx.Var):
        current = rx.cond(number == page, "page", "false")
        shown = _page_button(number, current, on_page)
        # A phone has no room for the neighbours; the arrows lead there.
        room = rx.cond(abs(distance.to(int)) == NEIGHBOURS, "max-sm:hidden", "")
        return rx.el.li(rx.cond(number == GAP, _gap(), shown), class_name=room)
    if number == GAP:
        return rx.el.li(_gap())
    current = "page" if number == page else "false"
    room = "max-sm:hidden" if abs(distance) == NEIGHBOURS else ""
    return rx.el.li(_page_button(number, current, on_page), class_name=room)


def _page_button(number: Any, current: Any, on_page: Callable[[Any], Any]) -> rx.Component:
    return rx.el.button(
        number,
        type="button",
        aria_current=current,
        on_click=on_page(number),
        class_name=PAGE,
    )


def _gap() -> rx.Component:
    return rx.el.span("…", class_name="grid size-target place-items-center text-ink-faint")
