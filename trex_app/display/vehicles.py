"""Turns a vehicle, as the services tell of it, into what a card or a page draws."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from trex_app.core.texts import translate
from trex_app.display.facts import fact_of, facts_of
from trex_app.display.views import BarView, FactView, VehicleView

Json = Any

KEY_FACTS: Final = ("mileage_km", "fuel_type", "transmission", "seats")
"""What a card tells of a vehicle beside its price."""

RESPECTS: Final[Mapping[str, str]] = {
    "economy": "Running costs",
    "comfort": "Comfort",
    "safety": "Safety",
    "performance": "Performance",
    "space": "Space",
    "condition": "Condition",
}
LOWEST_PRICE: Final = "Lowest-priced {model} here"


def vehicle_of(row: Mapping[str, Json], locale: str) -> VehicleView:
    """One vehicle in full, or as far as its row tells of it; an empty row gives an empty view."""
    if "vehicle_id" not in row:
        return VehicleView()
    return VehicleView(
        vehicle_id=row["vehicle_id"],
        title=f"{row['make']} {row['model']}",
        edition=" · ".join(str(row[key]) for key in ("year", "trim") if row.get(key)),
        body_type=row.get("body_type") or "",
        colour=row.get("colour") or "",
        image_url=_own_image(row.get("image_url") or ""),
        seats=row.get("seats") or 0,
        price=text_of(row, "price", locale),
        key_facts=_key_facts(row, locale),
        facts=[fact for fact in facts_of(row, locale) if fact.name not in {"price", "features"}],
        features=[translate(feature, locale) for feature in row.get("features") or ()],
        dealer=", ".join(str(row[key]) for key in ("dealer_name", "dealer_city") if row.get(key)),
        distance=text_of(row, "distance_km", locale),
        score=row.get("score") or 0,
        score_text=text_of(row, "score", locale),
        bars=_bars(row.get("scores") or {}, locale),
        reasons=list(row.get("reasons") or ()),
    )


def vehicles_of(rows: Sequence[Mapping[str, Json]], locale: str) -> list[VehicleView]:
    """The vehicles of a list; a badge says what the list itself proves of one of them."""
    views = [vehicle_of(row, locale) for row in rows]
    for view, badge in zip(views, _badges(rows, locale), strict=True):
        view.badge = badge
    return views


def text_of(row: Mapping[str, Json], name: str, locale: str) -> str:
    """One member of a vehicle as a person reads it; empty where it is not known."""
    fact = fact_of(name, row.get(name), locale, unit=row.get("consumption_unit", ""))
    return fact.value if fact else ""


def _own_image(address: str) -> str:
    """A picture of our own server; the page's policy shows no other."""
    return address if address.startswith("/") and not address.startswith("//") else ""


def _key_facts(row: Mapping[str, Json], locale: str) -> list[FactView]:
    facts = [fact_of(name, row.get(name), locale) for name in KEY_FACTS]
    return [_with_unit(fact, locale) for fact in facts if fact is not None]


def _with_unit(fact: FactView, locale: str) -> FactView:
    """A number of seats needs its noun where no label stands beside it."""
    if fact.name != "seats":
        return fact
    text = translate("{seats} seats", locale).format(seats=fact.value)
    return FactView(fact.label, text, fact.name)


def _bars(scores: Mapping[str, int], locale: str) -> list[BarView]:
    known = [(name, scores[name]) for name in RESPECTS if name in scores]
    pattern = translate("{number} of 100", locale)
    return [
        BarView(translate(RESPECTS[name], locale), value, pattern.format(number=value))
        for name, value in known
    ]


def _badges(rows: Sequence[Mapping[str, Json]], locale: str) -> list[str]:
    """Per vehicle: whether it is the single cheapest of several of its model."""
    models = [(row["make"], row["model"]) for row in rows]
    prices = [row["price"]["amount_minor"] for row in rows]
    lowest = {
        model: min(price for other, price in zip(models, prices, strict=True) if other == model)
        for model in models
    }
    how_often = Counter(models)
    at_lowest = Counter(
        model for model, price in zip(models, prices, strict=True) if price == lowest[model]
    )
    return [
        translate(LOWEST_PRICE, locale).format(model=model[1])
        if how_often[model] > 1 and at_lowest[model] == 1 and price == lowest[model]
        else ""
        for model, price in zip(models, prices, strict=True)
    ]
