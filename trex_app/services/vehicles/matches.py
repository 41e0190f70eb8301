"""Searching the inventory: hits by page and order, facets, and the nearest when nothing fits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from trex_app.core.errors import FieldError, ValidationFailed
from trex_app.db.tables.dealers import DEALERS
from trex_app.services.vehicles.criteria import Criteria
from trex_app.services.vehicles.facets import count_with_facets
from trex_app.services.vehicles.listings import summary_of
from trex_app.services.vehicles.nearest import nearest_to
from trex_app.services.vehicles.shapes import Count, SearchResult, VehicleSummary
from trex_app.services.vehicles.statements import SORTS, conditions, listing, order

DEFAULT_PAGE_SIZE: Final = 12
MAX_PAGE_SIZE: Final = 60
MAX_PAGE: Final = 100_000


def search(
    connection: Connection,
    criteria: Mapping[str, Any],
    *,
    page: int = 1,
    page_size: int = DEFAULT_PAGE_SIZE,
    sort: str = "relevance",
    as_of: datetime | None = None,
    source: str = "live",
) -> SearchResult:
    """One page of the vehicles that fit the criteria (see `Criteria`), with facets over all hits.

    Where nothing fits, the nearest vehicles come instead (see `SearchResult`).

    `as_of` says when the inventory was read; without it the time of the last feed counts. Sorting
    by distance without a known postal code falls back to relevance, and `sort` says so. Raises
    ValidationFailed for unknown or ill-typed criteria, a page out of range and an unknown sort.
    """
    wanted = Criteria.parse(criteria)
    check_paging(page, page_size)
    check_sort(sort)
    if sort == "distance" and wanted.origin is None:
        sort = "relevance"
    counted = count_with_facets(connection, conditions(wanted))
    nearest = None
    vehicles = _page(connection, wanted, sort, page_size, (page - 1) * page_size)
    if not counted["total"]:
        nearest, vehicles = nearest_to(connection, wanted)
    moment = as_of or last_refreshed_at(connection)
    return {
        "vehicles": vehicles,
        "total": counted["total"],
        "page": page,
        "page_size": page_size,
        "pages": -(-counted["total"] // page_size),
        "sort": sort,
        "facets": counted["facets"],
        "nearest": nearest,
        "source": source,
        "as_of": moment.isoformat() if moment else None,
    }


def count(connection: Connection, criteria: Mapping[str, Any]) -> Count:
    """How many vehicles fit, with facets: what a form may ask while a person types."""
    return count_with_facets(connection, conditions(Criteria.parse(criteria)))


def last_refreshed_at(connection: Connection) -> datetime | None:
    """When a dealer's feed last came in, as aware UTC; None for an empty inventory."""
    return connection.scalar(select(func.max(DEALERS.c.inventory_refreshed_at)))


def _page(
    connection: Connection, criteria: Criteria, sort: str, size: int, offset: int
) -> list[VehicleSummary]:
    statement = listing(criteria).order_by(*order(sort, criteria.origin))
    rows = connection.execute(statement.limit(size).offset(offset))
    return [summary_of(row, criteria.origin) for row in rows]


def check_paging(page: int, page_size: int) -> None:
    """Raises ValidationFailed for a page that is out of range."""
    limits = {"page": (page, MAX_PAGE), "page_size": (page_size, MAX_PAGE_SIZE)}
    errors = [
        _out_of_range(name, limit)
        for name, (asked, limit) in limits.items()
        if not 1 <= asked <= limit
    ]
    if errors:
        raise ValidationFailed(errors)


def check_sort(sort: str) -> None:
    """Raises ValidationFailed for an order that there is not."""
    if sort not in SORTS:
        message = "There is no such order. Known are: {known}."
        known = {"known": ", ".join(SORTS)}
        raise ValidationFailed([FieldError("sort", "unknown_sort", message, known)])


def _out_of_range(field: str, limit: int) -> FieldError:
    message = "This must be a number from 1 to {limit}."
    return FieldError(field, "out_of_range", message, {"limit": limit})
