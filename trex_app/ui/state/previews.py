"""What a search would find, while a person is still filling it in."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from trex_app.core.texts import translate
from trex_app.core.values import format_number
from trex_app.display.views import FactView, OptionView

Json = Any
LookUp = Callable[[str, Mapping[str, Json]], Awaitable[Mapping[str, Json]]]
"""Asks one of the step's lookups by name."""

ASKED: Final = frozenset({"vehicles.suggest", "vehicles.count"})
"""The lookups that a preview is made of."""
WORDS: Final = ("make", "model", "body_type", "fuel_type", "postal_code")
NUMBERS: Final = ("year_min", "year_max", "price_max")
OWN_FACETS: Final = ("body_type", "fuel_type", "price_max")
"""The criteria whose facet is counted without themselves: what another choice would bring."""

MODELS_SHOWN: Final = 5
BARS_HEIGHT: Final = 28


@dataclass
class PriceBarView:
    """How many vehicles lie in a price band, as a bar of a chart `BARS_HEIGHT` high."""

    x: int = 0
    y: int = 0
    height: int = 0
    is_within: bool = True


@dataclass
class PreviewView:
    """What a search would find. Without an answer yet `total` is empty.

    `bodies` and `fuels` say how many each choice would bring, by value; `makes` and `models` are
    what to suggest for the typed text, `found_models` what the hits are.
    """

    total: str = ""
    of_stock: str = ""
    submit: str = ""
    note: str = ""
    has_hits: bool = True
    bodies: dict[str, str] = field(default_factory=dict)
    fuels: dict[str, str] = field(default_factory=dict)
    prices: list[PriceBarView] = field(default_factory=list)
    makes: list[OptionView] = field(default_factory=list)
    models: list[OptionView] = field(default_factory=list)
    found_models: list[FactView] = field(default_factory=list)


def criteria_in(draft: Mapping[str, Json]) -> dict[str, Json]:
    """Those values of a half-filled form that can be searched for already."""
    words = {name: draft[name] for name in WORDS if isinstance(draft.get(name), str)}
    return words | {name: draft[name] for name in NUMBERS if isinstance(draft.get(name), int)}


async def preview_of(look_up: LookUp, draft: Mapping[str, Json], locale: str) -> PreviewView:
    """Ask what a half-filled search form would find."""
    criteria = criteria_in(draft)
    typed = {name: criteria[name] for name in ("make", "model") if name in criteria}
    suggested = await look_up("vehicles.suggest", typed)
    criteria |= _nearest_spelling(typed, suggested)
    asked = {"": criteria, "stock": {}} | {
        name: {key: value for key, value in criteria.items() if key != name}
        for name in OWN_FACETS
        if name in criteria
    }
    answers = await asyncio.gather(*(look_up("vehicles.count", given) for given in asked.values()))
    counts = dict(zip(asked, answers, strict=True))
    total = counts[""]["total"]
    return PreviewView(
        total=format_number(total, locale),
        of_stock=_of_stock(counts["stock"]["total"], locale),
        submit=_submit(total, locale),
        note=_note(typed, criteria, locale),
        has_hits=total > 0,
        bodies=_by_value(counts.get("body_type", counts[""]), "body_type", locale),
        fuels=_by_value(counts.get("fuel_type", counts[""]), "fuel_type", locale),
        prices=_bars(counts.get("price_max", counts[""]), counts["stock"], criteria),
        makes=[OptionView(row["make"], row["make"]) for row in suggested["makes"]],
        models=_models(suggested, counts[""]),
        found_models=_found_models(counts[""], locale),
    )


def _nearest_spelling(typed: Mapping[str, str], suggested: Mapping[str, Json]) -> dict[str, str]:
    """What a search would correct the typed make and model to, while they are being typed."""
    nearest: dict[str, str] = {}
    for name, text in typed.items():
        spellings = [row[name] for row in suggested[f"{name}s"]]
        is_known = text.strip().casefold() in {spelling.casefold() for spelling in spellings}
        if spellings and not is_known:
            nearest[name] = spellings[0]
    return nearest


def _note(typed: Mapping[str, str], criteria: Mapping[str, Json], locale: str) -> str:
    corrected = [criteria[name] for name, text in typed.items() if criteria[name] != text.strip()]
    if not corrected:
        return ""
    return translate("Counted as {spelling}.", locale).format(spelling=" ".join(corrected))


def _of_stock(stock: int, locale: str) -> str:
    text = translate("of {total} vehicles", locale)
    return text.format(total=format_number(stock, locale))


def _submit(total: int, locale: str) -> str:
    if total == 0:
        return translate("Show the nearest", locale)
    if total == 1:
        return translate("Show one vehicle", locale)
    return translate("Show {total} vehicles", locale).format(total=format_number(total, locale))


def _by_value(count: Mapping[str, Json], facet: str, locale: str) -> dict[str, str]:
    rows = count["facets"][facet]
    return {row["value"]: format_number(row["count"], locale) for row in rows}


def _bars(
    count: Mapping[str, Json], stock: Mapping[str, Json], criteria: Mapping[str, Json]
) -> list[PriceBarView]:
    """One bar a price band of the whole stock, as high as its share of the largest."""
    hits = {row["value"]: row["count"] for row in count["facets"]["price"]}
    highest = max(hits.values(), default=1)
    limit = criteria.get("price_max")
    return [
        PriceBarView(
            x=at * 10,
            y=BARS_HEIGHT - height,
            height=height,
            is_within=limit is None or row["min"] < limit,
        )
        for at, row in enumerate(stock["facets"]["price"])
        for height in [_height(hits.get(row["value"], 0), highest)]
    ]


def _height(hits: int, highest: int) -> int:
    """Whoever is there at all is seen."""
    return max(2, round(BARS_HEIGHT * hits / highest)) if hits else 1


def _models(suggested: Mapping[str, Json], count: Mapping[str, Json]) -> list[OptionView]:
    """The models near to what was typed, else the most frequent of the hits."""
    rows = suggested["models"] or [{"model": row["value"]} for row in count["facets"]["model"][:8]]
    names = dict.fromkeys(row["model"] for row in rows)
    return [OptionView(name, name) for name in names]


def _found_models(count: Mapping[str, Json], locale: str) -> list[FactView]:
    rows = count["facets"]["model"][:MODELS_SHOWN]
    return [
        FactView(f"{row['make']} {row['value']}", format_number(row["count"], locale))
        for row in rows
    ]
