"""The end of a sale to a dealer."""

import reflex as rx

from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.ending import ending
from trex_app.ui.steps.registry import step


@step("DealerComplete")
def dealer_complete(scene: Scene) -> rx.Component:
    """References, what happens next, and where to go on."""
    return ending(scene)
