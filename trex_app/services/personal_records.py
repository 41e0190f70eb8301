"""All that is stored of the person of a session, opened, for that person."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from trex_app.core.crypto import Keyring
from trex_app.db.sealed import unseal
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.engine.definition import Json
from trex_app.engine.history import Event
from trex_app.engine.session import Answers, Results, Session
from trex_app.services.lead_steps import steps_of
from trex_app.services.messages import Messages

OURS = frozenset({"salt"})
"""What stands among a person's data and says nothing of them."""

_lead = METADATA.tables["lead"]
_lead_dealer = METADATA.tables["lead_dealer"]
_check = METADATA.tables["credit_check"]
_link = METADATA.tables["resume_link"]


class PersonalRecords:
    """Collects what every table holds of a session. Nothing is masked: it is the person's own."""

    def __init__(self, keyring: Keyring, store: SessionStore, messages: Messages) -> None:
        self._keyring = keyring
        self._store = store
        self._messages = messages

    def of_session(self, tx: Transaction, session_id: str) -> dict[str, Json]:
        """A session with all that hangs on it; what was erased is not there."""
        stored = self._store.load(tx, session_id)
        return {
            "session_id": session_id,
            "journey": None if stored is None else _journey(stored.session),
            "history": [_fact(event) for event in self._store.events(tx, session_id)],
            "leads": self._leads(tx, session_id),
            "credit_checks": self._credit_checks(tx, session_id),
            "messages": self._messages.exported(tx, session_id),
            "resume_links": _resume_links(tx, session_id),
        }

    def _leads(self, tx: Transaction, session_id: str) -> list[Json]:
        query = select(_lead).where(_lead.c.session_id == session_id)
        return [
            {
                "reference": row.reference,
                "journey": row.journey,
                "status": row.status,
                "created_at": row.created_at.isoformat(),
                "score": row.score,
                "score_reasons": row.score_reasons,
                "sent": unseal(self._keyring, row.key, row.wrapped_key, row.details),
                "steps": _steps(tx, row.key),
                "dealers": _dealers(tx, row.key),
            }
            for row in tx.connection.execute(query.order_by(_lead.c.created_at)).all()
        ]

    def _credit_checks(self, tx: Transaction, session_id: str) -> list[Json]:
        query = select(_check).where(_check.c.session_id == session_id)
        return [
            {
                "created_at": row.created_at.isoformat(),
                "decided_at": row.decided_at.isoformat() if row.decided_at else None,
                "request": unseal(self._keyring, row.key, row.wrapped_key, row.request),
                "decision": unseal(self._keyring, row.key, row.wrapped_key, row.decision),
            }
            for row in tx.connection.execute(query.order_by(_check.c.created_at)).all()
        ]


def _journey(session: Session) -> dict[str, Json]:
    return {
        "workflow": session.workflow_id,
        "status": session.status.value,
        "created_at": session.created_at.isoformat(),
        "updated_at": session.updated_at.isoformat(),
        "expires_at": session.expires_at.isoformat(),
        "answers": _answers(session.answers),
        "answers_set_aside": _answers(session.dormant),
        "results": _results(session.results),
        "results_set_aside": _results(session.dormant_results),
        "inputs": {frame: dict(given) for frame, given in session.inputs.items()},
        "context": dict(session.context),
    }


def _answers(answers: Answers) -> list[Json]:
    return [
        {
            "frame": frame,
            "step": step,
            "values": dict(answer.values),
            "chosen": dict(answer.snapshots),
        }
        for frame, steps in answers.items()
        for step, answer in steps.items()
    ]


def _results(results: Results) -> list[Json]:
    return [
        {"frame": frame, "step": step, "value": result.value}
        for frame, steps in results.items()
        for step, result in steps.items()
    ]


def _fact(event: Event) -> dict[str, Json]:
    return {
        "at": event.at.isoformat(),
        "kind": event.kind.value,
        "step": event.position.step,
        "to": event.to.step,
        "data": dict(event.data),
        "personal": _without_ours(event.personal),
    }


def _without_ours(personal: Mapping[str, Any]) -> dict[str, Json]:
    return {name: value for name, value in personal.items() if name not in OURS}


def _steps(tx: Transaction, lead_key: str) -> list[Json]:
    return [
        {"name": row.name, "status": row.status, "attempts": row.attempts}
        for row in tx.connection.execute(steps_of([lead_key]))
    ]


def _dealers(tx: Transaction, lead_key: str) -> list[Json]:
    query = select(_lead_dealer).where(_lead_dealer.c.lead_key == lead_key)
    return [
        {
            "dealer_id": row.dealer_id,
            "status": row.status,
            "delivered_at": row.delivered_at.isoformat() if row.delivered_at else None,
        }
        for row in tx.connection.execute(query.order_by(_lead_dealer.c.rank))
    ]


def _resume_links(tx: Transaction, session_id: str) -> list[Json]:
    query = select(_link.c.created_at, _link.c.expires_at).where(_link.c.session_id == session_id)
    return [
        {"created_at": row.created_at.isoformat(), "expires_at": row.expires_at.isoformat()}
        for row in tx.connection.execute(query.order_by(_link.c.created_at))
    ]
