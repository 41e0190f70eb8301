"""The vehicle data partner: a VIN decoder and an inventory."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from trex_app.sandbox.ledger import Entry
from trex_app.sandbox.nearest import (
    makes_like,
    models_like,
    nearest_to,
    stock_of,
    within,
)
from trex_app.sandbox.search import SORTS, TEXT_LIMIT, Wishes, facets, in_order
from trex_app.sandbox.stock import listings, listings_by_id
from trex_app.sandbox.vpic import decode
from trex_app.sandbox.wire import Answer, Call, Door, ids_of, invalid, whole_number

PAGE_SIZE: Final = 12
PAGE_SIZE_LIMIT: Final = 60
PAGE_LIMIT: Final = 100_000


class Vehicles:
    """Answers about vehicles; it is only read."""

    name = "vehicles"

    def __init__(self) -> None:
        self.doors = (
            Door("GET", "/vehicles/DecodeVinValues/{vin}", self._decode),
            Door("GET", "/v1/vehicles", self._search),
            Door("GET", "/v1/vehicles/count", self._count),
            Door("GET", "/v1/vehicles/suggest", self._suggest),
        )

    def absorb(self, entry: Entry) -> None:
        """Nothing that is asked changes a vehicle."""

    def forget(self) -> None:
        """There is nothing to forget."""

    def _decode(self, call: Call) -> Answer:
        if call.query.get("format") != "json":
            raise invalid("format", "must be json.")
        whole_number(call.query, "modelyear", 1900, 2100)
        return Answer.of(200, decode(call.params["vin"]))

    def _search(self, call: Call) -> Answer:
        if "ids" in call.query:
            found = [listings_by_id().get(vehicle_id) for vehicle_id in ids_of(call.query)]
            items = [listing.in_full() for listing in found if listing]
            return Answer.of(200, {"items": items, "asOf": call.at.isoformat()})
        return Answer.of(200, _found(call.query, call.at))

    def _count(self, call: Call) -> Answer:
        hits = Wishes.read(call.query).hits(listings())
        return Answer.of(200, {"totalItems": len(hits), "facets": facets(hits)})

    def _suggest(self, call: Call) -> Answer:
        texts = {name: call.query.get(name, "").strip() for name in ("q", "make", "model")}
        for name, text in texts.items():
            if len(text) > TEXT_LIMIT:
                raise invalid(name, f"may have at most {TEXT_LIMIT} characters.")
        return Answer.of(200, _suggestions(**texts))


def _found(query: Mapping[str, str], at: datetime) -> dict[str, Any]:
    wishes = Wishes.read(query)
    page = whole_number(query, "page", 1, PAGE_LIMIT, 1) or 1
    size = whole_number(query, "pageSize", 1, PAGE_SIZE_LIMIT, PAGE_SIZE) or PAGE_SIZE
    sort = query.get("sort") or "relevance"
    if sort not in SORTS:
        raise invalid("sort", f"must be one of: {', '.join(SORTS)}.")
    if sort == "distance" and wishes.origin is None:
        sort = "relevance"
    hits = wishes.hits(listings())
    shown = in_order(hits, sort, wishes.origin)[(page - 1) * size : page * size]
    nearest = None
    if not hits:
        nearest, shown = nearest_to(wishes, listings())
    return {
        "items": [listing.summary(wishes.origin) for listing in shown],
        "page": {
            "number": page,
            "size": size,
            "totalItems": len(hits),
            "totalPages": -(-len(hits) // size),
        },
        "sort": sort,
        "facets": facets(hits),
        "nearest": nearest,
        "asOf": at.isoformat(),
    }


def _suggestions(q: str, make: str, model: str) -> dict[str, Any]:
    stock = stock_of(listings())
    if q:
        return {"makes": makes_like(stock, q), "models": models_like(stock, q)}
    if make:
        makes = makes_like(stock, make)
        nearest_make = makes[0]["make"] if makes else make
        return {"makes": makes, "models": models_like(within(stock, nearest_make), model)}
    return {"makes": makes_like(stock, ""), "models": models_like(stock, model) if model else []}
