"""Leads: what a person sends off at the end of a journey, and what has become of it.

A lead is saved in the transaction of the submit that sends it, together with the job that takes
it further; its reference follows from the effect's key, so that a repeat gives the same one.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import insert, update

from trex_app.core.clock import Clock
from trex_app.core.crypto import Keyring
from trex_app.core.telemetry import EFFECTS
from trex_app.core.texts import DEFAULT_LOCALE
from trex_app.db.sealed import seal
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.definition import Json
from trex_app.engine.session import Session
from trex_app.engine.walk import Request
from trex_app.messaging import events
from trex_app.services import lead_views
from trex_app.services.enqueue import Enqueue
from trex_app.services.lead_progress import JOB
from trex_app.services.lead_states import LeadStatus
from trex_app.services.lead_views import Lead, LeadSummary

EFFECT = "leads.submit"
KIND_LENGTH = 20
# Crockford's base 32: no I, L, O or U to mistake for something else.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS_PER_LETTER = 5
REFERENCE_LETTERS = 8


_lead = METADATA.tables["lead"]


def reference_of(key: str) -> str:
    """The reference a person can read out, from the key of the effect: TRX-7K3M-9QWX."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    letters = [
        ALPHABET[number >> (BITS_PER_LETTER * place) & (len(ALPHABET) - 1)]
        for place in range(REFERENCE_LETTERS)
    ]
    half = REFERENCE_LETTERS // 2
    return f"TRX-{''.join(letters[:half])}-{''.join(letters[half:])}"


class Leads:
    """Saves leads, records how they travel, and shows them."""

    def __init__(
        self, database: Database, keyring: Keyring, clock: Clock, enqueue: Enqueue
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._clock = clock
        self._enqueue = enqueue

    def begin(self, _given: Mapping[str, Json], key: str) -> Json:
        """What a person is shown at once: the reference, from the key alone."""
        EFFECTS.labels(EFFECT, "begun").inc()
        return {"reference": reference_of(key), "status": LeadStatus.RECEIVED.value}

    def record(self, tx: Transaction, session: Session, request: Request, _value: Json) -> None:
        """Save the lead and enqueue its job, in the submit's own transaction.

        `request.input` holds what the lead is about: `contact`, and `dealer_ids` or `vehicle_id`
        where they decide whose lead it is.
        """
        key = cast("str", request.key)
        now = self._clock()
        lead: dict[str, Any] = {
            "key": key,
            "reference": reference_of(key),
            "session_id": session.session_id,
            "journey": request.workflow_id,
            "tenant": session.context.get("tenant"),
            "kind": str(request.input.get("kind") or "")[:KIND_LENGTH],
            "locale": session.context.get("locale") or DEFAULT_LOCALE,
            "status": LeadStatus.RECEIVED,
            "created_at": now,
            "updated_at": now,
            "trip_began_at": now,
            **seal(self._keyring, key, details=dict(request.input)),
        }
        tx.connection.execute(insert(_lead).values(lead))
        events.record(tx, _captured(lead), now=now)
        self._enqueue(tx, JOB, key)

    async def list_leads(
        self,
        limit: int,
        since: datetime | None = None,
        status: str | None = None,
        tenant: str | None = None,
    ) -> list[LeadSummary]:
        """The newest leads, at most `limit`, that were sent at `since` or later and stand so.

        With a `tenant`, those from its pages.
        """
        return await self._database.read(
            lambda tx: lead_views.list_leads(tx, limit, since, status, tenant)
        )

    async def show_lead(self, reference: str) -> Lead:
        """The lead with this reference, in full. Raises NotFound."""
        return await self._database.read(
            lambda tx: lead_views.show_lead(tx, self._keyring, reference)
        )

    def erase(self, tx: Transaction, session_id: str) -> None:
        """Destroy what the leads of a session say about a person; the bare facts stay."""
        tx.connection.execute(
            update(_lead)
            .where(_lead.c.session_id == session_id)
            .values(wrapped_key=None, details=None, updated_at=self._clock())
        )


def _captured(lead: Mapping[str, Any]) -> events.LeadCaptured:
    return events.LeadCaptured(
        lead_key=lead["key"],
        reference=lead["reference"],
        kind=lead["kind"],
        journey=lead["journey"],
        tenant=lead["tenant"],
        session_id=lead["session_id"],
    )
