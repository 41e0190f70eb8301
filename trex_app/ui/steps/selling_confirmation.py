"""The step before a private sale is sent: the answers, the credit decision, the contact."""

import reflex as rx

from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.confirmation import confirmation
from trex_app.ui.steps.credit import credit_decision
from trex_app.ui.steps.registry import step


@step("SellingConfirmation")
def selling_confirmation(scene: Scene) -> rx.Component:
    """What was answered, with the credit decision where one was asked for."""
    return confirmation(scene, credit_decision(scene))
