"""Turns what a search found into cards to choose from, and into what has to be said of them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from trex_app.core.texts import translate
from trex_app.core.values import Money, format_number
from trex_app.display.facts import WORDS
from trex_app.display.paging import page_numbers
from trex_app.display.vehicles import vehicles_of
from trex_app.display.views import ListingView, OptionView
from trex_app.engine.digest import digest

Json = Any

RANKED_PAGE_SIZE: Final = 4
"""Of a ranking so many are shown at once: each comes with its reasons."""

SORTS: Final[Mapping[str, str]] = {
    "relevance": "Best first",
    "price_asc": "Lowest price first",
    "price_desc": "Highest price first",
    "mileage_asc": "Lowest mileage first",
    "year_desc": "Newest first",
    "distance": "Nearest first",
}
CRITERIA: Final[Mapping[str, str]] = {
    "make": "{value}",
    "model": "{value}",
    "year_min": "Built in {value} or after",
    "year_max": "Built in {value} or before",
    "price_max": "Up to {value}",
    "body_type": "{value}",
    "fuel_type": "{value}",
    "postal_code": "Near {value}",
}
"""Each criterion in words, in the order in which a search names them."""

SET_ASIDE: Final[Mapping[str, str]] = {
    "make": "make",
    "model": "model",
    "year_min": "earliest year",
    "year_max": "latest year",
    "price_max": "highest price",
    "body_type": "body type",
    "fuel_type": "fuel",
    "fuel_preference": "preferred fuel",
    "passengers": "number of passengers",
    "budget_max": "budget",
}
NOTHING_FITS: Final = "Nothing fits exactly. These come nearest."
WISHES_SET_ASIDE: Final = "Nothing fits all your wishes. For these we set aside: {wishes}."
BEST_MATCH: Final = "Best match"
OTHER_SPELLING: Final = "We looked for {spelling}."


def page_of_ranking(data: Mapping[str, Json], page: int) -> Mapping[str, Json]:
    """One page of a ranking that is there as a whole; anything else as it is."""
    if data.get("sort") != "score":
        return data
    ranked = data["vehicles"]
    pages = -(-len(ranked) // RANKED_PAGE_SIZE)
    page = min(max(1, page), max(1, pages))
    shown = ranked[(page - 1) * RANKED_PAGE_SIZE : page * RANKED_PAGE_SIZE]
    return {**data, "vehicles": shown, "page": page, "pages": pages, "ranked": len(ranked)}


def listing_of(data: Mapping[str, Json], locale: str, key: str = "") -> ListingView:
    """The vehicles of a step's data, or of a page of it; an empty view where there are none.

    `key` names the search where the data is a later page of it.
    """
    if "vehicles" not in data or "total" not in data:
        return ListingView()
    key = key or digest([data.get("criteria"), *(row["vehicle_id"] for row in data["vehicles"])])
    data = data if "ranked" in data else page_of_ranking(data, 1)
    total, rows = data["total"], data["vehicles"]
    page, pages = data.get("page", 1), max(1, data.get("pages", 1))
    criteria = data.get("criteria") or {}
    vehicles = vehicles_of(rows, locale)
    if vehicles and "ranked" in data:
        vehicles[0].badge = translate(BEST_MATCH, locale) if page == 1 else ""
    return ListingView(
        key=key,
        vehicles=vehicles,
        headline=_headline(data, locale),
        notes=list(_notes(data, locale)),
        criteria=list(criteria_texts(criteria, locale)),
        is_nearest=total == 0 and bool(rows),
        is_empty=not rows,
        page=page,
        pages=pages,
        numbers=page_numbers(page, pages),
        sort=data.get("sort", ""),
        sorts=_sorts(criteria, locale) if total > 1 and "ranked" not in data else [],
    )


def criteria_texts(criteria: Mapping[str, Json], locale: str) -> Iterator[str]:
    """What was asked for, a few words each."""
    for name, pattern in CRITERIA.items():
        value = criteria.get(name)
        if value is None:
            continue
        shown = Money.of_whole(value).formatted(locale) if name == "price_max" else str(value)
        if name in {"body_type", "fuel_type"}:
            shown = translate(WORDS.get(shown, shown), locale)
        yield translate(pattern, locale).format(value=shown)


def _sorts(criteria: Mapping[str, Json], locale: str) -> list[OptionView]:
    """The orders to choose from; by distance only where there is a place to measure from."""
    return [
        OptionView(name, translate(title, locale))
        for name, title in SORTS.items()
        if name != "distance" or criteria.get("postal_code")
    ]


def _headline(data: Mapping[str, Json], locale: str) -> str:
    total, shown = data["total"], len(data["vehicles"])
    if total == 0:
        return translate("No vehicle fits exactly", locale) if shown else ""
    if data.get("ranked", total) < total:
        text = translate("The best {shown} of {total} vehicles that fit", locale)
        return text.format(shown=data["ranked"], total=format_number(total, locale))
    if total == 1:
        return translate("One vehicle fits", locale)
    first = (data.get("page", 1) - 1) * data.get("page_size", shown) + 1
    if total == data.get("ranked", shown):
        return translate("{total} vehicles fit", locale).format(total=total)
    numbers = {"first": first, "last": first + shown - 1, "total": total}
    texts = {name: format_number(number, locale) for name, number in numbers.items()}
    return translate("{first} to {last} of {total} vehicles", locale).format(**texts)


def _notes(data: Mapping[str, Json], locale: str) -> Iterator[str]:
    """What the search did with the wishes that nothing meets."""
    nearest = data.get("nearest") or {}
    relaxed = [*nearest.get("relaxed", ()), *data.get("relaxed", ())]
    wishes = [translate(SET_ASIDE[name], locale) for name in SET_ASIDE if name in relaxed]
    if wishes:
        yield translate(WISHES_SET_ASIDE, locale).format(wishes=", ".join(wishes))
    corrected = " ".join(nearest.get("corrected", {}).values())
    if corrected:
        yield translate(OTHER_SPELLING, locale).format(spelling=corrected)
    if data["total"] == 0 and data["vehicles"] and not (wishes or corrected):
        yield translate(NOTHING_FITS, locale)
