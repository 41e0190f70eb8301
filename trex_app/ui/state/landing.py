"""What the landing page knows beyond its own texts: journeys added to the shipped ones."""

from dataclasses import dataclass

import reflex as rx
import structlog

from trex_app.container import get_container
from trex_app.core.errors import TrexError
from trex_app.core.texts import translate
from trex_app.core.values import format_number
from trex_app.display.addresses import locale_of, path_in
from trex_app.services.capabilities import Capabilities
from trex_app.ui.state.first_views import shipped_workflows

log = structlog.get_logger(__name__)


@dataclass
class JourneyView:
    """A journey by its title and the address that leads into it."""

    href: str = ""
    title: str = ""


async def _stock(capabilities: Capabilities, locale: str) -> str:
    try:
        count = await capabilities.lookups["vehicles.count"].find({})
    except TrexError as error:
        log.info("stock_not_counted", code=error.code)
        return ""
    total = format_number(count["total"], locale)
    return translate("{total} vehicles to choose from", locale).format(total=total)


class LandingState(rx.State):
    """What the landing page binds to."""

    others: rx.Field[list[JourneyView]] = rx.field(default_factory=list)
    stock: str = ""
    """How many vehicles there are to choose from; empty where that cannot be said now."""

    @rx.event
    async def look(self) -> None:
        """See what there is: vehicles, and journeys besides the shipped ones."""
        locale, container = locale_of(self.router.url.path), get_container()
        self.stock = await _stock(container.capabilities, locale)
        found = await container.journeys.offered()
        self.others = [
            JourneyView(path_in(locale, f"/j/{one['id']}"), translate(one["title"], locale))
            for one in found
            if one["id"] not in shipped_workflows()
        ]
