"""A lead as partners get it: what they need of it, and nothing about the person's credit."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, select

from trex_app.core.crypto import Keyring
from trex_app.core.errors import NotFound
from trex_app.db.sealed import unseal
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.ports import LeadDocument
from trex_app.services.lead_details import lead_details
from trex_app.services.scoring import score

CREDIT_DETAILS: Final = frozenset({"credit", "needs_financing", "applicant", "amount"})
"""Members of a lead's details that are about credit, and go to no partner but the bureau."""

_lead = METADATA.tables["lead"]
_dealer = METADATA.tables["lead_dealer"]

_OF_LEAD = select(_lead).where(_lead.c.key == bindparam("this_lead"))
_DEALERS_OF = (
    select(_dealer.c.dealer_id)
    .where(_dealer.c.lead_key == bindparam("this_lead"))
    .order_by(_dealer.c.rank)
)


class LeadDocuments:
    """Opens leads for those who pass them on."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def details(self, tx: Transaction, key: str) -> Mapping[str, Any] | None:
        """What the journey sent; None once the person was erased. Raises NotFound."""
        return lead_details(tx, self._keyring, key)

    def document(self, tx: Transaction, key: str) -> LeadDocument | None:
        """The lead for a partner; None once the person was erased. Raises NotFound."""
        row = tx.connection.execute(_OF_LEAD, {"this_lead": key}).one_or_none()
        if row is None:
            raise NotFound("There is no lead of this key.")
        details = unseal(self._keyring, key, row.wrapped_key, row.details)
        if details is None:
            return None
        more: Mapping[str, Any] = details.get("details") or {}
        return LeadDocument(
            reference=row.reference,
            kind=row.kind or details.get("kind") or "",
            created_at=row.created_at,
            locale=row.locale,
            contact=details.get("contact") or {},
            vehicle=details.get("vehicle") or {},
            details={
                **{name: more[name] for name in more if name not in CREDIT_DETAILS},
                "dealer_ids": _dealer_ids(tx, key),
            },
            tenant=row.tenant,
            # Scored by an event, which may come later than the CRM is told, and it is told once.
            score=score(details).points if row.score is None else row.score,
        )


def _dealer_ids(tx: Transaction, key: str) -> list[str]:
    return list(tx.connection.execute(_DEALERS_OF, {"this_lead": key}).scalars())
