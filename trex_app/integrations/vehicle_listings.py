"""Vehicles for sale, from the inventory API."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from trex_app.core.errors import PartnerUnavailable
from trex_app.core.market import MARKET
from trex_app.core.values import minor_units
from trex_app.integrations.gateway import Answer, Gateway
from trex_app.integrations.listing_shapes import (
    PARAMETERS,
    SORTS,
    WireCount,
    WireSearch,
    WireSuggestions,
    WireVehicles,
    as_far_as_shown,
)
from trex_app.integrations.questions import Patience, ask, reading
from trex_app.integrations.shown import Shown
from trex_app.ports import Data, VehicleInventory
from trex_app.services.vehicles.criteria import Criteria
from trex_app.services.vehicles.matches import DEFAULT_PAGE_SIZE, check_paging, check_sort
from trex_app.services.vehicles.suggestions import typed_texts
from trex_app.services.vehicles.vocabulary import body_type_of, fuel_type_of, transmission_of

PARTNER: Final = "vehicles"
MOST_IDS: Final = 100
PATIENCE_SECONDS: Final = 0.8
"""How long somebody who is still typing waits for a count or a suggestion."""

_MONEY: Final = frozenset({"price_min", "price_max"})
_WORDS: Final = {
    "body_type": body_type_of,
    "fuel_type": fuel_type_of,
    "transmission": transmission_of,
}
"""Criteria whose words have many spellings; the partner knows one of each, in capitals."""


class VehicleListings:
    """The inventory API as a `VehicleInventory`. Vehicles it does not know are sought in `own`.

    What it said before stands in for it while it is away: a search is then marked as saved, as
    of the moment it was answered.
    """

    def __init__(
        self, gateway: Gateway, own: VehicleInventory, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._gateway = gateway
        self._own = own
        self._patience = Patience(PARTNER, patience_seconds)
        self._shown = Shown()

    async def search(
        self,
        criteria: Data,
        *,
        page: int = 1,
        sort: str = "relevance",
        page_size: int = DEFAULT_PAGE_SIZE,
    ) -> Data:
        """One page of what fits. Raises ValidationFailed, PartnerUnavailable."""
        wanted = _parameters(criteria)
        check_paging(page, page_size)
        check_sort(sort)
        asked = {**wanted, "page": page, "pageSize": page_size, "sort": SORTS[sort]}
        answer = await ask(self._gateway, PARTNER, "/v1/vehicles", reading(WireSearch), asked)
        found = answer.value.ours(MARKET.currency, "saved" if answer.is_stale else "live")
        self._shown.remember((row["vehicle_id"], as_far_as_shown(row)) for row in found["vehicles"])
        return found

    async def count(self, criteria: Data) -> Data:
        """How many fit, with facets; soon or not at all. Raises as `search`."""
        wanted = _parameters(criteria)
        question = ask(
            self._gateway, PARTNER, "/v1/vehicles/count", reading(WireCount), dict(wanted)
        )
        answer = await self._patience.wait(question)
        return _marked(answer.value.ours(MARKET.currency), answer)

    async def suggest(self, typed: Data) -> Data:
        """Makes and models for what was typed; soon or not at all. Raises as `search`."""
        make, model, text = typed_texts(typed)
        given = {"q": text} if text else {"make": make, "model": model}
        asked: dict[str, str | int] = {name: value for name, value in given.items() if value}
        question = ask(
            self._gateway, PARTNER, "/v1/vehicles/suggest", reading(WireSuggestions), asked
        )
        answer = await self._patience.wait(question)
        return _marked(answer.value.ours(), answer)

    async def get_many(self, vehicle_ids: Sequence[str]) -> Mapping[str, Data]:
        """Vehicles in full by id: as the partner knows them now, else our own, else as saved.

        Our own table also knows vehicles that the partner does not have, such as suggested ones.
        Where nothing else is left, a vehicle is what a search has shown of it. Raises
        PartnerUnavailable where the partner is away and a vehicle is nowhere else.
        """
        found: dict[str, Data] = {}
        for ids in _askable(vehicle_ids):
            found |= await self._found(ids)
        return {key: found[key] for key in vehicle_ids if key in found}

    async def _found(self, ids: Sequence[str]) -> dict[str, Data]:
        try:
            answer = await ask(
                self._gateway,
                PARTNER,
                "/v1/vehicles",
                reading(WireVehicles),
                {"ids": ",".join(ids)},
            )
        except PartnerUnavailable:
            known = self._shown.known(ids)
            known |= await self._own.get_many(ids)
            if any(key not in known for key in ids):
                raise
            return known
        theirs: dict[str, Data] = {row.id: row.in_full() for row in answer.value.items}
        missing = [key for key in ids if answer.is_stale or key not in theirs]
        return {**theirs, **await self._own.get_many(missing)} if missing else theirs


def _marked(found: Data, answer: Answer[Any]) -> Data:
    """What was found, marked where the partner is away and this is what it said before."""
    return {**found, "is_saved": True} if answer.is_stale else found


def _parameters(criteria: Data) -> dict[str, str | int]:
    """The query of the criteria. Raises ValidationFailed."""
    given = Criteria.parse(criteria).given()
    return {PARAMETERS[name]: _parameter(name, value) for name, value in given.items()}


def _parameter(name: str, value: str | int) -> str | int:
    if name in _MONEY:
        return int(value) * minor_units(MARKET.currency)
    if name in _WORDS:
        return (_WORDS[name](str(value)) or str(value)).upper()
    return value


def _askable(vehicle_ids: Sequence[str]) -> Iterator[list[str]]:
    """The ids in portions, without those that would be read as several."""
    ids = [key for key in dict.fromkeys(vehicle_ids) if key and "," not in key]
    for start in range(0, len(ids), MOST_IDS):
        yield ids[start : start + MOST_IDS]
