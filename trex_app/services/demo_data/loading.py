"""Filling an empty inventory with demonstration vehicles and dealers."""

from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from trex_app.core.market import MARKET
from trex_app.db.statements import POSTGRESQL
from trex_app.db.tables.dealers import DEALER_MAKES, DEALERS
from trex_app.db.tables.vehicles import VEHICLES
from trex_app.services.demo_data.facts import DealerFacts, dealers
from trex_app.services.demo_data.listings import generate
from trex_app.services.vehicles.vocabulary import comparison_key

LISTING_COUNT: Final = 2_400
_BATCH: Final = 1_000
_LOADING_LOCK: Final = 7_426_001


def load_if_empty(connection: Connection, now: datetime, count: int = LISTING_COUNT) -> int:
    """Load the demonstration data unless there is a dealer already; returns how many vehicles.

    Of several processes that start at once, one loads and the others wait for it and find it there.
    """
    if connection.dialect.name == POSTGRESQL:
        connection.execute(select(func.pg_advisory_xact_lock(_LOADING_LOCK)))
    if connection.execute(select(DEALERS.c.dealer_id).limit(1)).first() is not None:
        return 0
    return load(connection, now, count)


def load(connection: Connection, now: datetime, count: int = LISTING_COUNT) -> int:
    """Insert the dealers and `count` vehicles into an empty inventory; returns how many."""
    connection.execute(insert(DEALERS), [_dealer_row(dealer, now) for dealer in dealers()])
    connection.execute(insert(DEALER_MAKES), _dealer_make_rows())
    listings = generate(count)
    while batch := list(islice(listings, _BATCH)):
        connection.execute(insert(VEHICLES), batch)
    return count


def _dealer_row(dealer: DealerFacts, now: datetime) -> dict[str, Any]:
    unit_x, unit_y, unit_z = dealer.point.unit_vector()
    return {
        "dealer_id": dealer.dealer_id,
        "name": dealer.name,
        "street": dealer.street,
        "city": dealer.city,
        "region": dealer.region,
        "postal_code": dealer.postal_code,
        "country": MARKET.country,
        "phone": dealer.phone,
        "email": f"sales@{dealer.dealer_id}.example",
        "latitude": dealer.point.latitude,
        "longitude": dealer.point.longitude,
        "unit_x": unit_x,
        "unit_y": unit_y,
        "unit_z": unit_z,
        "inventory_refreshed_at": now,
    }


def _dealer_make_rows() -> list[dict[str, str]]:
    return [
        {"dealer_id": dealer.dealer_id, "make": make, "make_key": comparison_key(make)}
        for dealer in dealers()
        for make in dealer.makes
    ]
