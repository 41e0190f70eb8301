"""Vehicles as the inventory API writes them, and as T-Rex does."""

from datetime import date, datetime
from typing import Final

from pydantic import Field

from trex_app.core.values import minor_units
from trex_app.integrations.questions import WireModel
from trex_app.ports import Data
from trex_app.services.vehicles.listings import consumption_unit
from trex_app.services.vehicles.shapes import (
    Count,
    Facets,
    FacetValue,
    Nearest,
    Price,
    SearchResult,
    VehicleInFull,
    VehicleSummary,
)
from trex_app.services.vehicles.suggestions import Suggestions
from trex_app.services.vehicles.vocabulary import body_type_of, fuel_type_of, transmission_of

PARAMETERS: Final = {
    "make": "make",
    "model": "model",
    "year_min": "yearMin",
    "year_max": "yearMax",
    "price_min": "priceMinMinor",
    "price_max": "priceMaxMinor",
    "mileage_max_km": "mileageMaxKm",
    "distance_max_km": "distanceMaxKm",
    "body_type": "bodyType",
    "fuel_type": "fuelType",
    "transmission": "transmission",
    "postal_code": "postalCode",
}
"""Our criterion → its query parameter."""
SORTS: Final = {
    "relevance": "relevance",
    "price_asc": "price",
    "price_desc": "-price",
    "mileage_asc": "mileage",
    "mileage_desc": "-mileage",
    "year_asc": "year",
    "year_desc": "-year",
    "distance": "distance",
}
_CRITERIA: Final = {parameter: name for name, parameter in PARAMETERS.items()}
_OUR_SORTS: Final = {theirs: ours for ours, theirs in SORTS.items()}


class WireMoney(WireModel):
    """An amount in minor units."""

    amount_minor: int
    currency: str


class WireSeller(WireModel):
    """The dealer of a listing."""

    id: str
    name: str
    city: str | None = None


class WireVehicle(WireModel):
    """One vehicle of a list."""

    id: str = Field(min_length=1, max_length=80)
    make: str
    model: str
    trim: str | None = None
    model_year: int
    price: WireMoney
    mileage_km: int
    body_type: str
    fuel_type: str
    transmission: str | None = None
    seats: int | None = None
    colour: str | None = None
    image_url: str | None = None
    dealer: WireSeller
    distance_km: float | None = None

    def summary(self) -> VehicleSummary:
        """The vehicle as T-Rex lists it; words of ours where theirs mean the same."""
        summary: VehicleSummary = {
            "vehicle_id": self.id,
            "make": self.make,
            "model": self.model,
            "trim": self.trim,
            "year": self.model_year,
            "price": Price(amount_minor=self.price.amount_minor, currency=self.price.currency),
            "mileage_km": self.mileage_km,
            "body_type": body_type_of(self.body_type) or self.body_type.lower(),
            "fuel_type": fuel_type_of(self.fuel_type) or self.fuel_type.lower(),
            "transmission": transmission_of(self.transmission) if self.transmission else None,
            "seats": self.seats,
            "colour": self.colour,
            "dealer_id": self.dealer.id,
            "dealer_name": self.dealer.name,
            "dealer_city": self.dealer.city,
        }
        if self.image_url:
            summary["image_url"] = self.image_url
        if self.distance_km is not None:
            summary["distance_km"] = self.distance_km
        return summary


class WireConsumption(WireModel):
    """What a vehicle uses."""

    per_100_km: float | None = Field(default=None, alias="per100Km")
    unit: str = "l"


class WireVehicleInFull(WireVehicle):
    """One vehicle with everything that is known of it."""

    stock_number: str
    vin: str | None = None
    power_kw: int | None = None
    consumption: WireConsumption = WireConsumption()
    boot_litres: int | None = None
    safety_stars: int | None = None
    features: tuple[str, ...] = ()
    listed_on: date

    def in_full(self) -> VehicleInFull:
        """The vehicle as T-Rex shows it."""
        return {
            **self.summary(),
            "stock_number": self.stock_number,
            "vin": self.vin,
            "power_kw": self.power_kw,
            "consumption_per_100_km": self.consumption.per_100_km,
            "consumption_unit": self.consumption.unit,
            "boot_litres": self.boot_litres,
            "safety_stars": self.safety_stars,
            "features": list(self.features),
            "listed_on": self.listed_on.isoformat(),
        }


class WireVehicles(WireModel):
    """Vehicles that were asked for by id."""

    items: list[WireVehicleInFull]


class WireValue(WireModel):
    """How many hits have one value."""

    value: str
    count: int
    make: str | None = None


class WireYear(WireModel):
    """How many hits are of one model year."""

    value: int
    count: int


class WireBand(WireModel):
    """How many hits lie in one price band; the last has no upper end."""

    from_minor: int
    to_minor: int | None = None
    count: int


class WireFacets(WireModel):
    """How the hits spread."""

    make: tuple[WireValue, ...] = ()
    model: tuple[WireValue, ...] = ()
    body_type: tuple[WireValue, ...] = ()
    fuel_type: tuple[WireValue, ...] = ()
    price: tuple[WireBand, ...] = ()
    year: tuple[WireYear, ...] = ()

    def ours(self, currency: str) -> Facets:
        """The facets under our names, with price bands in whole units."""
        return {
            "make": [FacetValue(value=row.value, count=row.count) for row in self.make],
            "model": [
                FacetValue(value=row.value, count=row.count, make=row.make or "")
                for row in self.model
            ],
            "body_type": [
                FacetValue(value=body_type_of(row.value) or row.value.lower(), count=row.count)
                for row in self.body_type
            ],
            "fuel_type": [
                FacetValue(value=fuel_type_of(row.value) or row.value.lower(), count=row.count)
                for row in self.fuel_type
            ],
            "price": [_band(row, minor_units(currency)) for row in self.price],
            "year": [FacetValue(value=row.value, count=row.count) for row in self.year],
        }


class WireCount(WireModel):
    """How many fit, and how they spread."""

    total_items: int = Field(ge=0)
    facets: WireFacets

    def ours(self, currency: str) -> Count:
        """The count as T-Rex has it."""
        return {"total": self.total_items, "facets": self.facets.ours(currency)}


class WirePage(WireModel):
    """Which part of the hits this is."""

    number: int = Field(ge=1)
    size: int = Field(ge=1)
    total_items: int = Field(ge=0)
    total_pages: int = Field(ge=0)


class WireNearest(WireModel):
    """What was given up and corrected where nothing fits."""

    relaxed: list[str]
    corrected: dict[str, str]
    total_items: int

    def ours(self) -> Nearest:
        """The same by our criteria's names."""
        return {
            "relaxed": [_CRITERIA[name] for name in self.relaxed if name in _CRITERIA],
            "corrected": dict(self.corrected),
            "total": self.total_items,
        }


class WireSearch(WireModel):
    """One page of a search."""

    items: list[WireVehicle]
    page: WirePage
    sort: str
    facets: WireFacets
    nearest: WireNearest | None = None
    as_of: datetime

    def ours(self, currency: str, source: str) -> SearchResult:
        """The page as T-Rex has it."""
        return {
            "vehicles": [vehicle.summary() for vehicle in self.items],
            "total": self.page.total_items,
            "page": self.page.number,
            "page_size": self.page.size,
            "pages": self.page.total_pages,
            "sort": _OUR_SORTS.get(self.sort, "relevance"),
            "facets": self.facets.ours(currency),
            "nearest": self.nearest.ours() if self.nearest else None,
            "source": source,
            "as_of": self.as_of.isoformat(),
        }


class WireMake(WireModel):
    """A make to suggest."""

    make: str
    count: int


class WireModelName(WireModel):
    """A model to suggest, with its make."""

    make: str
    model: str
    count: int


class WireSuggestions(WireModel):
    """Makes and models to suggest, the best first."""

    makes: list[WireMake]
    models: list[WireModelName]

    def ours(self) -> Suggestions:
        """The same as T-Rex has it."""
        return {
            "makes": [{"make": row.make, "count": row.count} for row in self.makes],
            "models": [
                {"make": row.make, "model": row.model, "count": row.count} for row in self.models
            ],
        }


def as_far_as_shown(summary: VehicleSummary) -> Data:
    """A vehicle in full of which only a list has told: the rest is null, or not there."""
    untold = ("vin", "power_kw", "consumption_per_100_km", "boot_litres", "safety_stars")
    unit = consumption_unit(summary["fuel_type"])
    return {**summary, **dict.fromkeys(untold), "consumption_unit": unit, "features": []}


def _band(row: WireBand, per_unit: int) -> FacetValue:
    lower = row.from_minor // per_unit
    upper = None if row.to_minor is None else row.to_minor // per_unit
    name = f"{lower}-{'' if upper is None else upper}"
    return FacetValue(value=name, count=row.count, min=lower, max=upper)
