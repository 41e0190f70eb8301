"""A step whose answers can no longer change: what they are, why that is, and the way on."""

import reflex as rx

from trex_app.ui.kit.buttons import button
from trex_app.ui.kit.feedback import alert
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import actions, heading
from trex_app.ui.kit.surfaces import card, facts
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.frame import back_button, step_root
from trex_app.ui.steps.registry import step


@step("Sealed")
def sealed(scene: Scene) -> rx.Component:
    """The answers to read, with nothing to fill in."""
    return step_root(
        scene,
        alert(rx.el.p(scene.view.sealed_note), custom_attrs={"data-sealed": "true"}),
        rx.cond(
            scene.view.summary.length() > 0,
            card(
                heading(text("Your answers"), looks_like="3"),
                facts(scene.view.summary),
                class_name="grid gap-4",
            ),
        ),
        actions(
            rx.cond(scene.view.can_go_back, back_button(scene), rx.el.span()),
            button(
                text("Go on"),
                icon("arrow-end", size="sm"),
                size="lg",
                is_loading=scene.is_busy,
                on_click=scene.goto(scene.view.next_step),
                custom_attrs={"data-action": "go-on"},
            ),
        ),
    )
