"""What a lead is about, opened with the lead's own key."""

from typing import Any

from sqlalchemy import select

from trex_app.core.crypto import Keyring
from trex_app.core.errors import NotFound
from trex_app.db.sealed import unseal
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction

_lead = METADATA.tables["lead"]


def lead_details(tx: Transaction, keyring: Keyring, lead_key: str) -> dict[str, Any] | None:
    """What the journey sent: kind, contact, vehicle, dealer_ids, details.

    None once the person was erased. Raises NotFound where there is no such lead.
    """
    query = select(_lead.c.wrapped_key, _lead.c.details).where(_lead.c.key == lead_key)
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no lead of this key.")
    return unseal(keyring, lead_key, row.wrapped_key, row.details)
