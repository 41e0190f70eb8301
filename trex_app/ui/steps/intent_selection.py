"""Where a visitor begins: to buy, or to sell."""

import reflex as rx

from trex_app.ui.state.language import msgid
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.illustrated_choice import Picture, illustrated_choice
from trex_app.ui.steps.registry import step

INTENTS = {
    "buying": Picture(
        vehicles=("suv",),
        icon="search",
        sentence=msgid("Search real vehicles near you, or let us suggest some."),
    ),
    "selling": Picture(
        vehicles=("hatchback",),
        icon="tag",
        sentence=msgid("To a buyer you have, to a dealer, or to the best offer nearby."),
    ),
}


@step("IntentSelection")
def intent_selection(scene: Scene) -> rx.Component:
    """Two cards to choose from."""
    asked = scene.field("intent")
    return step_frame(
        scene, illustrated_choice(asked, scene.error("intent"), INTENTS, is_label_hidden=True)
    )
