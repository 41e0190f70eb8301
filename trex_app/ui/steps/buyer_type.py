"""Who buys: a private person or a dealer."""

import reflex as rx

from trex_app.ui.state.language import msgid
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.choice_cards import CardFace, choice_cards
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.registry import step

FACES = {
    "private": CardFace(
        "user", msgid("You agree on the price yourselves; financing can be asked for on the way.")
    ),
    "dealer": CardFace(
        "home",
        msgid("We record your vehicle and your contact details for the dealer. That is all."),
    ),
}


@step("BuyerType")
def buyer_type(scene: Scene) -> rx.Component:
    """Two cards."""
    return step_frame(scene, choice_cards(scene, "buyer_type", FACES))
