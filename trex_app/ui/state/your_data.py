"""What is held of a person, as the page behind the link in their message shows it."""

from dataclasses import dataclass, field

import orjson
import reflex as rx
import structlog
from reflex.event import EventSpec

from trex_app.container import get_container
from trex_app.core.errors import Forbidden, Unavailable
from trex_app.display.addresses import locale_of
from trex_app.services.privacy import Who

log = structlog.get_logger(__name__)

FILE_NAME = "your-data.json"


@dataclass
class HeldLine:
    """One thing that is held."""

    label: str
    value: str


@dataclass
class HeldSection:
    """Things that belong together."""

    title: str
    lines: list[HeldLine] = field(default_factory=list)


class YourDataState(rx.State):
    """What the page binds to. `page` is "", "shown", "refused", "erased" or "away"."""

    page: str = ""
    sections: rx.Field[list[HeldSection]] = rx.field(default_factory=list)
    _token: str = ""

    @rx.event
    async def look(self) -> EventSpec | None:
        """Show what is behind the link; its secret leaves the address at once."""
        url = self.router.url
        if url.fragment:
            self._token = url.fragment
        elif self.page == "erased":
            return None
        await self._find(locale_of(url.path))
        return rx.redirect(url.path, replace=True) if url.fragment else None

    @rx.event
    async def download(self) -> EventSpec | None:
        """Hand over everything, as a file."""
        try:
            held = await get_container().privacy.export(Who(link=self._token))
        except Forbidden:
            self.page = "refused"
            return None
        text = orjson.dumps(held, option=orjson.OPT_INDENT_2, default=str)
        return rx.download(data=text.decode(), filename=FILE_NAME)

    @rx.event
    async def erase(self) -> None:
        """Erase everything; there is no way back."""
        if self.page == "erased":
            return  # pressed twice
        try:
            await get_container().privacy.erase(Who(link=self._token))
        except Forbidden:
            self.page = "refused"
            return
        self.page, self.sections, self._token = "erased", [], ""

    async def _find(self, locale: str) -> None:
        overview = get_container().personal_overview
        try:
            found = await overview.behind_link(self._token, locale)
        except Forbidden:
            self.page, self.sections = "refused", []
            return
        except Unavailable as error:
            log.info("overview_refused", code=error.code)
            self.page, self.sections = "away", []
            return
        self.sections = [
            HeldSection(part.title, [HeldLine(line.label, line.value) for line in part.lines])
            for part in found
        ]
        self.page = "shown"
