"""Whether a person knows what they are looking for."""

import reflex as rx

from trex_app.ui.state.language import msgid
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.illustrated_choice import Picture, illustrated_choice
from trex_app.ui.steps.registry import step

WAYS = {
    "true": Picture(
        vehicles=("sedan",),
        icon="search",
        sentence=msgid("You search by make, price, body and fuel, and see at once what there is."),
    ),
    "false": Picture(
        vehicles=("suv", "convertible"),
        icon="sparkle",
        sentence=msgid("You tell us how you drive; we suggest vehicles and say why."),
    ),
}


@step("VehicleKnowledge")
def vehicle_knowledge(scene: Scene) -> rx.Component:
    """Two ways to a vehicle."""
    asked = scene.field("knows_vehicle")
    return step_frame(
        scene, illustrated_choice(asked, scene.error("knows_vehicle"), WAYS, is_label_hidden=True)
    )
