"""Puts a few vehicles side by side: one row a fact, one column a vehicle."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from trex_app.core.texts import translate
from trex_app.display.facts import label_of
from trex_app.display.views import FactView, VehicleView

MOST_COMPARED: Final = 3
COMPARED_FACTS: Final = (
    *("score", "year", "mileage_km", "body_type", "fuel_type", "transmission"),
    *("seats", "colour", "dealer_name", "distance_km"),
)
NOT_SAID: Final = "\N{EN DASH}"


@dataclass
class CellView:
    """What one vehicle says in one row."""

    column: str = ""
    text: str = ""


@dataclass
class RowView:
    """One fact of every vehicle."""

    label: str = ""
    cells: list[CellView] = field(default_factory=list)


@dataclass
class ComparisonView:
    """The vehicles side by side. `label` counts them, `is_full` says that no more will fit."""

    vehicles: list[VehicleView] = field(default_factory=list)
    rows: list[RowView] = field(default_factory=list)
    label: str = ""
    is_full: bool = False


def comparison_of(vehicles: Sequence[VehicleView], locale: str) -> ComparisonView:
    """The vehicles beside each other; a fact that none of them tells has no row."""
    names = [name for name in COMPARED_FACTS if any(_said(v, name) for v in vehicles)]
    return ComparisonView(
        vehicles=list(vehicles),
        rows=[_row(vehicles, name, locale) for name in names],
        label=translate("Compare {count} of {most}", locale).format(
            count=len(vehicles), most=MOST_COMPARED
        ),
        is_full=len(vehicles) >= MOST_COMPARED,
    )


def _row(vehicles: Sequence[VehicleView], name: str, locale: str) -> RowView:
    cells = [CellView(v.vehicle_id, _said(v, name) or NOT_SAID) for v in vehicles]
    return RowView(label_of(name, locale), cells)


def _said(vehicle: VehicleView, name: str) -> str:
    if name == "year":
        return vehicle.edition.split(" · ")[0]
    told: list[FactView] = vehicle.facts
    return next((fact.value for fact in told if fact.name == name), "")
