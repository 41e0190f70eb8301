"""The last look before a request goes to the dealer: what it says, and who it is from."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.surfaces import card
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.confirmation import confirmation
from trex_app.ui.steps.registry import step
from trex_app.ui.steps.vehicle_cards import dealer_line, key_facts, vehicle_picture


@step("BuyingConfirmation")
def buying_confirmation(scene: Scene) -> rx.Component:
    """The vehicle and the answers, beside the form that sends them."""
    shown = scene.view.vehicle
    return confirmation(scene, rx.cond(shown.vehicle_id, chosen_vehicle(shown)))


def chosen_vehicle(shown: Any) -> rx.Component:
    """The vehicle that the request is about."""
    return card(
        vehicle_picture(shown, class_name="max-sm:aspect-[5/2] sm:max-lg:aspect-[4/1]"),
        rx.el.div(
            rx.el.div(
                rx.el.h2(shown.title, class_name="text-lg leading-snug font-semibold"),
                rx.el.p(shown.edition, class_name="text-sm text-ink-soft"),
            ),
            rx.el.p(shown.price, class_name="text-xl font-bold tabular-nums"),
            key_facts(shown),
            dealer_line(shown),
            class_name="grid gap-3 p-5",
        ),
        padding="none",
        class_name="overflow-hidden",
    )
