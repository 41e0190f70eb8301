"""The shapes in which vehicles travel: the names that screens, hosts and tests read."""

from typing import NotRequired, TypedDict


class Price(TypedDict):
    """Money as data: integer minor units with their currency."""

    amount_minor: int
    currency: str


class VehicleSummary(TypedDict):
    """One vehicle in a list. `distance_km` is there when the search knew a postal code."""

    vehicle_id: str
    make: str
    model: str
    trim: str | None
    year: int
    price: Price
    mileage_km: int
    body_type: str
    fuel_type: str
    transmission: str | None
    seats: int | None
    colour: str | None
    dealer_id: str
    dealer_name: str
    dealer_city: str | None
    image_url: NotRequired[str]
    distance_km: NotRequired[float]


class RecommendedVehicle(VehicleSummary):
    """A vehicle that CarIn suggests: its match 0 to 100, that by respect, and why."""

    score: int
    scores: dict[str, int]
    reasons: list[str]


class VehicleInFull(VehicleSummary):
    """One vehicle with everything its dealer said about it; what was not said is null."""

    stock_number: str
    vin: str | None
    power_kw: int | None
    consumption_per_100_km: float | None
    consumption_unit: str
    boot_litres: int | None
    safety_stars: int | None
    features: list[str]
    listed_on: str


class FacetValue(TypedDict):
    """How many of the hits have one value; a price band also has its bounds in whole units."""

    value: str | int
    count: int
    make: NotRequired[str]
    min: NotRequired[int]
    max: NotRequired[int | None]


Facets = dict[str, list[FacetValue]]
"""Facet name → its values, the most frequent first. The counts of each facet sum to the total."""


class Count(TypedDict):
    """How many vehicles there are, and how they spread."""

    total: int
    facets: Facets


class Nearest(TypedDict):
    """What comes nearest when nothing fits: which criteria were relaxed or corrected for it."""

    relaxed: list[str]
    corrected: dict[str, str]
    total: int


class SearchResult(TypedDict):
    """One page of a search.

    Where nothing fits, `total` is 0, `vehicles` holds the nearest instead, and `nearest` says
    which criteria were relaxed for them; else `nearest` is null.
    """

    vehicles: list[VehicleSummary]
    total: int
    page: int
    page_size: int
    pages: int
    sort: str
    facets: Facets
    nearest: Nearest | None
    source: str
    as_of: str | None
