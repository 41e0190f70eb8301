"""Every page: its address, what draws it, its title, and what happens as it is opened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from trex_app.core.texts import DEFAULT_LOCALE
from trex_app.display.addresses import EMBEDDED_PREFIX
from trex_app.ui.pages.framed_journey import framed_journey_page
from trex_app.ui.pages.journey import journey_page
from trex_app.ui.pages.landing import landing_page
from trex_app.ui.pages.lead_status import lead_status_page
from trex_app.ui.pages.legal import imprint_page, privacy_page
from trex_app.ui.pages.not_found import not_found_page
from trex_app.ui.pages.resume import resume_page
from trex_app.ui.pages.your_data import your_data_page
from trex_app.ui.state.first_views import shipped_workflows
from trex_app.ui.state.journey import JourneyState
from trex_app.ui.state.landing import LandingState
from trex_app.ui.state.lead_status import LeadStatusState
from trex_app.ui.state.resume import ResumeState
from trex_app.ui.state.your_data import YourDataState

RESUME_TITLE = "Go on with your journey"
NOT_FOUND_TITLE = "Page not found"
STATUS_TITLE = "Where your request stands"
YOUR_DATA_TITLE = "Your data"
PRIVACY_TITLE = "Privacy"
IMPRINT_TITLE = "Imprint"


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `given` is what `draw` is called with: the workflow of a prerendered journey."""

    path: str
    draw: Callable[..., rx.Component]
    title: str = ""
    on_load: Any = None
    given: tuple[str, ...] = ()

    @property
    def shows_journey(self) -> bool:
        """Whether its title in the browser's tab follows the step."""
        return self.on_load is JourneyState.open


def every_page(locale: str) -> Iterator[Page]:
    """The pages of one language; addresses are those of the default language."""
    yield Page("/", landing_page, on_load=LandingState.look)
    yield from _journeys("/j", journey_page)
    yield from _journeys(EMBEDDED_PREFIX, framed_journey_page)
    yield Page("/resume/[resume_token]", resume_page, RESUME_TITLE, ResumeState.look)
    yield Page("/status/[reference]", lead_status_page, STATUS_TITLE, LeadStatusState.look)
    yield Page("/your-data", your_data_page, YOUR_DATA_TITLE, YourDataState.look)
    yield Page("/privacy", privacy_page, PRIVACY_TITLE)
    yield Page("/imprint", imprint_page, IMPRINT_TITLE)
    # The default language's answers every address that no other page has.
    nowhere = "404" if locale == DEFAULT_LOCALE else "/[[...splat]]"
    yield Page(nowhere, not_found_page, NOT_FOUND_TITLE)


def _journeys(prefix: str, draw: Callable[..., rx.Component]) -> Iterator[Page]:
    for workflow_id, workflow in shipped_workflows().items():
        # Known at build time, so that its first screen is in the HTML.
        path = f"{prefix}/{workflow_id}/[[step]]"
        yield Page(path, draw, workflow.title, JourneyState.open, (workflow_id,))
    yield Page(f"{prefix}/[journey]/[[step]]", draw, on_load=JourneyState.open)
