"""The vehicles that the sandbox sells: the demonstration listings, with what a search compares."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from trex_app.core.values import GeoPoint
from trex_app.sandbox.wire import money
from trex_app.services.demo_data.facts import DealerFacts, dealers
from trex_app.services.demo_data.listings import generate
from trex_app.services.demo_data.loading import LISTING_COUNT
from trex_app.services.places import locate

_USUAL_NAMES: Final = {
    "vw": "volkswagen",
    "chevy": "chevrolet",
    "mercedes": "mercedesbenz",
    "benz": "mercedesbenz",
    "alfa": "alfaromeo",
    "rangerover": "landrover",
    "minicooper": "mini",
}


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """The text without case, accents, spaces and punctuation: "F-150" → "f150"."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return re.sub(r"[\W_]", "", "".join(c for c in folded if not unicodedata.combining(c)))


def plain_make(text: str) -> str:
    """A make as searches compare it, its usual names included: "VW" → "volkswagen"."""
    return _USUAL_NAMES.get(plain(text), plain(text))


@dataclass(frozen=True, slots=True)
class Listing:
    """One vehicle for sale: the demonstration row, its dealer, and its comparable names."""

    row: dict[str, Any]
    dealer: DealerFacts
    make_key: str
    model_key: str

    @property
    def vehicle_id(self) -> str:
        """The id that the demonstration data gives it too."""
        return self.row["vehicle_id"]

    def km_from(self, origin: GeoPoint) -> float:
        """How far away it stands."""
        return _km(origin, self.dealer.point)

    def summary(self, origin: GeoPoint | None = None) -> dict[str, Any]:
        """The vehicle in a list."""
        row = self.row
        km = None if origin is None else round(self.km_from(origin), 1)
        return {
            "id": row["vehicle_id"],
            "make": row["make"],
            "model": row["model"],
            "trim": row["trim"],
            "modelYear": row["year"],
            "price": money(row["price_minor"]),
            "mileageKm": row["mileage_km"],
            "bodyType": row["body_type"].upper(),
            "fuelType": row["fuel_type"].upper(),
            "transmission": row["transmission"].upper(),
            "seats": row["seats"],
            "colour": row["colour"],
            "imageUrl": row["image_url"],
            "dealer": {
                "id": self.dealer.dealer_id,
                "name": self.dealer.name,
                "city": self.dealer.city,
            },
            "distanceKm": km,
        }

    def in_full(self) -> dict[str, Any]:
        """The vehicle with everything that is known of it."""
        row = self.row
        unit = "kWh" if row["fuel_type"] == "electric" else "l"
        return {
            **self.summary(),
            "stockNumber": row["stock_number"],
            "vin": row["vin"],
            "powerKw": row["power_kw"],
            "consumption": {"per100Km": row["consumption_per_100_km"], "unit": unit},
            "bootLitres": row["boot_litres"],
            "safetyStars": row["safety_stars"],
            "features": row["features"],
            "listedOn": row["listed_on"].isoformat(),
        }


@lru_cache(maxsize=32_768)
def _km(origin: GeoPoint, dealer: GeoPoint) -> float:
    """Remembered, because a search asks it for thousands of vehicles of a few dozen dealers."""
    return origin.distance_km(dealer)


@lru_cache(maxsize=1)
def listings() -> tuple[Listing, ...]:
    """Every vehicle, the same on every machine."""
    by_id = {dealer.dealer_id: dealer for dealer in dealers()}
    return tuple(
        Listing(row, by_id[row["dealer_id"]], plain(row["make"]), plain(row["model"]))
        for row in generate(LISTING_COUNT)
    )


@lru_cache(maxsize=1)
def listings_by_id() -> dict[str, Listing]:
    """Every vehicle by its id."""
    return {listing.vehicle_id: listing for listing in listings()}


@lru_cache(maxsize=1)
def listings_by_vin() -> dict[str, Listing]:
    """Every vehicle by its VIN."""
    return {listing.row["vin"]: listing for listing in listings()}


def point_of(postal_code: str) -> GeoPoint | None:
    """Where a postal code is, None where it is not known."""
    place = locate(postal_code)
    return place.point if place else None
