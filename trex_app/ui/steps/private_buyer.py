"""The private buyer, and the price that was agreed."""

import reflex as rx

from trex_app.ui.kit.icons import icon
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.asked import asked, pair
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.registry import step


@step("PrivateBuyer")
def private_buyer(scene: Scene) -> rx.Component:
    """Name and e-mail of the buyer, the price, and what the address is for."""
    return step_frame(
        scene,
        pair(asked(scene, "buyer_name"), asked(scene, "buyer_email", "email")),
        pair(asked(scene, "agreed_price", "money")),
        rx.el.p(
            icon("shield", size="sm", class_name="mt-0.5 text-accent"),
            rx.el.span(text("We keep these details for this sale only.")),
            class_name="flex gap-2.5 text-sm text-ink-soft",
        ),
    )
