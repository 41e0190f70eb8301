"""The vehicles that CarIn suggests, each with what its score is made of and why."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.feedback import alert, score
from trex_app.ui.kit.icons import icon
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.comparison import comparison_bar, comparison_dialog
from trex_app.ui.steps.frame import step_form, step_links, step_root
from trex_app.ui.steps.registry import step
from trex_app.ui.steps.vehicle_cards import (
    CARD,
    card_badge,
    card_title,
    compare_button,
    dealer_line,
    key_facts,
    listing_headline,
    listing_pages,
    price_and_way,
    vehicle_choice,
    vehicle_picture,
)


@step("CarInResults")
def car_in_results(scene: Scene) -> rx.Component:
    """The best match first, each card saying why."""
    listing = scene.listing
    return step_root(
        scene,
        rx.el.div(
            rx.foreach(listing.notes, lambda note: alert(rx.el.p(note), variant="warning")),
            rx.el.div(
                listing_headline(scene),
                step_links(scene),
                class_name="flex flex-wrap items-center justify-between gap-x-6 gap-y-3",
            ),
            class_name="grid gap-5",
            data_wide="",
        ),
        step_form(
            scene,
            vehicle_choice(
                scene, lambda shown, mark: suggestion_card(scene, shown, mark), columns="1"
            ),
            listing_pages(scene),
            comparison_bar(scene),
            stays_in_sight=True,
            has_links=False,
        ),
        comparison_dialog(scene),
    )


def suggestion_card(scene: Scene, shown: Any, mark: rx.Component) -> rx.Component:
    """One suggestion; where there is room the reasons stand beside the vehicle."""
    return rx.el.article(
        mark,
        rx.el.div(
            rx.el.div(
                vehicle_picture(shown, class_name="sm:max-md:aspect-[5/2]!"),
                card_badge(shown, class_name="absolute inset-s-4 bottom-3"),
                class_name="relative",
            ),
            rx.el.div(
                card_title(shown),
                key_facts(shown),
                price_and_way(shown),
                dealer_line(shown),
                compare_button(scene, shown),
                class_name="grid gap-3 p-4 pb-2 sm:p-5 sm:pb-3",
            ),
            class_name="min-w-0",
        ),
        rx.el.div(
            match(shown),
            bars(shown),
            reasons(shown),
            class_name=(
                "grid min-w-0 content-start gap-5 border-t border-line p-4 sm:p-5 md:border-s"
                " md:border-t-0 md:pe-14 lg:p-6 lg:pe-14"
            ),
        ),
        key=shown.vehicle_id,
        class_name=[
            CARD,
            "md:grid-cols-[minmax(0,17rem)_minmax(0,1fr)]"
            " lg:grid-cols-[minmax(0,24rem)_minmax(0,1fr)]",
        ],
    )


def match(shown: Any) -> rx.Component:
    """How well it fits in all."""
    return rx.el.p(
        rx.el.span(
            shown.score,
            class_name="text-3xl font-bold tracking-[-0.022em] text-accent tabular-nums",
        ),
        rx.el.span(
            text("of 100: how well it fits your answers"), class_name="text-sm text-ink-soft"
        ),
        class_name="flex flex-wrap items-baseline gap-x-2.5",
    )


def bars(shown: Any) -> rx.Component:
    """What the score is made of."""
    return rx.el.dl(
        rx.foreach(
            shown.bars,
            lambda bar: rx.el.div(
                rx.el.dt(bar.label),
                rx.el.dd(
                    score(bar.value, label=bar.text, class_name="min-w-0 grow", aria_hidden="true"),
                    rx.el.span(bar.value, class_name="w-9 text-end font-semibold tabular-nums"),
                    class_name="flex items-center gap-3",
                ),
                class_name="grid grid-cols-[8rem_minmax(0,1fr)] items-center gap-3 text-sm",
            ),
        ),
        class_name="grid gap-2",
    )


def reasons(shown: Any) -> rx.Component:
    """Why it is suggested, in sentences."""
    return rx.el.ul(
        rx.foreach(
            shown.reasons,
            lambda reason: rx.el.li(
                icon("check", size="sm", class_name="mt-0.5 text-accent"),
                rx.el.span(reason),
                class_name="flex gap-2",
            ),
        ),
        aria_label=text("Why we suggest it"),
        class_name="grid gap-1.5 text-sm text-ink-soft",
    )
