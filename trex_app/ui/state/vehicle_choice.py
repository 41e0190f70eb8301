"""What a person does on the way to a vehicle before answering: counting, paging, comparing."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

import reflex as rx
import structlog

from trex_app.core.clock import utc_now
from trex_app.core.errors import TrexError
from trex_app.display.forms import Asked, answers_of
from trex_app.display.listings import listing_of, page_of_ranking
from trex_app.display.views import ListingView, VehicleView
from trex_app.services.freshness import saved_note
from trex_app.ui.state.comparison import MOST_COMPARED, ComparisonView, comparison_of
from trex_app.ui.state.journey import JourneyState
from trex_app.ui.state.previews import ASKED, PreviewView, preview_of

log = structlog.get_logger(__name__)

Json = Any
LISTING_ID: Final = "listing"
COMPARISON_ID: Final = "comparison"
COMPARISON_TITLE_ID: Final = f"{COMPARISON_ID}-title"


class FormEntries:
    """What a form holds so far, as the browser lists it: name and value, in the page's order."""

    def __init__(self, entries: list[list[str]]) -> None:
        self._entries = entries

    def getlist(self, key: str) -> list[str]:
        """Every value of a name."""
        return [value for name, value in self._entries if name == key]


class VehicleChoice(JourneyState):
    """What the screens that lead to a vehicle bind to, beside the journey itself."""

    preview: PreviewView = PreviewView()
    """What the search form would find as it is filled in now."""
    paged: ListingView = ListingView()
    """Another page or order of a listing; counts while its key is that of the step's listing."""
    compared: rx.Field[list[str]] = rx.field(default_factory=list)
    """The vehicles put side by side, by id."""
    comparison: ComparisonView = ComparisonView()
    _compared_vehicles: rx.Field[list[VehicleView]] = rx.field(default_factory=list)

    @rx.event
    async def count_kept(self) -> None:
        """Count what the answers find that the step opens with."""
        await self._count(self.view.answers)

    @rx.event
    async def count_form(self, entries: list[list[str]]) -> None:
        """Count what the form finds as it stands."""
        asked = [Asked.of(field) for field in self.view.fields]
        await self._count(answers_of(asked, FormEntries(entries), self._locale()))

    @rx.event
    async def turn_page(self, page: int) -> list[rx.event.EventSpec]:
        """Show another page of the listing, from its top."""
        await self._page(page, self._listing().sort)
        return [rx.set_focus(LISTING_ID)]

    @rx.event
    async def sort_by(self, sort: str) -> None:
        """Show the listing in another order, from its first page."""
        await self._page(1, sort)

    @rx.event
    def compare(self, vehicle_id: str) -> None:
        """Put a vehicle beside the others, or take it away again."""
        kept = [vehicle for vehicle in self._compared_vehicles if vehicle.vehicle_id != vehicle_id]
        if len(kept) == len(self._compared_vehicles):
            shown = self._listing().vehicles
            kept += [vehicle for vehicle in shown if vehicle.vehicle_id == vehicle_id]
        self._compared_vehicles = kept[:MOST_COMPARED]
        self.compared = [vehicle.vehicle_id for vehicle in self._compared_vehicles]
        self.comparison = comparison_of(self._compared_vehicles, self._locale())

    @rx.event
    def take_away(self, vehicle_id: str) -> Iterator[rx.event.EventSpec | None]:
        """Take a vehicle out of the comparison, whose button had the focus."""
        self.compare(vehicle_id)
        # Without vehicles the dialog closes; as long as it is open nothing else gets the focus.
        yield None
        yield rx.set_focus(COMPARISON_TITLE_ID if self.compared else LISTING_ID)

    def _listing(self) -> ListingView:
        own = self.view.listing
        return self.paged if self.paged.key == own.key else own

    async def _count(self, draft: Mapping[str, Json]) -> None:
        if not ASKED.issubset(self._lookups):
            # Who sends the form right after typing is a step further when the pause has passed.
            return
        try:
            self.preview = await preview_of(self._ask, draft, self._locale())
        except TrexError as error:
            # A count is a convenience: the form works without it.
            log.info("preview_refused", code=error.code)
            self.preview = PreviewView()

    async def _page(self, page: int, sort: str) -> None:
        # A copy: what Reflex hands out follows every change, and is no plain value for a lookup.
        data, key = deepcopy(self.view.data), self.view.listing.key
        if data.get("sort") == "score":
            self.paged = listing_of(page_of_ranking(data, page), self._locale(), key)
            return
        given = {"criteria": data.get("criteria") or {}, "page": page, "sort": sort}
        try:
            found = await self._ask("vehicles.page", given)
        except TrexError as error:
            log.info("page_refused", code=error.code)
            self.notice = self._sentence(error)
            return
        if data.get("source") != "saved":
            # The step itself says so where the first page was saved already.
            self.notice = saved_note(found, utc_now().date(), self._locale())
        self.paged = listing_of({**data, **found}, self._locale(), key)

    async def _ask(self, name: str, given: Mapping[str, Json]) -> Mapping[str, Json]:
        journeys, caller = self._backend()
        return await journeys.lookup(caller, self._session_id, self.view.step_id, name, given)
