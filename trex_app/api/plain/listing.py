"""Another page, order or part of the vehicles that a step offers, asked for by links and GET."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from fastapi import Request

from trex_app.api.installation import container_of
from trex_app.core.errors import TrexError
from trex_app.core.texts import translate
from trex_app.core.values import format_number
from trex_app.display.facts import WORDS, label_of
from trex_app.display.faults import sentence
from trex_app.display.listings import listing_of, page_of_ranking
from trex_app.display.views import ListingView, OptionView
from trex_app.services.freshness import saved_note
from trex_app.services.journeys import Journeys
from trex_app.services.views import Caller, StepView

Json = Any
log = structlog.get_logger(__name__)

PAGES: Final = "vehicles.page"
NARROWED_BY: Final = ("body_type", "fuel_type")
"""The facets that a listing can be narrowed by; as criteria they have the same names."""

WISH_LENGTH_MAX: Final = 40


@dataclass
class FacetView:
    """A choice that narrows a listing; each value says how many vehicles it leaves."""

    name: str = ""
    title: str = ""
    options: list[OptionView] = field(default_factory=list)


@dataclass
class Offer:
    """The vehicles to draw, and what may be asked about them. `query` is the address's own."""

    listing: ListingView = field(default_factory=ListingView)
    facets: list[FacetView] = field(default_factory=list)
    query: dict[str, str] = field(default_factory=dict)
    is_narrowed: bool = False
    notice: str = ""

    def page(self, number: int) -> str:
        """The query of another page."""
        kept = {name: value for name, value in self.query.items() if name != "page"}
        return urlencode({**kept, "page": number})


async def offer_of(
    request: Request, journeys: Journeys, caller: Caller, view: StepView, locale: str
) -> Offer:
    """What the step offers, as far as the address asks for another part of it."""
    own = listing_of(view.data, locale)
    if not own.key:
        return Offer()
    wishes = _wishes(request, view.step_id)
    page = int(wishes["page"]) if "page" in wishes else 1
    if view.data.get("sort") == "score":
        return Offer(listing_of(page_of_ranking(view.data, page), locale, own.key), query=wishes)
    if PAGES not in view.lookups:
        return Offer(own)
    offer = Offer(own, _facets(view.data, wishes, locale), wishes)
    offer.is_narrowed = any(name in wishes for name in NARROWED_BY)
    if not wishes:
        return offer
    narrowed = {name: wishes[name] for name in NARROWED_BY if name in wishes}
    criteria = {**(view.data.get("criteria") or {}), **narrowed}
    sort = wishes.get("sort", view.data.get("sort", "relevance"))
    given = {"criteria": criteria, "page": page, "sort": sort}
    try:
        found = await journeys.lookup(caller, view.session_id, view.step_id, PAGES, given)
    except TrexError as error:
        # What was asked for beside the answers is a convenience: the step itself is there.
        log.info("page_refused", code=error.code)
        offer.notice = sentence(error, locale)
        return offer
    data = {**view.data, **found, "criteria": criteria}
    if view.data.get("source") != "saved":
        # The step itself says so where its own vehicles were saved already.
        today = container_of(request).clock().date()
        offer.notice = saved_note(found, today, locale)
    offer.listing = listing_of(data, locale, own.key)
    return offer


def _wishes(request: Request, step_id: str) -> dict[str, str]:
    """What the address asks for, as far as it can mean anything for the step that is drawn."""
    if request.path_params.get("step") != step_id:
        return {}  # a late form was sent from another step's listing
    asked = {
        name: request.query_params.get(name, "").strip() for name in ("page", "sort", *NARROWED_BY)
    }
    wishes = {name: text for name, text in asked.items() if 0 < len(text) <= WISH_LENGTH_MAX}
    if not _is_page(wishes.get("page", "1")):
        del wishes["page"]
    return wishes


def _is_page(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) <= 1000


def _facets(data: Mapping[str, Json], wishes: Mapping[str, str], locale: str) -> list[FacetView]:
    facets: Mapping[str, list[Mapping[str, Json]]] = data.get("facets") or {}
    values = {
        name: _values(facets.get(name, []), wishes.get(name, ""), locale) for name in NARROWED_BY
    }
    views = [FacetView(name, label_of(name, locale), values[name]) for name in NARROWED_BY]
    return [view for view in views if len(view.options) > 1]


def _values(rows: list[Mapping[str, Json]], chosen: str, locale: str) -> list[OptionView]:
    return [
        OptionView(
            value=row["value"],
            title=f"{_word(row['value'], locale)} ({format_number(row['count'], locale)})",
            is_chosen=row["value"] == chosen,
        )
        for row in rows
    ]


def _word(value: str, locale: str) -> str:
    return translate(WORDS.get(value, value), locale)
