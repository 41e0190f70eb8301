"""Turns the dealers near a place into cards and into a map drawn from their coordinates.

The map has its north at the top and the place in its middle. Directions are true; distances grow
towards the rim as their square root, so that near dealers keep apart where one is far away. The
rings say what a distance is.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from trex_app.core.texts import translate
from trex_app.core.values import NO_BREAK_SPACE, format_number
from trex_app.display.facts import fact_of
from trex_app.display.views import DealersView, DealerView, RingView

Json = Any

SIZE: Final = 400
"""Width and height of the map, in units of the drawing."""

REACH: Final = 158
"""From the middle to the farthest dealer."""

PIN_GAP: Final = 31
"""Pins nearer to each other than this would hide one another."""

HOME_GAP: Final = 26
NUDGES: Final = 80
RINGS: Final = 3
SHOWN_MAKES: Final = 3
LABEL_ANGLES: Final = tuple(math.radians(degrees) for degrees in range(-90, 270, 30))


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the drawing; x grows to the east, y to the south, from the middle."""

    x: float
    y: float

    def distance(self, other: "Point") -> float:
        """How far apart, in units of the drawing."""
        return math.hypot(self.x - other.x, self.y - other.y)


MIDDLE: Final = Point(0, 0)


def dealers_of(data: Mapping[str, Json], answers: Mapping[str, Json], locale: str) -> DealersView:
    """The dealers of a step's data; the map is empty where the place is not known."""
    rows: Sequence[Mapping[str, Json]] = data.get("dealers") or ()
    if not any("dealer_id" in row for row in rows):
        return DealersView()
    chosen = answers.get("dealer_ids") or ()
    origin = data.get("origin")
    spots = _spots(rows, origin) if origin else {}
    return DealersView(
        dealers=[_dealer(row, number, spots, chosen, locale) for number, row in enumerate(rows, 1)],
        rings=list(_rings(rows, list(spots.values()), locale)) if spots else [],
        note=_note(data, locale),
        has_map=bool(spots),
    )


def _dealer(
    row: Mapping[str, Json],
    number: int,
    spots: Mapping[str, Point],
    chosen: Sequence[str],
    locale: str,
) -> DealerView:
    distance = fact_of("distance_km", row.get("distance_km"), locale)
    spot = spots.get(row["dealer_id"])
    return DealerView(
        value=row["dealer_id"],
        title=row["name"],
        is_chosen=row["dealer_id"] in chosen,
        number=number,
        town=", ".join(str(row[key]) for key in ("city", "region") if row.get(key)),
        distance=distance.value if distance else "",
        makes=_makes(row.get("makes") or (), locale),
        spot=f"translate({_place(spot.x)} {_place(spot.y)})" if spot else "",
    )


def _makes(makes: Sequence[str], locale: str) -> str:
    shown = ", ".join(makes[:SHOWN_MAKES])
    more = len(makes) - SHOWN_MAKES
    if more <= 0:
        return shown
    return translate("{names} and {count} more", locale).format(names=shown, count=more)


def _note(data: Mapping[str, Json], locale: str) -> str:
    if not data.get("place"):
        text = "We do not know where this postal code is, so we cannot say how far the dealers are."
        return translate(text, locale)
    text = "Distances from the middle of {place}, as the crow flies."
    return translate(text, locale).format(place=data["place"])


def _spots(rows: Sequence[Mapping[str, Json]], origin: Mapping[str, float]) -> dict[str, Point]:
    """Where each dealer whose place is known stands on the map."""
    known = [row for row in rows if _has_place(row)]
    farthest = max((row["distance_km"] for row in known), default=0.0)
    drawn = [
        _towards(_bearing(origin, row), _radius(row["distance_km"], farthest)) for row in known
    ]
    return dict(zip((row["dealer_id"] for row in known), _apart(drawn), strict=True))


def _has_place(row: Mapping[str, Json]) -> bool:
    return all(row.get(name) is not None for name in ("latitude", "longitude", "distance_km"))


def _bearing(origin: Mapping[str, float], row: Mapping[str, Json]) -> float:
    """The direction in which one sets out for a dealer, in radians from the north to the east."""
    here, there = math.radians(origin["latitude"]), math.radians(row["latitude"])
    eastward = math.radians(row["longitude"] - origin["longitude"])
    east = math.sin(eastward) * math.cos(there)
    north = math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(eastward)
    return math.atan2(east, north)


def _towards(bearing: float, radius: float) -> Point:
    return Point(math.sin(bearing) * radius, -math.cos(bearing) * radius)


def _radius(distance: float, farthest: float) -> float:
    return REACH * math.sqrt(distance / farthest) if farthest else 0.0


def _apart(spots: list[Point]) -> list[Point]:
    """The same spots, moved just so far that no pin hides another or the middle."""
    for _ in range(NUDGES):
        moved = [_nudged(index, spots) for index in range(len(spots))]
        if moved == spots:
            break
        spots = moved
    return spots


def _nudged(index: int, spots: Sequence[Point]) -> Point:
    spot = spots[index]
    x, y = spot.x, spot.y
    others = [(other, PIN_GAP) for place, other in enumerate(spots) if place != index]
    for other, gap in [*others, (MIDDLE, HOME_GAP)]:
        distance = spot.distance(other)
        if distance >= gap:
            continue
        # Two at the very same place part in directions of their own.
        angle = math.atan2(spot.y - other.y, spot.x - other.x) if distance else float(index)
        x += math.cos(angle) * (gap - distance) / 2
        y += math.sin(angle) * (gap - distance) / 2
    return Point(round(_within(x), 1), round(_within(y), 1))


def _within(value: float) -> float:
    return max(-REACH - 12.0, min(REACH + 12.0, value))


def _rings(
    rows: Sequence[Mapping[str, Json]], pins: Sequence[Point], locale: str
) -> Iterator[RingView]:
    """Circles at round distances, each labelled where the pins leave most room."""
    farthest = max(row["distance_km"] for row in rows if _has_place(row))
    for distance in _round_distances(farthest):
        radius = _radius(distance, farthest)
        around = [Point(radius * math.cos(a), radius * math.sin(a)) for a in LABEL_ANGLES]
        roomiest = max(around, key=lambda spot: min(spot.distance(pin) for pin in pins))
        number = format_number(distance, locale)
        label = translate("{number} km", locale).format(number=number)
        yield RingView(
            radius=round(radius),
            label=label.replace(" ", NO_BREAK_SPACE),
            x=round(_place(roomiest.x)),
            y=round(_place(roomiest.y)),
        )


def _round_distances(farthest: float) -> list[int]:
    """The last few of 1, 2, 5, 10, 20, 50 … kilometres that the map reaches."""
    steps = [digit * 10**power for power in range(5) for digit in (1, 2, 5)]
    return [step for step in steps if step <= farthest][-RINGS:]


def _place(offset: float) -> float:
    return round(SIZE / 2 + offset, 1)
