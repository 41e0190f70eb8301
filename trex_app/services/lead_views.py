"""Leads as operators see them: in a list without personal data, and one in full."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from trex_app.core.crypto import Keyring
from trex_app.core.errors import NotFound
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.engine.definition import Json
from trex_app.services.lead_details import lead_details
from trex_app.services.lead_progress import normalised
from trex_app.services.lead_steps import steps_of

_lead = METADATA.tables["lead"]
_dealer = METADATA.tables["lead_dealer"]
_check = METADATA.tables["credit_check"]
_message = METADATA.tables["message"]


@dataclass(frozen=True, slots=True)
class LeadStep:
    """One step of a lead's travels: how it stands and how often it was tried."""

    name: str
    status: str
    attempts: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class LeadSummary:
    """One lead without personal data."""

    reference: str
    status: str
    journey: str
    tenant: str | None
    created_at: datetime
    steps: tuple[LeadStep, ...]
    dealer_ids: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        """The shape that `leads list --json` prints; a step without an error has no `error`."""
        return {
            "reference": self.reference,
            "status": self.status,
            "journey": self.journey,
            "tenant": self.tenant,
            "created_at": self.created_at.isoformat(),
            "steps": [_without_none(asdict(step)) for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead in full. `details` is what the journey sent; None once the person was erased.

    `dealers`, `messages` and `credit_checks` tell how each stands; only `details` is personal.
    """

    summary: LeadSummary
    kind: str
    round: int
    retry_at: datetime | None
    is_being_undone: bool
    dealers: tuple[Mapping[str, Json], ...]
    messages: tuple[Mapping[str, Json], ...]
    credit_checks: tuple[Mapping[str, Json], ...]
    details: Mapping[str, Json] | None

    def as_json(self, *, with_details: bool = False) -> dict[str, Json]:
        """The shape that `leads show --json` prints."""
        shown: dict[str, Json] = {
            **self.summary.as_json(),
            "kind": self.kind,
            "round": self.round,
            "retry_at": self.retry_at.isoformat() if self.retry_at else None,
            "is_being_undone": self.is_being_undone,
            "dealers": [dict(dealer) for dealer in self.dealers],
            "messages": [dict(message) for message in self.messages],
            "credit_checks": [dict(check) for check in self.credit_checks],
        }
        return {**shown, "details": self.details} if with_details else shown


def list_leads(
    tx: Transaction,
    limit: int,
    since: datetime | None = None,
    status: str | None = None,
    tenant: str | None = None,
) -> list[LeadSummary]:
    """The newest leads, at most `limit`, that were sent at `since` or later and stand so.

    With a `tenant`, those from its pages.
    """
    newest = select(_lead).order_by(_lead.c.created_at.desc(), _lead.c.key).limit(limit)
    if since is not None:
        newest = newest.where(_lead.c.created_at >= since)
    if status is not None:
        newest = newest.where(_lead.c.status == status)
    if tenant is not None:
        newest = newest.where(_lead.c.tenant == tenant)
    return _summaries(tx, newest)


def show_lead(tx: Transaction, keyring: Keyring, reference: str) -> Lead:
    """The lead with this reference, in full. Raises NotFound."""
    query = select(_lead).where(_lead.c.reference == normalised(reference))
    newest = query.order_by(_lead.c.created_at.desc(), _lead.c.key).limit(1)
    row = tx.connection.execute(newest).one_or_none()
    if row is None:
        raise NotFound("There is no lead with this reference.")
    dealers = select(_dealer).where(_dealer.c.lead_key == row.key).order_by(_dealer.c.rank)
    messages = select(_message).where(_message.c.lead_key == row.key)
    checks = select(_check).where(_check.c.session_id == row.session_id)
    return Lead(
        summary=_summaries(tx, newest)[0],
        kind=row.kind,
        round=row.round,
        retry_at=row.retry_at,
        is_being_undone=row.undo_status is not None,
        dealers=tuple(map(_dealer_shown, tx.connection.execute(dealers))),
        messages=tuple(
            map(_message_shown, tx.connection.execute(messages.order_by(_message.c.created_at)))
        ),
        credit_checks=tuple(
            map(_check_shown, tx.connection.execute(checks.order_by(_check.c.created_at)))
        ),
        details=lead_details(tx, keyring, row.key),
    )


def _summaries(tx: Transaction, query: Select[Any]) -> list[LeadSummary]:
    """The leads of a query, with their steps and dealers."""
    leads = tx.connection.execute(query).all()
    keys = [lead.key for lead in leads]
    dealers = select(_dealer).where(_dealer.c.lead_key.in_(keys)).order_by(_dealer.c.rank)
    steps_by_lead = _by_lead(tx.connection.execute(steps_of(keys)))
    dealers_by_lead = _by_lead(tx.connection.execute(dealers))
    return [
        LeadSummary(
            reference=lead.reference,
            status=lead.status,
            journey=lead.journey,
            tenant=lead.tenant,
            created_at=lead.created_at,
            steps=tuple(
                LeadStep(row.name, row.status, row.attempts, row.error)
                for row in steps_by_lead.get(lead.key, ())
            ),
            dealer_ids=tuple(row.dealer_id for row in dealers_by_lead.get(lead.key, ())),
        )
        for lead in leads
    ]


def _by_lead(rows: Iterable[Row[Any]]) -> dict[str, list[Row[Any]]]:
    grouped: dict[str, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.lead_key, []).append(row)
    return grouped


def _dealer_shown(row: Row[Any]) -> dict[str, Json]:
    return _without_none(
        {
            "dealer_id": row.dealer_id,
            "status": row.status,
            "delivered_at": _moment(row.delivered_at),
        }
    )


def _message_shown(row: Row[Any]) -> dict[str, Json]:
    return _without_none(
        {
            "purpose": row.purpose,
            "channel": row.channel,
            "status": row.status,
            "attempts": row.attempts,
            "sent_at": _moment(row.sent_at),
            "error": row.error,
        }
    )


def _check_shown(row: Row[Any]) -> dict[str, Json]:
    """How a check stands; what was decided is of the credit class and not told."""
    is_erased = row.wrapped_key is None
    status = "erased" if is_erased else "decided" if row.decided_at else "pending"
    shown = {"status": status, "rounds": row.attempts, "decided_at": _moment(row.decided_at)}
    return _without_none(shown)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _without_none(members: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in members.items() if value is not None}
