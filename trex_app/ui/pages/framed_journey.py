"""The page of a journey inside somebody else's page."""

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from trex_app.ui.pages.journey import journey_content
from trex_app.ui.shell.embedded import embedded_page
from trex_app.ui.shell.journey_tools import tools
from trex_app.ui.state.journey import JourneyState
from trex_app.ui.state.notice import NoticeState


def framed_journey_page(workflow_id: str | None = None) -> rx.Component:
    """Draw a journey without a site around it."""
    return embedded_page(
        journey_content(workflow_id), tools=tools(), is_busy=JourneyState.is_busy, facts=facts()
    )


def facts() -> dict[str, Any]:
    """Where the journey stands, for the page around it.

    What was answered is there at the end only, and only where the tenant's record allows it.

    Until the state holds a step, the step's id is empty.
    """
    view: Any = JourneyState.view
    reference = rx.cond(view.references.length() > 0, view.references[0].reference, "")
    return {
        "data-trex-step": view.step_id,
        "data-trex-rev": view.revision.to_string(),
        "data-trex-journey": JourneyState.journey_title,
        "data-trex-title": view.title,
        "data-trex-status": rx.cond(view.is_completed, "completed", "active"),
        "data-trex-done": view.steps_done.to_string(),
        "data-trex-expected": view.steps_expected.to_string(),
        "data-trex-reference": reference,
        "data-trex-answers": JourneyState.shared_answers,
        "data-trex-trouble": JourneyState.trouble,
        "data-trex-offline": rx.cond(
            has_connection_errors | NoticeState.is_waiting, "true", "false"
        ),
    }
