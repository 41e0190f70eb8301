"""The end of buying: the request is with the dealer."""

import reflex as rx

from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.ending import ending
from trex_app.ui.steps.registry import step


@step("BuyingComplete")
def buying_complete(scene: Scene) -> rx.Component:
    """What was sent and what happens next."""
    return ending(scene)
