"""The capabilities that the shipped journeys name, over the ports of this installation."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from trex_app.core.texts import DEFAULT_LOCALE
from trex_app.db.transaction import Database
from trex_app.engine.definition import Json
from trex_app.ports import DealerNetwork, VehicleInventory, VinDecoder
from trex_app.services.capabilities import (
    Capabilities,
    EffectCapability,
    Find,
    LookupCapability,
    object_schema,
)
from trex_app.services.carin import explain, recommend
from trex_app.services.vehicles.criteria import CRITERIA_SCHEMA
from trex_app.services.vehicles.matches import MAX_PAGE
from trex_app.services.vehicles.statements import SORTS
from trex_app.services.vehicles.suggestions import SUGGEST_INPUTS

TEXT = {"type": ["string", "null"], "maxLength": 80}
TYPED: Mapping[str, Json] = dict.fromkeys(SUGGEST_INPUTS, TEXT)
PAGE: Mapping[str, Json] = {
    "criteria": object_schema(CRITERIA_SCHEMA),
    "page": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE},
    "sort": {"type": "string", "enum": list(SORTS)},
}


@dataclass(frozen=True, slots=True)
class Partners:
    """Where vehicles, dealers and VINs are asked for. `saved` stands in for the inventory."""

    inventory: VehicleInventory
    saved_inventory: VehicleInventory
    dealers: DealerNetwork
    vin_decoder: VinDecoder


def shipped_capabilities(
    database: Database,
    partners: Partners,
    effects: Mapping[str, EffectCapability],
) -> Capabilities:
    """Lookups, providers and ports over the partners; effects as given."""
    live, saved = partners.inventory, partners.saved_inventory
    return Capabilities(
        lookups={
            "vehicles.search": LookupCapability(_search(live), _search(saved)),
            "vehicles.page": LookupCapability(_page(live), _page(saved), PAGE),
            "vehicles.count": LookupCapability(_count(live), _count(saved), CRITERIA_SCHEMA),
            "vehicles.suggest": LookupCapability(_suggest(live), _suggest(saved), TYPED),
            "carin.recommend": LookupCapability(_recommend(database)),
            "vin.decode": LookupCapability(
                lambda given: partners.vin_decoder.decode(given.get("vin") or ""),
                None,
                {"vin": TEXT},
            ),
            "dealers.near": LookupCapability(_near(partners.dealers), None, {"postal_code": TEXT}),
        },
        effects=effects,
        providers={
            "dealers.near": _near(partners.dealers),
            "carin.reasons": _explain(database),
        },
        ports={"vehicles": live.get_many, "dealers": partners.dealers.get_many},
    )


def _without_nulls(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _search(inventory: VehicleInventory) -> Find:
    async def find(given: Mapping[str, Json]) -> Json:
        return await inventory.search(_without_nulls(given["criteria"]))

    return find


def _page(inventory: VehicleInventory) -> Find:
    async def find(given: Mapping[str, Json]) -> Json:
        return await inventory.search(
            _without_nulls(given.get("criteria", {})),
            page=given.get("page", 1),
            sort=given.get("sort", "relevance"),
        )

    return find


def _count(inventory: VehicleInventory) -> Find:
    return lambda given: inventory.count(_without_nulls(given))


def _suggest(inventory: VehicleInventory) -> Find:
    return lambda given: inventory.suggest(_without_nulls(given))


def _recommend(database: Database) -> Find:
    def find(given: Mapping[str, Json]) -> Awaitable[Json]:
        answers, locale = given["answers"], given.get("locale") or DEFAULT_LOCALE
        return database.read(lambda tx: recommend(tx.connection, answers, locale=locale))

    return find


def _explain(database: Database) -> Find:
    def find(given: Mapping[str, Json]) -> Awaitable[Json]:
        answers, vehicles = given["answers"], given["vehicles"]
        locale = given.get("locale") or DEFAULT_LOCALE
        return database.read(
            lambda tx: {"vehicles": explain(tx.connection, answers, vehicles, locale)}
        )

    return find


def _near(network: DealerNetwork) -> Find:
    async def find(given: Mapping[str, Json]) -> Json:
        return await network.near(given.get("postal_code") or "")

    return find
