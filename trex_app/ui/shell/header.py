"""The top of every page: the way home, the ways in, the page's tools, language and theme."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.buttons import button, link
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import container, row
from trex_app.ui.kit.overlays import popover, shows
from trex_app.ui.shell.guarded import guarded
from trex_app.ui.shell.language_switch import language_switch
from trex_app.ui.state.language import link_to, text

MENU_ID = "site-menu"


def header(tools: Any = None) -> rx.Component:
    """The product's name, which leads home, the page's tools, and the rest behind a menu."""
    return rx.el.header(
        container(
            row(
                brand(),
                guarded(
                    row(
                        tools if tools is not None else rx.fragment(),
                        rx.el.div(
                            *([] if tools is not None else ways_in()),
                            language_switch(),
                            theme_switch(),
                            class_name="flex items-center gap-1 max-sm:hidden",
                        ),
                        small_menu(),
                        gap="xs",
                    )
                ),
                justify="between",
                class_name="!flex-nowrap",
            ),
        ),
        class_name="border-b border-line bg-surface py-2",
    )


def brand() -> rx.Component:
    """The product's name."""
    return link(
        rx.el.span(
            "T",
            aria_hidden="true",
            class_name=(
                "grid size-7 place-items-center rounded-sm bg-accent text-sm font-bold"
                " text-on-accent"
            ),
        ),
        "T-Rex",
        href=link_to("/"),
        variant="quiet",
        class_name=(
            "inline-flex min-h-target items-center gap-2.5 text-lg font-bold tracking-[-0.02em]"
            " whitespace-nowrap !text-ink no-underline"
        ),
    )


def small_menu() -> rx.Component:
    """Everything there is no room for on a phone."""
    return rx.el.div(
        button(
            icon("menu"),
            rx.el.span(text("Menu"), class_name="sr-only"),
            variant="ghost",
            size="sm",
            **shows(MENU_ID),
        ),
        popover(
            # A popover that is laid out itself would show when it is closed.
            rx.el.div(
                *ways_in(),
                language_switch(),
                theme_switch(is_labelled=True),
                class_name="grid min-w-56 gap-1",
            ),
            popover_id=MENU_ID,
            label=text("Menu"),
        ),
        class_name="sm:hidden",
    )


def ways_in() -> list[rx.Component]:
    """The journeys, from anywhere."""
    return [
        way_in(text("Buy"), "/j/buying"),
        way_in(text("Sell"), "/j/selling"),
    ]


def way_in(label: str, path: str) -> rx.Component:
    """One of them."""
    return link(
        label,
        href=link_to(path),
        variant="quiet",
        class_name="inline-flex min-h-target items-center px-2 text-sm font-semibold",
    )


def theme_switch(*, is_labelled: bool = False) -> rx.Component:
    """Light or dark; without a choice the system decides."""
    return button(
        rx.color_mode_cond(icon("moon", size="sm"), icon("sun", size="sm")),
        rx.el.span(
            text("Switch between light and dark"), class_name="" if is_labelled else "sr-only"
        ),
        variant="ghost",
        size="sm",
        on_click=rx.toggle_color_mode,
        class_name="!justify-start !px-2" if is_labelled else "",
    )
