"""The dealer network: who buys and sells nearby, and leads to them as ADF/XML."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from trex_app.core.errors import PartnerRefused, PartnerUnavailable
from trex_app.integrations.adf import cancellation_as_adf, erasure_as_adf, lead_as_adf
from trex_app.integrations.gateway import Answer, Gateway
from trex_app.integrations.questions import Patience, WireModel, ask, reading
from trex_app.integrations.shown import Shown
from trex_app.ports import Data, DealerNetwork, LeadDocument
from trex_app.services.dealers import DEFAULT_LIMIT, DealerNearby, Near, Origin, check_limit

PARTNER: Final = "dealers"
MOST_IDS: Final = 100
XML: Final = {"Content-Type": "application/xml"}
UNKNOWN: Final = 404
PATIENCE_SECONDS: Final = 2.0
"""How long a person waits for the network's dealers before they see ours."""


class WireAddress(WireModel):
    """Where a dealer is."""

    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str


class WireLocation(WireModel):
    """A point in degrees."""

    latitude: float
    longitude: float


class WireOrigin(WireLocation):
    """The point that distances are measured from."""

    place: str
    precision_km: int


class WireDealer(WireModel):
    """One dealer of the network."""

    id: str
    name: str
    address: WireAddress
    location: WireLocation | None = None
    phone: str | None = None
    email: str | None = None
    makes: list[str]
    distance_km: float | None = None

    def ours(self) -> DealerNearby:
        """The dealer as T-Rex has it."""
        return {
            "dealer_id": self.id,
            "name": self.name,
            "distance_km": self.distance_km,
            "makes": self.makes,
            "street": self.address.street,
            "city": self.address.city,
            "region": self.address.region,
            "postal_code": self.address.postal_code,
            "country": self.address.country,
            "phone": self.phone,
            "email": self.email,
            "latitude": self.location.latitude if self.location else None,
            "longitude": self.location.longitude if self.location else None,
        }


class WireDealers(WireModel):
    """Dealers, and from where their distances count."""

    dealers: list[WireDealer]
    origin: WireOrigin | None = None

    def ours(self) -> Near:
        """The dealers as T-Rex has them."""
        rows = [dealer.ours() for dealer in self.dealers]
        if self.origin is None:
            return {"dealers": rows, "place": None}
        at = Origin(latitude=self.origin.latitude, longitude=self.origin.longitude)
        return {
            "dealers": rows,
            "place": self.origin.place,
            "precision_km": self.origin.precision_km,
            "origin": at,
        }


class DealerDirectory:
    """The network as a `DealerNetwork`. While it is away: what it said before, else `own`."""

    def __init__(
        self, gateway: Gateway, own: DealerNetwork, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._gateway = gateway
        self._own = own
        self._patience = Patience(PARTNER, patience_seconds)
        self._shown = Shown()

    async def near(
        self, postal_code: str, *, limit: int = DEFAULT_LIMIT, makes: Sequence[str] = ()
    ) -> Data:
        """The nearest dealers, by distance. Raises ValidationFailed."""
        check_limit(limit)
        asked: dict[str, str | int] = {"postal_code": postal_code, "limit": limit}
        if makes:
            asked["makes"] = ",".join(makes)
        try:
            answer = await self._ask(asked)
        except PartnerUnavailable:
            own = await self._own.near(postal_code, limit=limit, makes=makes)
            return {**own, "is_saved": True}
        near = answer.value.ours()
        if answer.is_stale:
            near["is_saved"] = True
        self._shown.remember((row["dealer_id"], row) for row in near["dealers"])
        return near

    async def get_many(self, dealer_ids: Sequence[str]) -> Mapping[str, Data]:
        """Dealers by id. One that the network does not name, or not now, is sought in `own`.

        Raises PartnerUnavailable where the network is away and a dealer is nowhere else.
        """
        ids = [key for key in dict.fromkeys(dealer_ids) if key and "," not in key]
        found: dict[str, Data] = {}
        for start in range(0, len(ids), MOST_IDS):
            found |= await self._found(ids[start : start + MOST_IDS])
        return found

    async def _found(self, ids: Sequence[str]) -> dict[str, Data]:
        try:
            answer = await self._ask({"ids": ",".join(ids)})
        except PartnerUnavailable:
            known = self._shown.known(ids) | dict(await self._own.get_many(ids))
            if any(key not in known for key in ids):
                raise
            return known
        theirs: dict[str, Data] = {row.id: row.ours() for row in answer.value.dealers}
        missing = [key for key in ids if key not in theirs]
        return {**theirs, **await self._own.get_many(missing)} if missing else theirs

    async def _ask(self, asked: dict[str, str | int]) -> Answer[WireDealers]:
        question = ask(self._gateway, PARTNER, "/v1/dealers", reading(WireDealers), asked)
        return await self._patience.wait(question)


class AdfDelivery:
    """Hands leads to the network's dealers, as a `LeadDelivery`."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def deliver(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        """Hand the lead over, once for a key. Raises PartnerUnavailable, PartnerRefused."""
        await self._send(dealer, lead_as_adf(dealer, lead), idempotency_key)

    async def cancel(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        """Tell the dealer that the lead is void. Raises PartnerUnavailable, PartnerRefused.

        A dealer who never got the lead has nothing to cancel.
        """
        await self._notify(dealer, cancellation_as_adf(dealer, lead), idempotency_key)

    async def forget(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        """Ask the dealer to erase the lead. Raises PartnerUnavailable, PartnerRefused.

        A dealer who never got the lead has nothing to erase.
        """
        await self._notify(dealer, erasure_as_adf(dealer, lead), idempotency_key)

    async def _notify(self, dealer: Data, notice: bytes, idempotency_key: str) -> None:
        try:
            await self._send(dealer, notice, idempotency_key)
        except PartnerRefused as refusal:
            if refusal.partner_status != UNKNOWN:
                raise

    async def _send(self, dealer: Data, document: bytes, idempotency_key: str) -> None:
        await self._gateway.call(
            PARTNER,
            "POST",
            f"/v1/dealers/{quote(str(dealer['dealer_id']), safe='')}/leads",
            content=document,
            headers=XML,
            idempotency_key=idempotency_key,
            read=reading(WireReceipt),
        )


class WireReceipt(WireModel):
    """What the network answers to a document: under this id it was taken."""

    lead_id: str
