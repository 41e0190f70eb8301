"""The page of a journey: the step that the state holds, or before that the one known at build."""

from typing import Any, Final

import reflex as rx
from reflex.vars import VarData

from trex_app.ui.kit.feedback import form_skeleton, stepper
from trex_app.ui.pages.deferred_step import deferred_step
from trex_app.ui.pages.trouble import trouble
from trex_app.ui.shell.guarded import guarded, guarded_page
from trex_app.ui.shell.journey_tools import asides, tools
from trex_app.ui.shell.standalone import standalone_page
from trex_app.ui.state.first_views import first_views
from trex_app.ui.state.journey import JourneyState
from trex_app.ui.state.language import page_locale, text
from trex_app.ui.state.scene import Scene, scene_of
from trex_app.ui.steps.registry import registered_steps

# The router's own parameter: known in the prerendered HTML, before any state has arrived.
NAMES_NO_STEP: Final = rx.Var(
    "(!routeParams.step)",
    _var_type=bool,
    _var_data=VarData(
        imports={"react-router": "useParams"}, hooks={"const routeParams = useParams()": None}
    ),
)
BETWEEN: Final = " · "
"""Between the parts of a tab's title."""

# A step that needs the room says so itself, by `data-wide` on any of its elements.
NARROW: Final = "mx-auto w-full max-w-[38rem] has-[[data-wide]]:max-w-none"


def is_drawn(workflow_id: str | None) -> Any:
    """Whether there is a step to draw in the page's language, from the state or from the build."""
    is_in_state = JourneyState.view.locale == page_locale()
    return is_in_state | NAMES_NO_STEP if workflow_id in first_views() else is_in_state


def journey_page(workflow_id: str | None = None) -> rx.Component:
    """Draw a journey; the first step of a shipped one is there before any state has arrived."""
    return standalone_page(
        journey_content(workflow_id),
        tools=tools(),
        is_busy=JourneyState.is_busy,
        width="wide",
    )


def journey_content(workflow_id: str | None) -> rx.Component:
    """What a page of a journey is about: the step, what stands in for it, or why there is none."""
    scene = scene_of(workflow_id)
    return rx.cond(
        JourneyState.trouble,
        trouble(),
        rx.cond(
            is_drawn(workflow_id),
            rx.el.div(
                guarded(asides()),
                progress(scene),
                guarded_page(stage(workflow_id)),
                class_name=["grid gap-8", rx.cond(scene.view.is_wide, "", NARROW)],
            ),
            rx.el.div(form_skeleton(text("The step is loading")), class_name=NARROW),
        ),
    )


def tab_title(ending: str, workflow_id: str | None = None) -> rx.Var[str]:
    """What the browser's tab says: the step on display, its journey, and what is given after."""
    view = scene_of(workflow_id).view
    is_step = (JourneyState.trouble == "") & is_drawn(workflow_id) & (view.title != "")
    step = rx.cond(is_step, view.title + BETWEEN, "").to(str)
    if workflow_id is not None:
        return step + ending
    own = rx.cond(JourneyState.journey_title, JourneyState.journey_title + BETWEEN, "").to(str)
    return step + own + ending


def progress(scene: Scene) -> rx.Component:
    """How far along: honest about what is not known yet."""
    view = scene.view
    here = (view.steps_done + 1).to_string()
    label = (
        text("Step") + " " + here + " " + text("of about") + " " + view.steps_expected.to_string()
    )
    return rx.cond(
        view.is_end,
        rx.fragment(),
        stepper(view.steps_done, view.steps_expected, label),
    )


def stage(workflow_id: str | None) -> rx.Component:
    """The step drawn by the file of its component, or by the form where there is none.

    Only the first step can be on display before the state holds one: the others are drawn from
    the state alone, and are fetched on the way to them.
    """
    scene = scene_of(workflow_id)
    first = first_views().get(workflow_id or "")
    drawn_by = registered_steps()
    component = scene.view.component
    if first is None:
        return rx.fragment(deferred_step(component, drawn_by))
    opening = drawn_by.get(first.component, drawn_by["Form"])
    later = deferred_step(component, drawn_by)
    return rx.fragment(rx.cond(component == first.component, opening(scene), later))
