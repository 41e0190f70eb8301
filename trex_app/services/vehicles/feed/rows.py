"""Rows of a feed as listings, or as the faults that keep them out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from trex_app.core.market import MARKET
from trex_app.services.vehicles.feed.cells import CellFault, is_formula, readers, said, shown
from trex_app.services.vehicles.feed.columns import MILEAGES, REQUIRED, Header
from trex_app.services.vehicles.feed.report import Rejection
from trex_app.services.vehicles.feed.source import Record
from trex_app.services.vehicles.identity import vehicle_id_of
from trex_app.services.vehicles.vocabulary import comparison_key

EMPTY_CELL: Final = "This cell must not be empty."
_TEXTS: Final = ("stock_number", "make", "model", "trim", "colour", "features")


@dataclass(frozen=True, slots=True)
class Listing:
    """One good row: the columns of the vehicle table that the feed says something about."""

    line: int
    values: dict[str, Any]
    neutralised_cells: int

    @property
    def vehicle_id(self) -> str:
        """The id that dealer and stock number make."""
        return self.values["vehicle_id"]


class RowReader:
    """Turns records into listings; it knows the header and whose feed it is."""

    def __init__(
        self,
        header: Header,
        dealer_ids: Collection[str],
        default_dealer_id: str | None,
        today: date,
    ) -> None:
        self._header = header
        self._dealer_ids = dealer_ids
        self._default_dealer_id = default_dealer_id
        self._readers = readers(today.year + 1)

    def read(self, record: Record) -> Listing | list[Rejection]:
        """The listing of a record, or every fault it has."""
        if misshapen := self._misshapen(record):
            return [Rejection(record.line, "row", misshapen)]
        cells = self._header.cells_by_column(record.cells)
        faults: list[Rejection] = []
        values: dict[str, Any] = {"currency": MARKET.currency}
        for column, cell in cells.items():
            self._read_cell(record.line, column, said(cell), values, faults)
        faults.extend(self._missing(record.line, cells))
        dealer = self._dealer_of(said(cells.get("dealer_id", "")))
        if dealer.fault:
            faults.append(Rejection(record.line, "dealer_id", dealer.fault))
        if faults:
            return faults
        return Listing(record.line, _completed(values, dealer.dealer_id), _neutralised(cells))

    def _misshapen(self, record: Record) -> str | None:
        if record.unreadable:
            return record.unreadable
        width = len(self._header.columns)
        counts = f"The row has {len(record.cells)} cells where the header has {width}"
        if any(cell.strip() for cell in record.cells[width:]):
            return f"{counts}: quote cells that contain the delimiter."
        if len(record.cells) == 1:
            return f"{counts}: it is cut off, or uses another delimiter."
        return None

    def _read_cell(
        self,
        line: int,
        column: str,
        cell: str,
        values: dict[str, Any],
        faults: list[Rejection],
    ) -> None:
        if column not in self._readers:
            return
        name, read = self._readers[column]
        if not cell:
            values.setdefault(name, [] if name == "features" else None)
            return
        try:
            values[name] = read(cell)
        except CellFault as fault:
            faults.append(Rejection(line, column, str(fault)))

    def _missing(self, line: int, cells: dict[str, str]) -> list[Rejection]:
        missing = [column for column in REQUIRED if not said(cells[column])]
        if not any(said(cells.get(column, "")) for column in MILEAGES):
            missing.append("mileage_km")
        return [Rejection(line, column, EMPTY_CELL) for column in missing]

    def _dealer_of(self, cell: str) -> "_Dealer":
        if self._default_dealer_id is None:
            fault = f"There is no dealer “{shown(cell)}”." if cell else EMPTY_CELL
            return _Dealer(cell, None if cell in self._dealer_ids else fault)
        is_other = bool(cell) and cell != self._default_dealer_id
        fault = f"The feed is of dealer {self._default_dealer_id}, this row of another."
        return _Dealer(self._default_dealer_id, fault if is_other else None)


@dataclass(frozen=True, slots=True)
class _Dealer:
    dealer_id: str
    fault: str | None


def _completed(values: dict[str, Any], dealer_id: str) -> dict[str, Any]:
    """The values with what follows from them; a currency cell that is empty means the market's."""
    return {
        **values,
        "currency": values["currency"] or MARKET.currency,
        "dealer_id": dealer_id,
        "vehicle_id": vehicle_id_of(dealer_id, values["stock_number"]),
        "make_key": comparison_key(values["make"]),
        "model_key": comparison_key(values["model"]),
    }


def _neutralised(cells: dict[str, str]) -> int:
    return sum(is_formula(said(cells.get(column, ""))) for column in _TEXTS)
