"""The step before something is sent: every answer with the way to change it, and the contact."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from trex_app.ui.kit.buttons import button
from trex_app.ui.kit.layout import heading
from trex_app.ui.kit.surfaces import card
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.contact import contact_section
from trex_app.ui.steps.frame import step_form, step_root


def confirmation(
    scene: Scene, *shown: Any, ask: Callable[[Scene], rx.Component] = contact_section
) -> rx.Component:
    """What was answered beside what is still asked. `shown` stands above the answers."""
    answered = rx.el.div(
        *shown,
        summary(scene),
        class_name="grid min-w-0 content-start gap-4 lg:sticky lg:top-6",
    )
    return step_root(
        scene,
        rx.el.div(
            answered,
            rx.el.div(step_form(scene, ask(scene)), class_name="grid min-w-0 content-start gap-7"),
            data_wide="",
            class_name=(
                "grid items-start gap-10 lg:grid-cols-[minmax(0,27rem)_minmax(0,1fr)] lg:gap-14"
            ),
        ),
    )


def summary(scene: Scene) -> rx.Component:
    """Every answer so far, each with the way back to its step."""
    lines = scene.view.summary
    return card(
        heading(text("Your answers"), looks_like="3"),
        rx.el.dl(
            rx.foreach(lines, lambda line, place: summary_line(scene, line, place)),
            class_name="grid",
        ),
        class_name="grid gap-2",
    )


def summary_line(scene: Scene, line: Any, place: Any) -> rx.Component:
    """One answer; a line across tells the answers of one step from those of the next."""
    is_first_of_step = (place > 0) & (scene.view.summary[place - 1].step != line.step)
    return rx.el.div(
        rx.el.dt(line.label, class_name="text-sm text-ink-soft"),
        rx.el.dd(line.value, class_name="min-w-0 [overflow-wrap:anywhere]"),
        rx.el.dd(
            button(
                text("Change"),
                rx.el.span(line.label, class_name="sr-only"),
                variant="ghost",
                size="sm",
                on_click=scene.goto(line.step),
                custom_attrs={"data-goto": line.step},
                class_name="!text-accent",
            ),
            class_name="-me-3 row-span-2 row-start-1 col-start-2 self-center",
        ),
        class_name=[
            "grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 py-1.5",
            rx.cond(is_first_of_step, "mt-2 border-t border-line pt-3.5", ""),
        ],
    )
