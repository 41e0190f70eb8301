"""The vehicles a search found, as cards to choose one from."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.choices import select
from trex_app.ui.kit.feedback import alert, empty_state
from trex_app.ui.kit.surfaces import badge
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.comparison import comparison_bar, comparison_dialog
from trex_app.ui.steps.frame import back_button, step_form, step_links, step_root
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

SORT_ID = "sort"


@step("SearchResults")
def search_results(scene: Scene) -> rx.Component:
    """Cards under what was asked for, with other orders and pages; or the way back to a search."""
    return step_root(
        scene,
        rx.el.div(
            rx.foreach(scene.listing.notes, lambda note: alert(rx.el.p(note), variant="warning")),
            toolbar(scene),
            class_name="grid gap-5",
            data_wide="",
        ),
        rx.cond(scene.listing.is_empty, nothing(scene), choice(scene)),
        comparison_dialog(scene),
    )


def toolbar(scene: Scene) -> rx.Component:
    """How many there are, what was asked for, and in which order they come."""
    listing = scene.listing
    return rx.el.div(
        rx.el.div(
            listing_headline(scene),
            rx.el.div(
                rx.el.ul(
                    rx.foreach(listing.criteria, lambda wish: rx.el.li(badge(wish))),
                    aria_label=text("What you asked for"),
                    class_name="flex flex-wrap gap-1.5 empty:hidden",
                ),
                step_links(scene),
                class_name="flex flex-wrap items-center gap-x-4 gap-y-2",
            ),
            class_name="grid min-w-0 gap-2",
        ),
        rx.cond(listing.sorts.length() > 0, sorting(scene)),
        class_name="flex flex-wrap items-end justify-between gap-x-6 gap-y-4",
    )


def sorting(scene: Scene) -> rx.Component:
    """The order of the cards; it takes effect at once and is no answer of the form."""
    return rx.el.div(
        rx.el.label(text("Sort by"), html_for=SORT_ID, class_name="text-sm font-semibold"),
        select(
            scene.listing.sorts,
            id=SORT_ID,
            value=scene.listing.sort,
            on_change=scene.sort_by,
            frame="w-56 max-w-full",
        ),
        class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
    )


def choice(scene: Scene) -> rx.Component:
    """The cards, the pages, and the way on."""
    return step_form(
        scene,
        vehicle_choice(scene, lambda shown, mark: result_card(scene, shown, mark), columns="3"),
        listing_pages(scene),
        comparison_bar(scene),
        stays_in_sight=True,
        has_links=False,
    )


def result_card(scene: Scene, shown: Any, mark: rx.Component) -> rx.Component:
    """One vehicle: what it looks like, what it is and costs, and where it stands."""
    return rx.el.article(
        mark,
        rx.el.div(
            vehicle_picture(shown),
            card_badge(shown, class_name="absolute inset-s-4 bottom-3"),
            class_name="relative",
        ),
        rx.el.div(
            card_title(shown),
            key_facts(shown),
            price_and_way(shown),
            dealer_line(shown),
            compare_button(scene, shown),
            class_name="grid grid-rows-[auto_1fr_auto_auto_auto] gap-3 p-4 pb-2 sm:p-5 sm:pb-3",
        ),
        key=shown.vehicle_id,
        class_name=[CARD, "grid-rows-[auto_1fr]"],
    )


def nothing(scene: Scene) -> rx.Component:
    """Neither a hit nor anything near it: what to do now."""
    return rx.el.div(
        empty_state(
            text("There is nothing like it in stock"),
            text("Ask for less, or for something else, and see at once how many there are."),
        ),
        back_button(scene),
        class_name="grid justify-items-start gap-6 *:first:w-full",
    )
