"""Where a lead stands, as the status page shows it."""

from dataclasses import dataclass

import reflex as rx
import structlog
from reflex.event import EventSpec

from trex_app.container import get_container
from trex_app.core.errors import Forbidden, Unauthenticated, Unavailable
from trex_app.display.addresses import locale_of
from trex_app.services.lead_status import LeadStatusView
from trex_app.services.personal_overview import spoken_time
from trex_app.ui.state.visitor import caller_of

log = structlog.get_logger(__name__)


@dataclass
class MomentView:
    """One line of the timeline."""

    title: str
    state: str
    at: str


class LeadStatusState(rx.State):
    """What the status page binds to. `standing` is empty where nothing may be shown."""

    is_known: bool = False
    is_away: bool = False
    """Whether nothing could be looked up just now."""
    reference: str = ""
    standing: str = ""
    headline: str = ""
    meaning: str = ""
    moments: rx.Field[list[MomentView]] = rx.field(default_factory=list)
    _tokens: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """What the links of messages brought along, by reference."""

    @rx.event
    async def look(self) -> EventSpec | None:
        """Show the lead of the address to its person; what a link brought leaves the address."""
        url = self.router.url
        reference = url.path.rstrip("/").rpartition("/")[2].upper()[:40]
        self.standing, self.moments = "", []
        if url.fragment:
            self._tokens[reference] = url.fragment
        try:
            view = await self._found(reference, locale_of(url.path))
        except Unavailable as error:
            log.info("status_refused", code=error.code)
            self.is_away = True
        else:
            self.is_away = False
            if view is not None:
                self._show(view, locale_of(url.path))
        self.reference, self.is_known = reference, True
        return rx.redirect(url.path, replace=True) if url.fragment else None

    async def _found(self, reference: str, locale: str) -> LeadStatusView | None:
        statuses = get_container().lead_statuses
        try:
            return await statuses.for_caller(caller_of(self.router), reference, locale)
        except (Unauthenticated, Forbidden):
            pass
        try:
            return await statuses.by_link(reference, self._tokens.get(reference, ""), locale)
        except Forbidden:
            return None

    def _show(self, view: LeadStatusView, locale: str) -> None:
        self.standing, self.headline, self.meaning = view.status, view.headline, view.meaning
        self.moments = [
            MomentView(moment.title, moment.state, spoken_time(moment.at, locale))
            if moment.at
            else MomentView(moment.title, moment.state, "")
            for moment in view.timeline
        ]
