"""The end of a sale to a private buyer, or of the search for offers."""

import reflex as rx

from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.ending import ending
from trex_app.ui.steps.registry import step


@step("SellingComplete")
def selling_complete(scene: Scene) -> rx.Component:
    """References, what happens next, and where to go on."""
    return ending(scene)
