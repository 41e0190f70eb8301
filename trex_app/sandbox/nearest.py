"""What comes nearest: to wishes that nothing fulfils, and to names that are mistyped."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from trex_app.sandbox.search import Wishes, in_order
from trex_app.sandbox.stock import Listing, plain, plain_make

NEAREST_LIMIT: Final = 6
SUGGESTION_LIMIT: Final = 8
WORTH: Final[Mapping[str, int]] = {
    "transmission": 1,
    "distanceMaxKm": 2,
    "mileageMaxKm": 2,
    "priceMinMinor": 2,
    "yearMax": 3,
    "yearMin": 3,
    "priceMaxMinor": 4,
    "fuelType": 5,
    "bodyType": 6,
    "model": 9,
    "make": 14,
}
"""What a wish is worth to a person: the cheapest go first."""
_CLOSEST_FIRST: Final = {
    "priceMaxMinor": "price",
    "priceMinMinor": "-price",
    "yearMin": "-year",
    "yearMax": "year",
    "mileageMaxKm": "mileage",
}

Stock = Mapping[tuple[str, str], int]
"""(make, model) → how many there are."""


def nearest_to(wishes: Wishes, stock: Sequence[Listing]) -> tuple[dict[str, Any], list[Listing]]:
    """What was given up or corrected, how many fit then, and the nearest vehicles themselves."""
    corrected = _corrections(wishes, stock_of(stock))
    spelled = Wishes({**wishes.given, **corrected}, wishes.origin)
    relaxed = _least_to_give_up(spelled, stock)
    hits = spelled.without(relaxed).hits(stock)
    dearest = next(
        (_CLOSEST_FIRST[name] for name in reversed(relaxed) if name in _CLOSEST_FIRST), ""
    )
    ordered = in_order(hits, dearest or "relevance", wishes.origin)[:NEAREST_LIMIT]
    kept = {name: text for name, text in corrected.items() if name not in relaxed}
    return {"relaxed": relaxed, "corrected": kept, "totalItems": len(hits)}, ordered


def _least_to_give_up(wishes: Wishes, stock: Sequence[Listing]) -> list[str]:
    """The wishes that the vehicle which misses the least of their worth does not fulfil."""
    tests = wishes.tests()

    def missed(listing: Listing) -> list[str]:
        return [name for name in WORTH if name in tests and not tests[name](listing)]

    best = min(stock, key=lambda listing: sum(WORTH[name] for name in missed(listing)))
    return missed(best)


def _corrections(wishes: Wishes, stock: Stock) -> dict[str, str]:
    """The spellings nearest to a make and a model that are not for sale."""
    corrections: dict[str, str] = {}
    make, model = (str(wishes.given.get(name, "")) for name in ("make", "model"))
    if make and not within(stock, make):
        if not (found := makes_like(stock, make)):
            return {}
        make = corrections["make"] = found[0]["make"]
    candidates = within(stock, make) if make else stock
    is_unknown = model and plain(model) not in {plain(name) for _, name in candidates}
    if is_unknown and (found := models_like(candidates, model)):
        corrections["model"] = found[0]["model"]
    return corrections


def stock_of(listings: Iterable[Listing]) -> Stock:
    """How many there are of each model."""
    return Counter((listing.row["make"], listing.row["model"]) for listing in listings)


def within(stock: Stock, make: str) -> Stock:
    """The models of one make."""
    key = plain_make(make)
    return {pair: count for pair, count in stock.items() if plain(pair[0]) == key}


def makes_like(stock: Stock, typed: str) -> list[dict[str, Any]]:
    """Makes that fit what was typed, the best and most frequent first."""
    counts: Counter[str] = Counter()
    for (make, _), count in stock.items():
        counts[make] += count
    wanted = plain_make(typed)
    ranked = sorted(
        (rank, -count, make)
        for make, count in counts.items()
        if (rank := likeness(wanted, make)) is not None
    )
    return [{"make": make, "count": -count} for _, count, make in ranked[:SUGGESTION_LIMIT]]


def models_like(stock: Stock, typed: str) -> list[dict[str, Any]]:
    """Models whose name, or make and name, fit what was typed."""
    ranked: list[tuple[int, int, str, str]] = []
    for (make, model), count in stock.items():
        ranks = [likeness(typed, model), likeness(typed, f"{make} {model}")]
        fitting = [rank for rank in ranks if rank is not None]
        if fitting:
            ranked.append((min(fitting), -count, make, model))
    return [
        {"make": make, "model": model, "count": -count}
        for _, count, make, model in sorted(ranked)[:SUGGESTION_LIMIT]
    ]


def likeness(typed: str, name: str) -> int | None:
    """How well a text fits a name: 0 whole, 1 its beginning, 2 a later word's, 3 and up slips."""
    wanted, whole = plain(typed), plain(name)
    if wanted == whole:
        return 0
    if whole.startswith(wanted):
        return 1
    if any(plain(word).startswith(wanted) for word in name.replace("-", " ").split()[1:]):
        return 2
    allowed = 0 if len(wanted) < 3 else 1 if len(wanted) < 6 else 2
    lengths = range(max(1, len(wanted) - allowed), min(len(whole), len(wanted) + allowed) + 1)
    slips = min((_slips(wanted, whole[:length]) for length in lengths), default=allowed + 1)
    return 3 + slips if slips <= allowed else None


def _slips(typed: str, name: str) -> int:
    """Letters added, left out, mistaken or swapped between two texts."""
    rows = [list(range(len(name) + 1))]
    for i, a in enumerate(typed, start=1):
        row = [i]
        for j, b in enumerate(name, start=1):
            cost = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == name[j - 2] and typed[i - 2] == b:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
