"""The step before the vehicle is offered to the dealers chosen."""

import reflex as rx

from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.confirmation import confirmation
from trex_app.ui.steps.registry import step


@step("DealerConfirmation")
def dealer_confirmation(scene: Scene) -> rx.Component:
    """The answers, and whom the dealers are to answer."""
    return confirmation(scene)
