"""A resume link that somebody has opened: looking at it does not use it up."""

import reflex as rx

from trex_app.container import get_container


class ResumeState(rx.State):
    """What the resume page binds to."""

    is_known: bool = False
    """Whether the link has been looked at."""
    is_usable: bool = False

    @rx.event
    async def look(self) -> None:
        """See whether the link of the address would still work."""
        self.is_known = False
        token = self.router.url.path.rpartition("/")[2]
        self.is_usable = await get_container().journeys.can_resume(token)
        self.is_known = True
