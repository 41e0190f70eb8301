"""Draws any step from its fields alone: for every component that has no file of its own."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.layout import heading
from trex_app.ui.kit.surfaces import card, facts
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.confirmation import summary
from trex_app.ui.steps.controls import control
from trex_app.ui.steps.ending import ending
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.registry import step


@step("Form")
def form_step(scene: Scene) -> rx.Component:
    """A step from its fields, or the end of a journey."""
    return rx.cond(scene.view.is_end, ending(scene, shown_things(scene)), question(scene))


def question(scene: Scene) -> rx.Component:
    """A step that asks: what it shows, then its fields one under the other."""
    return step_frame(
        scene,
        rx.el.div(
            rx.foreach(scene.fields, lambda field: control(field, scene.error(field.name))),
            class_name=[
                "grid gap-x-5 gap-y-6 sm:grid-cols-2",
                # The step's title has asked already; the legend stays for those who hear it.
                rx.cond(scene.view.asks_one_thing, "[&_legend]:sr-only", ""),
            ],
        ),
        before_form=shown_things(scene),
    )


def shown_things(scene: Scene) -> rx.Component:
    """What the step shows without asking it."""
    return rx.fragment(
        rx.foreach(scene.view.panels, panel),
        rx.cond(scene.view.summary.length() > 0, summary(scene)),
        rx.cond(
            scene.view.note,
            rx.el.p(scene.view.note, class_name="text-ink-soft", role="status"),
        ),
    )


def panel(thing: Any) -> rx.Component:
    """One thing and what is known of it."""
    return card(heading(thing.title, looks_like="3"), facts(thing.facts))
