"""Leads in the customer relationship system."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote

from trex_app.core.errors import PartnerRefused
from trex_app.integrations.gateway import Gateway, Reply
from trex_app.integrations.questions import WireModel, reading
from trex_app.ports import Data, LeadDocument

PARTNER: Final = "crm"
GONE: Final = frozenset({404, 410})
"""What a CRM answers that has no such lead, or none any more."""
NEVER_RECORDED: Final = GONE | {422}
"""What it answers where a key should name a lead and does not: the rest is too bare to be new."""
_NAMES: Final = {
    "first_name": "firstName",
    "last_name": "lastName",
    "email": "email",
    "phone": "phone",
    "postal_code": "postalCode",
}


class WireRecord(WireModel):
    """A lead by the CRM's own id."""

    id: str


class CrmRecords:
    """The CRM as `CustomerRecords`."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def record(self, lead: LeadDocument, idempotency_key: str) -> str:
        """Record the lead, once for a key; its id. Raises PartnerUnavailable, PartnerRefused."""
        return await self._post(_body(lead), idempotency_key)

    async def withdraw(
        self,
        reference: str,
        idempotency_key: str,
        reopenings: int = 0,
        record_id: str | None = None,
    ) -> None:
        """Mark the lead that was recorded under the key as cancelled, if one was.

        Raises PartnerUnavailable, PartnerRefused.
        """
        purpose = f"withdraw:{reopenings}" if reopenings else "withdraw"
        record_id = record_id or await self._recorded(reference, idempotency_key)
        if record_id is not None:
            with _unless_gone():
                await self._mark(record_id, f"{idempotency_key}:{purpose}", "cancelled")

    async def reopen(
        self, reference: str, idempotency_key: str, reopenings: int, record_id: str | None = None
    ) -> None:
        """Mark the lead that was recorded under the key as open; `reopenings` counts how often.

        Raises PartnerUnavailable; PartnerRefused also where there is none.
        """
        record_id = record_id or await self._find(reference, idempotency_key)
        await self._mark(record_id, f"{idempotency_key}:reopen:{reopenings}", "open")

    async def erase(
        self, reference: str, idempotency_key: str, record_id: str | None = None
    ) -> None:
        """Delete the lead that was recorded under the key, if one was.

        Raises PartnerUnavailable, PartnerRefused.
        """
        record_id = record_id or await self._recorded(reference, idempotency_key)
        if record_id is not None:
            with _unless_gone():
                await self._change(record_id, f"{idempotency_key}:erase", "DELETE")

    async def _recorded(self, reference: str, idempotency_key: str) -> str | None:
        """The CRM's id of the lead that was recorded under the key; None where none was."""
        try:
            return await self._find(reference, idempotency_key)
        except PartnerRefused as refusal:
            if refusal.partner_status not in NEVER_RECORDED:
                raise
            return None

    async def _find(self, reference: str, idempotency_key: str) -> str:
        """The CRM answers a repeated key with its first answer, which names the lead.

        A key it does not know comes with too little to become a lead.
        """
        return await self._post({"externalId": reference}, idempotency_key)

    async def _mark(self, record_id: str, idempotency_key: str, status: str) -> None:
        await self._change(record_id, idempotency_key, "PATCH", json={"status": status})

    async def _change(
        self,
        record_id: str,
        idempotency_key: str,
        method: str,
        json: dict[str, Any] | None = None,
    ) -> None:
        await self._gateway.call(
            PARTNER,
            method,
            f"/v1/leads/{quote(record_id, safe='')}",
            json=json,
            idempotency_key=idempotency_key,
            read=_taken,
        )

    async def _post(self, body: dict[str, Any], idempotency_key: str) -> str:
        answer = await self._gateway.call(
            PARTNER,
            "POST",
            "/v1/leads",
            json=body,
            idempotency_key=idempotency_key,
            read=reading(WireRecord),
        )
        return answer.value.id


@contextmanager
def _unless_gone() -> Generator[None]:
    """What is not there need not be taken away. Any other refusal leaves it there."""
    try:
        yield
    except PartnerRefused as refusal:
        if refusal.partner_status not in GONE:
            raise


def _taken(reply: Reply) -> None:
    """Read what follows a change: the lead, or nothing at all. Raises ValueError."""
    if reply.content:
        reading(WireRecord)(reply)


def _body(lead: LeadDocument) -> dict[str, Any]:
    given = {theirs: lead.contact.get(ours) for ours, theirs in _NAMES.items()}
    return {
        "externalId": lead.reference,
        "journey": lead.kind,
        "createdAt": lead.created_at.isoformat(),
        "locale": lead.locale,
        "tenant": lead.tenant,
        "contact": {name: value for name, value in given.items() if value},
        "vehicles": [_vehicle(lead.vehicle)] if lead.vehicle else [],
        "dealers": list(lead.details.get("dealer_ids") or ()),
        "score": lead.score,
        "consents": list(lead.contact.get("contact_channels") or ()),
    }


def _vehicle(vehicle: Data) -> dict[str, Any]:
    names = (vehicle.get(name) for name in ("year", "make", "model", "trim"))
    title = " ".join(str(name) for name in names if name)
    return {"id": vehicle.get("vehicle_id"), "vin": vehicle.get("vin"), "title": title}
