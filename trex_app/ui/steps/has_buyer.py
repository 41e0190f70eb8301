"""Whether the person has a buyer already: the fork between an own sale and offers of dealers."""

import reflex as rx

from trex_app.ui.state.language import msgid
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.choice_cards import CardFace, choice_cards
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.registry import step

FACES = {
    "true": CardFace(
        "users",
        msgid("A person or a dealer you know. You tell us who it is, and we record the sale."),
    ),
    "false": CardFace(
        "map-pin", msgid("You choose up to five dealers near you. No offer of theirs binds you.")
    ),
}


@step("HasBuyer")
def has_buyer(scene: Scene) -> rx.Component:
    """Two cards."""
    return step_frame(scene, choice_cards(scene, "has_buyer", FACES))
