"""The CRM: leads as JSON, changed and deleted by id."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from trex_app.sandbox.ledger import Entry
from trex_app.sandbox.wire import Answer, Call, Door, Refused, invalid

STATUSES: Final = ("open", "cancelled", "won")
_ID_LIMIT: Final = 100


class Crm:
    """Keeps leads."""

    name = "crm"

    def __init__(self) -> None:
        self._leads: dict[str, dict[str, Any] | None] = {}
        address = "/v1/leads/{lead_id}"
        self.doors = (
            Door("POST", "/v1/leads", self._create, needs_key=True, body_of=Call.json_object),
            Door("PATCH", address, self._change, body_of=Call.json_object),
            Door("DELETE", address, self._delete),
            Door("GET", address, self._show),
        )

    def absorb(self, entry: Entry) -> None:
        """Keep what was created and changed; a deleted lead stays known as deleted."""
        if entry.method == "DELETE":
            self._leads[entry.path.rpartition("/")[2]] = None
        elif entry.method in ("POST", "PATCH"):
            answer = entry.first_answer().data()
            kept = self._leads.get(answer["id"]) or {}
            self._leads[answer["id"]] = {**kept, **entry.body, **answer}

    def forget(self) -> None:
        """Forget every lead."""
        self._leads.clear()

    def _create(self, call: Call) -> Answer:
        body = call.json_object()
        external_id = body.get("externalId")
        if not isinstance(external_id, str) or not 1 <= len(external_id) <= _ID_LIMIT:
            raise invalid("externalId", f"must be a text of 1 to {_ID_LIMIT} characters.", 422)
        _check_contact(body.get("contact"))
        at = call.at.isoformat()
        return Answer.of(
            201,
            {
                "id": f"crm_{uuid4().hex[:16]}",
                "externalId": external_id,
                "status": "open",
                "createdAt": at,
                "updatedAt": at,
            },
        )

    def _change(self, call: Call) -> Answer:
        lead = self._lead(call)
        changes = call.json_object()
        if changes.get("status", "open") not in STATUSES:
            raise invalid("status", f"must be one of: {', '.join(STATUSES)}.", 422)
        if "contact" in changes:
            _check_contact(changes["contact"])
        own = {name: lead[name] for name in ("id", "externalId", "createdAt")}
        changed = {**lead, **changes, **own, "updatedAt": call.at.isoformat()}
        return Answer.of(200, changed)

    def _delete(self, call: Call) -> Answer:
        if call.params["lead_id"] not in self._leads:
            raise _unknown(call)
        return Answer(204)

    def _show(self, call: Call) -> Answer:
        return Answer.of(200, self._lead(call))

    def _lead(self, call: Call) -> Mapping[str, Any]:
        if call.params["lead_id"] not in self._leads:
            raise _unknown(call)
        lead = self._leads[call.params["lead_id"]]
        if lead is None:
            raise Refused.of(410, "LEAD_DELETED", "This lead was deleted.")
        return lead


def _unknown(call: Call) -> Refused:
    return Refused.of(404, "LEAD_UNKNOWN", f"There is no lead {call.params['lead_id']!r}.")


def _check_contact(contact: Any) -> None:
    if not isinstance(contact, dict):
        raise invalid("contact", "must be an object.", 422)
    ways = [contact.get("email"), contact.get("phone")]
    if not any(isinstance(way, str) and way.strip() for way in ways):
        raise invalid("contact.email", "must be there, or a phone.", 422)
