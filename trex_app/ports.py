"""Outside partners as the rest of T-Rex sees them.

Each port is as small as its callers allow. What runs without any partner stands in
`services.local_partners`; an integration implements the same protocol over HTTP and raises
`Unavailable` when its partner cannot answer. Everything that travels is plain JSON data, whose
shapes the local implementations name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Data = Mapping[str, Any]
"""JSON data: what a lookup takes and gives, and what a session stores.

An answer that something else gives for a partner says so: by `source: saved`, or by `is_saved`.
"""


class VehicleInventory(Protocol):
    """Vehicles for sale. Shapes: `services.vehicles.shapes`."""

    async def search(
        self, criteria: Data, *, page: int = 1, sort: str = "relevance", page_size: int = 12
    ) -> Data:
        """One page of what fits the criteria. Raises ValidationFailed, Unavailable."""
        ...

    async def count(self, criteria: Data) -> Data:
        """How many fit, with facets: what a search for them would find. Raises as `search`."""
        ...

    async def suggest(self, typed: Data) -> Data:
        """Makes and models that fit what was typed. Raises ValidationFailed, Unavailable."""
        ...

    async def get_many(self, vehicle_ids: Sequence[str]) -> Mapping[str, Data]:
        """Vehicles in full by id; unknown ids are left out. Raises Unavailable."""
        ...


class VinDecoder(Protocol):
    """What a vehicle identification number tells. Shape: `services.vin.DecodedVin`."""

    async def decode(self, vin: str) -> Data:
        """Check and decode. Raises ValidationFailed naming the fault, Unavailable."""
        ...


class DealerNetwork(Protocol):
    """Dealers who buy and sell. Shape: `services.dealers.Near`."""

    async def near(self, postal_code: str, *, limit: int = 10, makes: Sequence[str] = ()) -> Data:
        """The nearest dealers, by distance. Raises ValidationFailed, Unavailable."""
        ...

    async def get_many(self, dealer_ids: Sequence[str]) -> Mapping[str, Data]:
        """Dealers by id; unknown ids are left out. Raises Unavailable."""
        ...


class CreditBureau(Protocol):
    """Decides on a credit request. Shapes: `services.credit.CreditCheck`, `CreditDecision`."""

    async def request(self, check: Data, idempotency_key: str) -> Data:
        """The decision, or `pending` where it comes later. The same key asks only once.

        Raises Unavailable, PartnerRefused.
        """
        ...

    async def decision_of(self, idempotency_key: str) -> Data:
        """How the request of this key stands now; `pending` while undecided.

        Raises Unavailable; PartnerRefused where the bureau knows no such request.
        """
        ...


@dataclass(frozen=True, slots=True)
class LeadDocument:
    """A lead as a dealer's or a customer system gets it.

    `contact` and `vehicle` are what the journey asked for; `details` what else it sent along,
    never anything of the credit class.
    """

    reference: str
    kind: str
    created_at: datetime
    locale: str
    contact: Data
    vehicle: Data
    details: Data
    tenant: str | None = None
    score: int | None = None


class LeadDelivery(Protocol):
    """Hands leads to dealers, as ADF/XML 1.0."""

    async def deliver(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        """Hand the lead to the dealer, once for a key. Raises Unavailable, PartnerRefused."""
        ...

    async def cancel(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        """Tell the dealer that the lead is void. Raises Unavailable, PartnerRefused."""
        ...

    async def forget(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        """Ask the dealer to erase what they got under the lead's reference.

        Raises Unavailable, PartnerRefused.
        """
        ...


class CustomerRecords(Protocol):
    """The customer relationship system (CRM).

    A `record_id` is the CRM's own id of a record, and finds it also where the CRM no longer knows
    the key. Where it is not known, the key alone says which record is meant.
    """

    async def record(self, lead: LeadDocument, idempotency_key: str) -> str:
        """Record the lead, once for a key; the record's id. Raises Unavailable, PartnerRefused."""
        ...

    async def withdraw(
        self,
        reference: str,
        idempotency_key: str,
        reopenings: int = 0,
        record_id: str | None = None,
    ) -> None:
        """Mark the lead that was recorded under this very key as cancelled, if one was.

        `reopenings` is how often it was opened again before. Raises Unavailable, PartnerRefused.
        """
        ...

    async def reopen(
        self, reference: str, idempotency_key: str, reopenings: int, record_id: str | None = None
    ) -> None:
        """Mark the lead that was recorded under this very key as open.

        `reopenings` counts how often. Raises Unavailable; PartnerRefused also where there is none.
        """
        ...

    async def erase(
        self, reference: str, idempotency_key: str, record_id: str | None = None
    ) -> None:
        """Delete the lead that was recorded under this very key, if one was.

        Raises Unavailable, PartnerRefused.
        """
        ...


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail, as text and as HTML.

    `message_id` stays the same when it is sent again; one without a host gets the sender's.
    """

    message_id: str
    to: str
    subject: str
    text: str
    html: str
    locale: str


class Mailer(Protocol):
    """Sends e-mail."""

    async def send(self, mail: Mail) -> None:
        """Hand the mail over for delivery. Raises Unavailable, PartnerRefused."""
        ...


class TextMessages(Protocol):
    """Sends text messages to phones."""

    async def send(self, to: str, body: str, idempotency_key: str) -> None:
        """Hand the text over for delivery. Raises Unavailable, PartnerRefused."""
        ...
