"""The dealer who buys: the firm, its offer, and whom it is to answer."""

import reflex as rx

from trex_app.ui.kit.layout import heading
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.asked import asked, pair
from trex_app.ui.steps.confirmation import confirmation
from trex_app.ui.steps.contact import contact_section
from trex_app.ui.steps.registry import step


@step("DealerInformation")
def dealer_information(scene: Scene) -> rx.Component:
    """The answers so far beside the dealer and the contact: from here it is sent."""
    return confirmation(scene, ask=dealer_and_contact)


def dealer_and_contact(scene: Scene) -> rx.Component:
    """The dealer first, then the person."""
    return contact_section(
        scene,
        rx.el.div(
            heading(text("The dealer"), looks_like="3"),
            pair(asked(scene, "dealer_name"), asked(scene, "dealer_email", "email")),
            pair(asked(scene, "offer", "money")),
            class_name="grid gap-6",
        ),
    )
