"""Dealers by distance, and one dealer by id."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NotRequired, TypedDict

from sqlalchemy import Connection, Row, select

from trex_app.core.errors import FieldError, ValidationFailed
from trex_app.core.values import GeoPoint
from trex_app.db.tables.dealers import DEALER_MAKES, DEALERS
from trex_app.services.places import locate
from trex_app.services.vehicles.statements import chord_from
from trex_app.services.vehicles.vocabulary import canonical_make, comparison_key

DEFAULT_LIMIT: Final = 10
MAX_LIMIT: Final = 100

D: Final = DEALERS.c
M: Final = DEALER_MAKES.c


class DealerNearby(TypedDict):
    """One dealer. `distance_km` is null where the dealer's or the asker's place is unknown."""

    dealer_id: str
    name: str
    distance_km: float | None
    makes: list[str]
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str
    phone: str | None
    email: str | None
    latitude: float | None
    longitude: float | None


class Origin(TypedDict):
    """The point that distances are measured from, in degrees."""

    latitude: float
    longitude: float


class Near(TypedDict):
    """The dealers near a place; `place` is null for a postal code that is not known.

    Distances are as precise as the place: `precision_km` off at most, roughly. They are measured
    from `origin`, its middle. `is_saved`: the network is away, and somebody stands in for it.
    """

    dealers: list[DealerNearby]
    place: str | None
    is_saved: NotRequired[bool]
    precision_km: NotRequired[int]
    origin: NotRequired[Origin]


def near(
    connection: Connection,
    postal_code: str,
    limit: int = DEFAULT_LIMIT,
    makes: Sequence[str] = (),
) -> Near:
    """The nearest dealers (that carry one of the makes), by distance and then by id.

    For a postal code nobody knows the dealers come by id, without distances. Raises
    ValidationFailed for a limit out of range.
    """
    check_limit(limit)
    place = locate(postal_code)
    origin = place.point if place else None
    statement = select(DEALERS)
    if makes:
        keys = [comparison_key(canonical_make(make)) for make in makes]
        statement = statement.where(D.dealer_id.in_(_carrying(keys)))
    if origin is not None:
        statement = statement.order_by(chord_from(origin).asc().nulls_last())
    rows = connection.execute(statement.order_by(D.dealer_id).limit(limit)).all()
    carried = _makes_of(connection, [row.dealer_id for row in rows])
    dealers = [_shape(row, carried.get(row.dealer_id, []), origin) for row in rows]
    if place is None:
        return {"dealers": dealers, "place": None}
    return {
        "dealers": dealers,
        "place": f"{place.name}, {place.region}",
        "precision_km": place.precision_km,
        "origin": {"latitude": place.point.latitude, "longitude": place.point.longitude},
    }


def get(connection: Connection, dealer_id: str) -> DealerNearby | None:
    """One dealer, or None where there is none of this id."""
    return get_many(connection, [dealer_id]).get(dealer_id)


def get_many(connection: Connection, dealer_ids: Sequence[str]) -> dict[str, DealerNearby]:
    """Dealers by their ids, without distances; an id that names nothing is left out."""
    rows = connection.execute(select(DEALERS).where(D.dealer_id.in_(dealer_ids))).all()
    carried = _makes_of(connection, [row.dealer_id for row in rows])
    return {row.dealer_id: _shape(row, carried.get(row.dealer_id, []), None) for row in rows}


def check_limit(limit: int) -> None:
    """Raises ValidationFailed for a number of dealers that is out of range."""
    if not 1 <= limit <= MAX_LIMIT:
        message = "This must be a number from 1 to {limit}."
        params = {"limit": MAX_LIMIT}
        raise ValidationFailed([FieldError("limit", "out_of_range", message, params)])


def _carrying(make_keys: list[str]) -> Any:
    return select(M.dealer_id).where(M.make_key.in_(make_keys))


def _makes_of(connection: Connection, dealer_ids: Iterable[str]) -> dict[str, list[str]]:
    statement = (
        select(M.dealer_id, M.make)
        .where(M.dealer_id.in_(list(dealer_ids)))
        .order_by(M.dealer_id, M.make)
    )
    carried: dict[str, list[str]] = {}
    for dealer_id, make in connection.execute(statement):
        carried.setdefault(dealer_id, []).append(make)
    return carried


def _shape(row: Row[*tuple[Any, ...]], makes: list[str], origin: GeoPoint | None) -> DealerNearby:
    distance_km = None
    if origin is not None and row.latitude is not None:
        distance_km = round(origin.distance_km(GeoPoint(row.latitude, row.longitude)), 1)
    return {
        "dealer_id": row.dealer_id,
        "name": row.name,
        "distance_km": distance_km,
        "makes": makes,
        "street": row.street,
        "city": row.city,
        "region": row.region,
        "postal_code": row.postal_code,
        "country": row.country,
        "phone": row.phone,
        "email": row.email,
        "latitude": row.latitude,
        "longitude": row.longitude,
    }
