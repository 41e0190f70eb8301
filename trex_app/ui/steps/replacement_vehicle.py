"""Whether the person needs another vehicle: the way into the buying journey, or to the end."""

import reflex as rx

from trex_app.ui.state.language import msgid
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.choice_cards import CardFace, choice_cards
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.registry import step

FACES = {
    "true": CardFace(
        "search", msgid("We keep your contact details; you only tell us what you are looking for.")
    ),
    "false": CardFace("check", msgid("Straight to your reference and what happens next.")),
}


@step("ReplacementVehicle")
def replacement_vehicle(scene: Scene) -> rx.Component:
    """Two cards."""
    return step_frame(scene, choice_cards(scene, "wants_replacement", FACES))
