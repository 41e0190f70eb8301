"""What the credit bureau sends us: believed where it is signed, fresh, and about our checks."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import orjson
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from trex_app.core.clock import Clock
from trex_app.core.errors import FieldError, NotFound, ValidationFailed, WebhookRefused
from trex_app.db.statements import SQLITE
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.sagas.credit_checks import PENDING, CreditChecks
from trex_app.services.credit import CreditDecision

PARTNER: Final = "credit"
SIGNATURE_VERSION: Final = "v1"
REPLAY_WINDOW: Final = timedelta(minutes=5)
UNREADABLE: Final = "The body is not a credit check as agreed: {reason}."

_receipt = METADATA.tables["webhook_receipt"]

ReadDecision = Callable[[Any], CreditDecision]
"""The decision that a `check` of the bureau tells. Raises ValueError for another shape."""


class CreditWebhook:
    """Takes decisions that the bureau sends.

    A message counts once by its signature, and of several messages about a check the first that
    decides counts: a late `pending` undoes nothing. Without a secret there is no such address.
    """

    def __init__(
        self,
        database: Database,
        checks: CreditChecks,
        clock: Clock,
        secret: str | None,
        read_decision: ReadDecision,
    ) -> None:
        self._database = database
        self._checks = checks
        self._clock = clock
        self._secret = secret
        self._read_decision = read_decision

    async def receive(self, timestamp: str, signature: str, body: bytes) -> None:
        """Take one message. Raises NotFound, WebhookRefused, ValidationFailed, Unavailable."""
        if self._secret is None:
            raise NotFound
        expected = sign(self._secret, timestamp, body)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise WebhookRefused
        self._check_age(timestamp)
        key, decision = self._read(body)
        await self._database.write(lambda tx: self._take(tx, expected, key, decision))

    def _check_age(self, timestamp: str) -> None:
        """Raises WebhookRefused for what was signed too long ago, or is yet to be."""
        now = self._clock().timestamp()
        if not timestamp.isdecimal() or abs(now - int(timestamp)) > REPLAY_WINDOW.total_seconds():
            raise WebhookRefused

    def _read(self, body: bytes) -> tuple[str, CreditDecision]:
        """The key of the check, and what is told of it. Raises ValidationFailed."""
        try:
            check = orjson.loads(body)["check"]
            return str(check["idempotencyKey"]), self._read_decision(check)
        except (ValueError, KeyError, TypeError) as error:
            reason = type(error).__name__
            fault = FieldError("check", "invalid", UNREADABLE, {"reason": reason})
            raise ValidationFailed([fault]) from error

    def _take(self, tx: Transaction, signature: str, key: str, decision: CreditDecision) -> None:
        if not self._is_new(tx, signature):
            return
        self._checks.confirm_known(tx, key)
        if decision["decision"] != PENDING:
            self._checks.decide(tx, key, decision)

    def _is_new(self, tx: Transaction, signature: str) -> bool:
        """Whether the message is seen for the first time; what can no longer come is forgotten."""
        now = self._clock()
        old = _receipt.c.received_at < now - 2 * REPLAY_WINDOW
        tx.connection.execute(delete(_receipt).where(old))
        receipt = {"partner": PARTNER, "signature": signature, "received_at": now}
        dialect_insert = sqlite.insert if tx.dialect == SQLITE else postgresql.insert
        added = dialect_insert(_receipt).values(receipt).on_conflict_do_nothing()
        return tx.connection.execute(added).rowcount == 1


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a message: over the time as sent, a dot, and the body as sent."""
    message = timestamp.encode() + b"." + body
    digest = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return f"{SIGNATURE_VERSION}={digest}"
