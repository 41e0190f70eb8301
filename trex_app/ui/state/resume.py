"""A resume link that somebody has opened: looking at it does not use it up."""

import reflex as rx
import structlog

from trex_app.container import get_container
from trex_app.core.errors import Unavailable
from trex_app.ui.state.journey import JourneyState

log = structlog.get_logger(__name__)


class ResumeState(rx.State):
    """What the resume page binds to. `link` is "", "usable", "used_up" or "away"."""

    link: str = ""

    @rx.event
    async def look(self) -> None:
        """See whether the link of the address would still work."""
        self.link = ""
        # What went wrong in this tab before says nothing about the link.
        (await self.get_state(JourneyState)).trouble = ""
        token = self.router.url.path.rpartition("/")[2]
        try:
            is_usable = await get_container().journeys.can_resume(token)
        except Unavailable as error:
            log.info("link_refused", code=error.code)
            self.link = "away"
        else:
            self.link = "usable" if is_usable else "used_up"
