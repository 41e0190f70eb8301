"""Rows of the inventory as the data that travels, and one vehicle in full."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row

from trex_app.core.values import GeoPoint
from trex_app.services.vehicles.criteria import Criteria
from trex_app.services.vehicles.shapes import VehicleInFull, VehicleSummary
from trex_app.services.vehicles.statements import V, listing

ListingRow = Row[*tuple[Any, ...]]
"""A row of `statements.listing`, its columns read by name."""


def summary_of(row: ListingRow, origin: GeoPoint | None = None) -> VehicleSummary:
    """One row of `statements.listing` as a vehicle in a list; distance where an origin is known."""
    summary: VehicleSummary = {
        "vehicle_id": row.vehicle_id,
        "make": row.make,
        "model": row.model,
        "trim": row.trim,
        "year": row.year,
        "price": {"amount_minor": row.price_minor, "currency": row.currency},
        "mileage_km": row.mileage_km,
        "body_type": row.body_type,
        "fuel_type": row.fuel_type,
        "transmission": row.transmission,
        "seats": row.seats,
        "colour": row.colour,
        "dealer_id": row.dealer_id,
        "dealer_name": row.dealer_name,
        "dealer_city": row.dealer_city,
    }
    if row.image_url:
        summary["image_url"] = row.image_url
    if origin is not None and row.dealer_latitude is not None:
        dealer = GeoPoint(row.dealer_latitude, row.dealer_longitude)
        summary["distance_km"] = round(origin.distance_km(dealer), 1)
    return summary


def get(connection: Connection, vehicle_id: str) -> VehicleInFull | None:
    """One vehicle in full, or None where there is none of this id."""
    return get_many(connection, [vehicle_id]).get(vehicle_id)


def get_many(connection: Connection, vehicle_ids: Sequence[str]) -> dict[str, VehicleInFull]:
    """Vehicles in full by their ids; an id that names nothing is left out."""
    rows = connection.execute(listing(Criteria()).where(V.vehicle_id.in_(vehicle_ids)))
    return {row.vehicle_id: _in_full(row) for row in rows}


def _in_full(row: ListingRow) -> VehicleInFull:
    return {
        **summary_of(row),
        "stock_number": row.stock_number,
        "vin": row.vin,
        "power_kw": row.power_kw,
        "consumption_per_100_km": row.consumption_per_100_km,
        "consumption_unit": consumption_unit(row.fuel_type),
        "boot_litres": row.boot_litres,
        "safety_stars": row.safety_stars,
        "features": list(row.features),
        "listed_on": row.listed_on.isoformat(),
    }


def consumption_unit(fuel_type: str) -> str:
    """What a vehicle of this fuel consumes per 100 km: litres, or kilowatt hours."""
    return "kWh" if fuel_type == "electric" else "l"
