"""Up to three vehicles side by side, in a dialog over the list they come from."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.buttons import button
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.overlays import CLOSES, dialog, opens
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.state.vehicle_choice import COMPARISON_ID
from trex_app.ui.steps.vehicle_cards import vehicle_picture


def comparison_bar(scene: Scene) -> rx.Component:
    """The way to the comparison, in sight as soon as there is something to compare."""
    return rx.cond(
        scene.compared.length() > 0,
        rx.el.div(
            button(
                icon("columns", size="sm"),
                scene.comparison.label,
                variant="outline",
                class_name="shadow-3",
                **opens(COMPARISON_ID),
            ),
            class_name="sticky bottom-24 z-10 justify-self-center",
        ),
    )


def comparison_dialog(scene: Scene) -> rx.Component:
    """The vehicles side by side; with the last of them it closes."""
    return rx.cond(scene.compared.length() > 0, side_by_side(scene))


def side_by_side(scene: Scene) -> rx.Component:
    """The dialog with a column for each vehicle."""
    return dialog(
        rx.el.div(
            rx.el.table(
                rx.el.caption(text("The vehicles side by side"), class_name="sr-only"),
                rx.el.thead(
                    rx.el.tr(
                        rx.el.td(class_name="max-sm:hidden"),
                        rx.foreach(
                            scene.comparison.vehicles, lambda shown: column_head(scene, shown)
                        ),
                    )
                ),
                rx.el.tbody(rx.foreach(scene.comparison.rows, comparison_row)),
                class_name="w-full border-collapse text-sm",
            ),
            role="region",
            aria_label=text("The vehicles side by side"),
            tab_index=0,
            class_name="overflow-x-auto",
        ),
        dialog_id=COMPARISON_ID,
        title=text("Side by side"),
        close_label=text("Close"),
        variant="wide",
        footer=[button(text("Back to the list"), variant="outline", **CLOSES)],
    )


def column_head(scene: Scene, shown: Any) -> rx.Component:
    """A vehicle at the top of its column."""
    return rx.el.th(
        vehicle_picture(shown, class_name="mb-3 rounded-md"),
        rx.el.span(shown.title, class_name="block text-md leading-snug font-semibold"),
        rx.el.span(shown.edition, class_name="block text-sm font-normal text-ink-soft"),
        rx.el.span(shown.price, class_name="mt-1 block text-lg font-bold tabular-nums"),
        button(
            icon("x", size="sm"),
            text("Take away"),
            rx.el.span(": ", shown.title, " ", shown.edition, class_name="sr-only"),
            variant="ghost",
            size="sm",
            class_name="-ms-3",
            on_click=scene.take_away(shown.vehicle_id),
        ),
        scope="col",
        class_name="w-1/3 min-w-36 pe-4 pb-3 text-start align-top",
    )


def comparison_row(line: Any) -> rx.Component:
    """One fact of every vehicle; on a phone its name stands above each value."""
    return rx.el.tr(
        rx.el.th(
            line.label,
            scope="row",
            class_name="py-3 pe-4 text-start font-medium text-ink-soft max-sm:sr-only",
        ),
        rx.foreach(
            line.cells,
            lambda cell: rx.el.td(
                rx.el.span(
                    line.label,
                    aria_hidden="true",
                    class_name="block text-xs text-ink-soft sm:hidden",
                ),
                cell.text,
                class_name="py-3 pe-4 align-top tabular-nums",
            ),
        ),
        class_name="border-t border-line",
    )
