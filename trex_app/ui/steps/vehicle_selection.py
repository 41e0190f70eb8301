"""One vehicle in full, before a person says that it is the one."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.disclosure import Tab, tabs
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import heading
from trex_app.ui.kit.media import picture
from trex_app.ui.kit.surfaces import card
from trex_app.ui.kit.vehicle_views import front_view, seats_view
from trex_app.ui.kit.vehicles import paint_of, vehicle
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.asked import asked
from trex_app.ui.steps.frame import step_form, step_root
from trex_app.ui.steps.registry import step
from trex_app.ui.steps.vehicle_cards import key_facts, price_and_way


@step("VehicleSelection")
def vehicle_selection(scene: Scene) -> rx.Component:
    """Pictures and facts, beside the price and the form."""
    shown = scene.view.vehicle
    return step_root(
        scene,
        rx.el.div(
            gallery(shown),
            decision(scene, shown),
            everything(shown),
            data_wide="",
            class_name=(
                "grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]"
                " lg:grid-rows-[auto_1fr] lg:gap-x-10"
            ),
        ),
    )


def gallery(shown: Any) -> rx.Component:
    """The vehicle from several sides in its own colour, or the dealer's picture of it."""
    paint = paint_of(shown.colour)
    side = vehicle(shown.body_type, class_name=["h-auto! w-full max-w-lg px-6", paint])
    return tabs(
        [
            Tab("view-side", text("Side"), slide(picture(shown.image_url, "", art=side))),
            Tab(
                "view-front",
                text("Front"),
                slide(framed(front_view(shown.body_type, class_name=paint))),
            ),
            Tab(
                "view-seats",
                text("Seats"),
                slide(framed(seats_view(shown.seats, class_name=paint))),
            ),
        ],
        text("Views of the vehicle"),
    )


def slide(content: rx.Component) -> rx.Component:
    """One view, in the frame that all of them share."""
    return rx.el.div(content, class_name="overflow-hidden rounded-lg border border-line")


def framed(drawing: rx.Component) -> rx.Component:
    """A drawing in the middle of its view."""
    return rx.el.div(
        drawing,
        class_name=(
            "grid aspect-video place-items-center bg-linear-to-b from-sunken to-canvas p-6"
            " text-ink-soft"
        ),
    )


def everything(shown: Any) -> rx.Component:
    """Every fact the dealer gave, and what the vehicle has on board."""
    return rx.el.div(
        card(
            heading(text("Key facts"), looks_like="3"),
            rx.el.dl(
                rx.foreach(shown.facts, fact),
                class_name="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-[repeat(3,auto)]",
            ),
            class_name="grid gap-5",
        ),
        rx.cond(
            shown.features.length() > 0,
            card(
                heading(text("Equipment"), looks_like="3"),
                rx.el.ul(
                    rx.foreach(shown.features, feature),
                    class_name="grid gap-x-6 gap-y-2 sm:grid-cols-2",
                ),
                class_name="grid gap-4",
            ),
        ),
        class_name="grid min-w-0 gap-6",
    )


def fact(told: Any) -> rx.Component:
    """One fact under its name."""
    return rx.el.div(
        rx.el.dt(told.label, class_name="text-sm text-ink-soft"),
        rx.el.dd(told.value, class_name="[overflow-wrap:anywhere]"),
        # A VIN is wider than half a phone, and has no place where it may be broken.
        class_name=rx.cond(told.name == "vin", "col-span-2 min-w-0 sm:col-span-1", "min-w-0"),
    )


def feature(name: Any) -> rx.Component:
    """One thing on board."""
    return rx.el.li(
        icon("check", size="sm", class_name="mt-1 text-accent"), name, class_name="flex gap-2"
    )


def offer(shown: Any) -> rx.Component:
    """What it is, what it costs, and who sells it."""
    return rx.el.div(
        rx.el.div(
            rx.el.h2(shown.title, class_name="text-2xl font-semibold tracking-[-0.02em]"),
            rx.el.p(shown.edition, class_name="text-ink-soft"),
        ),
        price_and_way(shown),
        key_facts(shown),
        rx.el.div(
            icon("map-pin", class_name="mt-0.5 text-accent"),
            rx.el.p(
                rx.el.span(text("Sold by"), class_name="block text-sm text-ink-soft"),
                shown.dealer,
            ),
            class_name="flex gap-3 border-t border-line pt-4",
        ),
        class_name="grid gap-4",
    )


def wishes(scene: Scene) -> rx.Component:
    """The interest itself, and what goes along with it."""
    return rx.el.div(
        rx.el.div(
            asked(scene, "confirmed", "checkbox"),
            asked(scene, "wants_test_drive", "checkbox"),
            asked(scene, "trade_in", "checkbox"),
            class_name="grid gap-1",
        ),
        asked(scene, "message", "textarea"),
        class_name="grid gap-5 border-t border-line pt-5",
    )


def decision(scene: Scene, shown: Any) -> rx.Component:
    """The offer with the form under it: beside the pictures where there is room."""
    return card(
        offer(shown),
        step_form(scene, wishes(scene)),
        class_name="grid min-w-0 content-start gap-5 lg:sticky lg:top-6 lg:row-span-2",
    )
