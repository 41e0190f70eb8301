"""Importing a dealer's feed: good rows in, bad rows reported, and twice is the same as once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from sqlalchemy import Connection, bindparam, func, insert, select, update

from trex_app.core.market import MARKET
from trex_app.db.tables.dealers import DEALER_MAKES, DEALERS
from trex_app.db.tables.vehicles import VEHICLES
from trex_app.services.vehicles.feed.columns import read_header
from trex_app.services.vehicles.feed.report import ImportReport, Rejection
from trex_app.services.vehicles.feed.rows import Listing, RowReader
from trex_app.services.vehicles.feed.source import FeedUnreadable, header_line, opened, records
from trex_app.services.vehicles.vocabulary import comparison_key

T = TypeVar("T")
HOUSE_DEALER_ID: Final = "house"
"""Who sells what a feed without any dealer lists: the installation's own house."""
_BATCH: Final = 500


def import_feed(
    connection: Connection,
    file: Path | BinaryIO,
    *,
    now: datetime,
    dealer_id: str | None = None,
) -> ImportReport:
    """Import a CSV feed of vehicles, streamed, in the caller's transaction.

    A row is known by its dealer and stock number: importing a feed again changes nothing, a changed
    row updates its vehicle. The dealer is `dealer_id`, else the row's `dealer_id` column, else the
    house. Columns a feed does not have stay as they were. Raises FeedUnreadable where nothing can
    be imported; a bad row is reported with its line and left out.
    """
    with opened(file) as (text, encoding):
        line, line_number = header_line(text)
        header = read_header(line)
        report = ImportReport(encoding, header.delimiter, list(header.ignored))
        dealers = _Dealers(connection, dealer_id, has_column="dealer_id" in header.columns)
        reader = RowReader(header, dealers.known, dealers.default, now.date())
        batches = _batches(records(text, header.delimiter, line_number + 1), _BATCH)
        import_run = _Run(connection, report, now)
        for batch in batches:
            import_run.take(reader.read(record) for record in batch)
    import_run.finish()
    return report


class _Dealers:
    """Whose rows a feed may hold. Raises FeedUnreadable for a dealer nobody knows."""

    def __init__(self, connection: Connection, dealer_id: str | None, *, has_column: bool) -> None:
        self.known = frozenset(connection.scalars(select(DEALERS.c.dealer_id)))
        self.default = dealer_id if dealer_id or has_column else HOUSE_DEALER_ID
        if self.default == HOUSE_DEALER_ID and HOUSE_DEALER_ID not in self.known:
            house = {"dealer_id": HOUSE_DEALER_ID, "name": "Own inventory"}
            connection.execute(insert(DEALERS), [{**house, "country": MARKET.country}])
        elif self.default is not None and self.default not in self.known:
            raise FeedUnreadable("There is no dealer “{dealer_id}”.", dealer_id=self.default)


class _Run:
    """One import: what it has seen, and what it writes batch by batch."""

    def __init__(self, connection: Connection, report: ImportReport, now: datetime) -> None:
        self._connection = connection
        self._report = report
        self._now = now
        self._line_by_id: dict[str, int] = {}
        self._makes: set[tuple[str, str]] = set()
        self._spellings = _spellings(connection)

    def take(self, outcomes: Iterable[Listing | list[Rejection]]) -> None:
        """Write the good rows of a batch and report the others."""
        fresh: list[Listing] = []
        for outcome in outcomes:
            if isinstance(outcome, Listing):
                fresh.extend(self._unless_repeated(outcome))
            else:
                self._report.reject(outcome)
        self._write(fresh)

    def finish(self) -> None:
        """Note which makes the dealers carry, and that their inventories are fresh."""
        dealer_ids = sorted({dealer_id for dealer_id, _ in self._makes})
        carried = DEALER_MAKES.c
        known = {
            (dealer_id, make_key)
            for dealer_id, make_key in self._connection.execute(
                select(carried.dealer_id, carried.make_key).where(carried.dealer_id.in_(dealer_ids))
            )
        }
        missing = [
            {"dealer_id": dealer_id, "make": make, "make_key": comparison_key(make)}
            for dealer_id, make in sorted(self._makes)
            if (dealer_id, comparison_key(make)) not in known
        ]
        if missing:
            self._connection.execute(insert(DEALER_MAKES), missing)
        refreshed = update(DEALERS).where(DEALERS.c.dealer_id.in_(dealer_ids))
        self._connection.execute(refreshed.values(inventory_refreshed_at=self._now))

    def _unless_repeated(self, listing: Listing) -> list[Listing]:
        first_line = self._line_by_id.setdefault(listing.vehicle_id, listing.line)
        if first_line == listing.line:
            return [listing]
        reason = f"The same stock number stands in line {first_line}; that line counts."
        self._report.reject([Rejection(listing.line, "stock_number", reason)])
        return []

    def _write(self, listings: list[Listing]) -> None:
        stored = self._stored([listing.vehicle_id for listing in listings])
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for listing in listings:
            values = self._spelled(listing.values)
            self._makes.add((values["dealer_id"], values["make"]))
            self._report.neutralised_cells += listing.neutralised_cells
            before = stored.get(listing.vehicle_id)
            if before is None:
                new.append(self._completed(values))
            elif after := self._changed(before, values):
                changed.append(after)
            else:
                self._report.unchanged += 1
        if new:
            self._connection.execute(insert(VEHICLES), new)
        if changed:
            self._connection.execute(_update_of(changed[0]), changed)
        self._report.imported += len(new)
        self._report.updated += len(changed)

    def _stored(self, vehicle_ids: list[str]) -> dict[str, Mapping[str, Any]]:
        statement = select(VEHICLES).where(VEHICLES.c.vehicle_id.in_(vehicle_ids))
        rows = self._connection.execute(statement).mappings()
        return {row["vehicle_id"]: dict(row) for row in rows}

    def _spelled(self, values: dict[str, Any]) -> dict[str, Any]:
        """The first spelling of a model counts: "RAV-4" joins the RAV4s that are there."""
        key = (values["make_key"], values["model_key"])
        return {**values, "model": self._spellings.setdefault(key, values["model"])}

    def _completed(self, values: dict[str, Any]) -> dict[str, Any]:
        listed_on = values.get("listed_on") or self._now.date()
        return {"features": [], **values, "listed_on": listed_on}

    def _changed(self, before: Mapping[str, Any], values: dict[str, Any]) -> dict[str, Any] | None:
        """The values to store where any differs; a listing keeps its first day if none is told."""
        told = {**values, "listed_on": values.get("listed_on") or before["listed_on"]}
        if all(before[name] == value for name, value in told.items()):
            return None
        return {**told, _KEY: told["vehicle_id"]}


_KEY: Final = "stored_vehicle_id"


def _update_of(example: dict[str, Any]) -> Any:
    """An update of the columns the feed tells, for many rows at once."""
    values: dict[str, Any] = {name: bindparam(name) for name in example if name != _KEY}
    return update(VEHICLES).where(VEHICLES.c.vehicle_id == bindparam(_KEY)).values(values)


def _spellings(connection: Connection) -> dict[tuple[str, str], str]:
    columns = VEHICLES.c
    statement = select(columns.make_key, columns.model_key, func.min(columns.model)).group_by(
        columns.make_key, columns.model_key
    )
    return {(make, model): spelling for make, model, spelling in connection.execute(statement)}


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch
