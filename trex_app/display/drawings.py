"""Which drawing stands for a body type, where there is no photo of a vehicle."""

from collections.abc import Mapping
from typing import Final

DRAWINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "hatchback": ("hatchback",),
    "sedan": ("sedan", "saloon"),
    "estate": ("estate", "wagon", "station_wagon"),
    "suv": ("suv", "crossover"),
    "coupe": ("coupe",),
    "convertible": ("convertible", "cabriolet", "roadster"),
    "van": ("van", "minivan", "mpv"),
    "pickup": ("pickup", "truck"),
}
"""Every name that the drawings of assets/kit/vehicles.svg go by: their own, and what others say."""

DEFAULT: Final = "hatchback"


def drawing_name(body_type: str) -> str:
    """The name of the drawing; an unknown body type looks like a hatchback."""
    found = (drawing for drawing, names in DRAWINGS.items() if body_type.lower() in names)
    return next(found, DEFAULT)
