"""Which dealers a lead goes to: the same lead in the same market gives the same dealers.

Dealers that were chosen stay. A request about a listed vehicle goes to the dealer who sells it.
A lead from a page of a tenant with dealers of its own goes to those. Any other goes to the dealers
that come first by reach, room, makes, distance and fairness; docs/guide/events.md has the rules in
words.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, func, insert, select

from trex_app.core.crypto import Keyring
from trex_app.core.errors import NotFound
from trex_app.core.values import GeoPoint
from trex_app.db.tables import METADATA
from trex_app.db.tables.dealers import DEALER_MAKES, DEALERS
from trex_app.db.tables.vehicles import VEHICLES
from trex_app.db.transaction import Transaction
from trex_app.messaging.events import Event, LeadCaptured, LeadRouted, record, was_recorded
from trex_app.services.lead_details import lead_details
from trex_app.services.lead_states import DealerStatus
from trex_app.services.places import locate
from trex_app.services.tenants import dealers_of
from trex_app.services.vehicles.statements import chord_from
from trex_app.services.vehicles.vocabulary import canonical_make, comparison_key

DEALERS_PER_LEAD: Final = 3
"""How many dealers get a lead for which nobody was chosen."""
WEEKLY_CAPACITY: Final = 25
"""Open leads of the last seven days from which on a dealer has no room for another."""
RECENT: Final = timedelta(days=7)
BANDS_KM: Final = (25.0, 50.0, 100.0, 200.0, 400.0)
"""Within one band no dealer counts as nearer; what lies beyond the last is out of reach."""
CANDIDATES: Final = 200
SOLD_ELSEWHERE: Final = frozenset({"private_sale", "dealer_sale"})
"""Kinds of leads whose buyer is known: they go to no dealer of ours."""

_lead = METADATA.tables["lead"]
_lead_dealer = METADATA.tables["lead_dealer"]


class Candidate(NamedTuple):
    """A dealer a lead may go to. `distance_km` is None where either place is not known."""

    dealer_id: str
    distance_km: float | None
    carries_make: bool
    recent_leads: int

    @property
    def rank(self) -> tuple[bool, bool, bool, int, int, str]:
        """What sorts first gets the lead: reach, room, make, distance band, fairness, id."""
        band = _band(self.distance_km)
        return (
            band == len(BANDS_KM),
            self.recent_leads >= WEEKLY_CAPACITY,
            not self.carries_make,
            band,
            self.recent_leads,
            self.dealer_id,
        )


class Routing:
    """Gives leads their dealers."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def hear(self, tx: Transaction, event: Event) -> None:
        """The handler of LeadCaptured."""
        if isinstance(event, LeadCaptured):
            self.route(tx, event.lead_key)

    def route(self, tx: Transaction, lead_key: str) -> list[str]:
        """The lead's dealers by rank, chosen at the first call and kept from then on.

        The first call records LeadRouted. A lead whose person was erased gets no new dealers.
        Raises NotFound.
        """
        created_at, tenant = _locked(tx, lead_key)
        dealer_ids = _kept(tx, lead_key)
        if was_recorded(tx, LeadRouted, lead_key):
            return dealer_ids
        if not dealer_ids:
            details = lead_details(tx, self._keyring, lead_key)
            if details is None:
                return []
            own = dealers_of(tx, tenant)
            dealer_ids = choose(tx, details, lead_key, created_at, own)
            _keep(tx, lead_key, dealer_ids)
        record(tx, LeadRouted(lead_key, tuple(dealer_ids)))
        return dealer_ids


def choose(
    tx: Transaction,
    details: Mapping[str, Any],
    lead_key: str,
    created_at: datetime,
    own: Sequence[str] = (),
) -> list[str]:
    """The dealers for what a lead is about, sent at `created_at`, the best first.

    `own` are those of the tenant on whose page it was sent.
    """
    chosen: list[str] = details.get("dealer_ids") or []
    if chosen:
        return list(dict.fromkeys(chosen))
    if details.get("kind") in SOLD_ELSEWHERE:
        return []
    seller = _seller_of(tx, details) if details.get("kind") == "buying" else None
    if seller is not None:
        return [seller]
    if own:
        return list(own)
    candidates = _candidates(tx, details, lead_key, created_at)
    best = sorted(candidates, key=lambda candidate: candidate.rank)
    return [candidate.dealer_id for candidate in best[:DEALERS_PER_LEAD]]


def _band(distance_km: float | None) -> int:
    """The number of the distance band; a distance nobody knows puts nobody behind."""
    if distance_km is None:
        return 0
    return next((at for at, limit in enumerate(BANDS_KM) if distance_km <= limit), len(BANDS_KM))


def _locked(tx: Transaction, lead_key: str) -> tuple[datetime, str | None]:
    """When the lead was sent, and from whose page; nobody else routes it before this ends."""
    query = select(_lead.c.created_at, _lead.c.tenant).where(_lead.c.key == lead_key)
    row = tx.connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFound("There is no lead of this key.")
    return row.created_at, row.tenant


def _kept(tx: Transaction, lead_key: str) -> list[str]:
    query = select(_lead_dealer.c.dealer_id).where(_lead_dealer.c.lead_key == lead_key)
    return list(tx.connection.execute(query.order_by(_lead_dealer.c.rank)).scalars())


def _keep(tx: Transaction, lead_key: str, dealer_ids: Sequence[str]) -> None:
    rows = [
        {
            "lead_key": lead_key,
            "dealer_id": dealer_id,
            "rank": rank,
            "status": DealerStatus.ASSIGNED,
        }
        for rank, dealer_id in enumerate(dealer_ids)
    ]
    if rows:
        tx.connection.execute(insert(_lead_dealer), rows)


def _seller_of(tx: Transaction, details: Mapping[str, Any]) -> str | None:
    """The dealer of the vehicle that the lead names, as far as it is still known."""
    vehicle: Mapping[str, Any] = details.get("vehicle") or {}
    if vehicle.get("dealer_id"):
        return str(vehicle["dealer_id"])
    more: Mapping[str, Any] = details.get("details") or {}
    vehicle_id = vehicle.get("vehicle_id") or more.get("vehicle_id") or details.get("vehicle_id")
    query = select(VEHICLES.c.dealer_id).where(VEHICLES.c.vehicle_id == vehicle_id)
    return tx.connection.execute(query).scalar_one_or_none()


def _candidates(
    tx: Transaction, details: Mapping[str, Any], lead_key: str, created_at: datetime
) -> list[Candidate]:
    """The nearest dealers, with what decides between them."""
    vehicle: Mapping[str, Any] = details.get("vehicle") or {}
    contact: Mapping[str, Any] = details.get("contact") or {}
    place = locate(str(vehicle.get("postal_code") or contact.get("postal_code") or ""))
    origin = place.point if place else None
    columns = (DEALERS.c.dealer_id, DEALERS.c.latitude, DEALERS.c.longitude)
    order: list[ColumnElement[Any]] = [DEALERS.c.dealer_id.asc()]
    if origin is not None:
        order.insert(0, chord_from(origin).asc().nulls_last())
    rows = tx.connection.execute(select(*columns).order_by(*order).limit(CANDIDATES)).all()
    dealer_ids = [row.dealer_id for row in rows]
    carrying = _carrying(tx, dealer_ids, vehicle.get("make"))
    recent = _recent_leads(tx, dealer_ids, lead_key, created_at)
    return [
        Candidate(
            row.dealer_id,
            _distance_km(origin, row.latitude, row.longitude),
            row.dealer_id in carrying,
            recent.get(row.dealer_id, 0),
        )
        for row in rows
    ]


def _distance_km(
    origin: GeoPoint | None, latitude: float | None, longitude: float | None
) -> float | None:
    if origin is None or latitude is None or longitude is None:
        return None
    return origin.distance_km(GeoPoint(latitude, longitude))


def _carrying(tx: Transaction, dealer_ids: Sequence[str], make: str | None) -> set[str]:
    """Which of the dealers carry the make; all of them where no make is known."""
    if not make:
        return set(dealer_ids)
    query = select(DEALER_MAKES.c.dealer_id).where(
        DEALER_MAKES.c.make_key == comparison_key(canonical_make(make)),
        DEALER_MAKES.c.dealer_id.in_(dealer_ids),
    )
    return set(tx.connection.execute(query).scalars())


def _recent_leads(
    tx: Transaction, dealer_ids: Sequence[str], lead_key: str, created_at: datetime
) -> dict[str, int]:
    """How many open leads each dealer got in the days before this one; who got none is left out."""
    query = (
        select(_lead_dealer.c.dealer_id, func.count())
        .join(_lead, _lead.c.key == _lead_dealer.c.lead_key)
        .where(
            _lead.c.created_at > created_at - RECENT,
            _lead.c.key != lead_key,
            _lead_dealer.c.status.in_((DealerStatus.ASSIGNED, DealerStatus.DELIVERED)),
            _lead_dealer.c.dealer_id.in_(dealer_ids),
        )
        .group_by(_lead_dealer.c.dealer_id)
    )
    return dict(tx.connection.execute(query).all())
