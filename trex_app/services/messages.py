"""Messages to people: each is written once, and noted how it got on.

Whom a message goes to and what it says stands encrypted in its row until it was sent, and is
destroyed then; that it was sent, when and how stays.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, Select, select, update
from sqlalchemy.dialects import postgresql, sqlite

from trex_app.core.clock import Clock
from trex_app.core.crypto import Keyring
from trex_app.core.errors import NotFound
from trex_app.db.sealed import seal, unseal
from trex_app.db.statements import SQLITE
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.engine.definition import EMPTY, Json
from trex_app.services.contacts import Channel, Contact
from trex_app.services.enqueue import Enqueue
from trex_app.services.lead_progress import pause_seconds

JOB: Final = "send_message"
QUEUED, WAITING, SENT = "queued", "waiting", "sent"
PARKED, SUPPRESSED = "parked", "suppressed"
NO_CONSENT, WITHDRAWN, ERASED = "no_consent", "withdrawn", "erased"
NOT_CONFIGURED: Final = "{channel}_not_configured"
OPEN: Final = (QUEUED, WAITING)
RESUMED_AT_A_TIME: Final = 200
DIGEST_LETTERS: Final = 40

_message = METADATA.tables["message"]
_lead = METADATA.tables["lead"]


class Purpose(StrEnum):
    """What a message is for."""

    CONFIRMATION = "confirmation"
    LEAD_CANCELLED = "lead_cancelled"
    LEAD_COMPENSATED = "lead_compensated"
    SAVE_LINK = "save_link"
    REMINDER = "reminder"
    CREDIT_DECIDED = "credit_decided"
    DEALER_SALE = "dealer_sale"
    """To the dealer whom a seller named as the buyer."""
    BUYER_INVITATION = "buyer_invitation"
    """To the private buyer who is to apply for financing."""
    SALE_CALLED_OFF = "sale_called_off"
    """To either of them, after one of these."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to write. `subject` with the purpose makes its id: a repeat is the same one."""

    purpose: Purpose
    subject: str
    session_id: str
    contact: Contact
    locale: str
    lead_key: str | None = None
    tenant: str | None = None
    values: Mapping[str, Json] = field(default=EMPTY)


@dataclass(frozen=True, slots=True)
class Message:
    """A message on its way, opened."""

    message_id: str
    purpose: Purpose
    session_id: str
    lead_key: str | None
    locale: str
    channel: Channel
    channels: tuple[Channel, ...]
    addresses: Mapping[str, str]
    name: str
    values: Mapping[str, Json]
    attempts: int
    round: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MessageSummary:
    """A message without personal data."""

    message_id: str
    purpose: str
    channel: str
    status: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    error: str | None

    def as_json(self) -> dict[str, Json]:
        """The shape that `messages list --json` prints."""
        return {
            "message_id": self.message_id,
            "purpose": self.purpose,
            "channel": self.channel,
            "status": self.status,
            "attempts": self.attempts,
            "created_at": self.created_at.isoformat(),
            "sent_at": self.sent_at.isoformat() if self.sent_at else None,
            "error": self.error,
        }


def message_id_of(purpose: Purpose, subject: str) -> str:
    """The id that follows from what a message is for."""
    digest = hashlib.sha256(f"{purpose}:{subject}".encode()).hexdigest()
    return f"{purpose}-{digest[:DIGEST_LETTERS]}"


class Messages:
    """The rows of messages, in the transactions of others."""

    def __init__(self, keyring: Keyring, clock: Clock, enqueue: Enqueue) -> None:
        self._keyring = keyring
        self._clock = clock
        self._enqueue = enqueue

    def write(self, tx: Transaction, draft: Draft) -> str:
        """Keep a message and enqueue its job; a repeat changes nothing. Its id.

        Without a channel that the person agreed to it is kept as suppressed, and says nothing.
        """
        message_id = message_id_of(draft.purpose, draft.subject)
        channels = draft.contact.channels
        now = self._clock()
        row = {
            "message_id": message_id,
            "purpose": draft.purpose.value,
            "session_id": draft.session_id,
            "lead_key": draft.lead_key,
            "tenant": draft.tenant,
            "channel": channels[0].value if channels else "",
            "locale": draft.locale,
            "status": QUEUED if channels else SUPPRESSED,
            "attempts": 0,
            "round": 0,
            "error": None if channels else NO_CONSENT,
            "created_at": now,
            "due_at": now,
        }
        if channels:
            row |= seal(self._keyring, message_id, details=_details(draft))
        dialect_insert = sqlite.insert if tx.dialect == SQLITE else postgresql.insert
        written = dialect_insert(_message).values(row).on_conflict_do_nothing()
        if tx.connection.execute(written).rowcount and channels:
            self._enqueue(tx, JOB, message_id)
        return message_id

    def is_written(self, tx: Transaction, purpose: Purpose, subject: str) -> bool:
        """Whether there is already a message of this purpose about this."""
        return tx.connection.execute(_of(message_id_of(purpose, subject))).first() is not None

    def standing(self, tx: Transaction, purpose: Purpose, subject: str) -> Row[Any] | None:
        """The row of the message of this purpose about this, if there is one."""
        return tx.connection.execute(_of(message_id_of(purpose, subject))).one_or_none()

    def open(self, tx: Transaction, message_id: str, round: int) -> Message | None:
        """The message, where it is still to be sent in this round; else None."""
        row = tx.connection.execute(_of(message_id)).one_or_none()
        if row is None or row.status not in {QUEUED, WAITING} or row.round != round:
            return None
        details = unseal(self._keyring, message_id, row.wrapped_key, row.details)
        if details is None:
            return None
        return Message(
            message_id=message_id,
            purpose=Purpose(row.purpose),
            session_id=row.session_id,
            lead_key=row.lead_key,
            locale=row.locale,
            channel=Channel(row.channel),
            channels=tuple(Channel(name) for name in details["channels"]),
            addresses=details["addresses"],
            name=details["name"],
            values=details["values"],
            attempts=row.attempts,
            round=row.round,
            created_at=row.created_at,
        )

    def note_sent(self, tx: Transaction, message: Message) -> bool:
        """Note that it went out, and destroy what it said and to whom. False where it was known."""
        return self._change(
            tx,
            message,
            status=SENT,
            attempts=message.attempts + 1,
            error=None,
            sent_at=self._clock(),
            wrapped_key=None,
            details=None,
        )

    def go_on(self, tx: Transaction, message: Message, delay: timedelta, **noted: Any) -> None:
        """Try again in a further round, after `delay`; `noted` are columns that change as well."""
        further = message.round + 1
        due_at = self._clock() + delay
        changed = {"status": QUEUED, **noted, "round": further, "due_at": due_at}
        if self._change(tx, message, **changed):
            seconds = delay.total_seconds()
            self._enqueue(tx, JOB, message.message_id, round=further, delay_seconds=seconds)

    def park(self, tx: Transaction, message: Message, error: str) -> None:
        """No channel is left to try; `messages retry` takes it up again."""
        self._change(tx, message, status=PARKED, attempts=message.attempts + 1, error=error)

    def withdraw(self, tx: Transaction, lead_key: str) -> int:
        """Take back what was not sent yet about a lead; how many messages those were."""
        return self._silence(tx, _message.c.lead_key == lead_key, WITHDRAWN)

    def erase(self, tx: Transaction, session_id: str) -> None:
        """Destroy what the messages of a session say; what was not sent yet never will be.

        The same holds for messages to others about what its person sent.
        """
        sent = select(_lead.c.key).where(_lead.c.session_id == session_id)
        of_session = (_message.c.session_id == session_id) | _message.c.lead_key.in_(sent)
        self._silence(tx, of_session, ERASED)
        tx.connection.execute(
            update(_message).where(of_session).values(wrapped_key=None, details=None)
        )

    def retry(self, tx: Transaction, message_id: str) -> None:
        """Begin a parked message anew, with the channel it was parked at. Raises NotFound."""
        row = tx.connection.execute(_of(message_id).with_for_update()).one_or_none()
        if row is None or row.status != PARKED or row.wrapped_key is None:
            raise NotFound("There is no parked message of this id.")
        self._begin_anew(tx, row)

    def resume(self, tx: Transaction, configured: frozenset[Channel], since: datetime) -> int:
        """Go on with some of what can go on again; how many messages those were, 0 in the end.

        That is what was parked for want of a channel that there is now. `since` is when the caller
        began to look: what was taken up after that is left alone, for a process without the channel
        may have parked it again.
        """
        now_there = [NOT_CONFIGURED.format(channel=channel) for channel in sorted(configured)]
        query = select(_message).where(
            _message.c.status == PARKED,
            _message.c.error.in_(now_there),
            _message.c.wrapped_key.is_not(None),
            _message.c.due_at <= since,
        )
        # Several processes look; what one has taken up may be sent before another comes to it.
        some = query.limit(RESUMED_AT_A_TIME).with_for_update(skip_locked=True)
        rows = tx.connection.execute(some).all()
        for row in rows:
            self._begin_anew(tx, row)
        return len(rows)

    def revive(self, tx: Transaction, message_id: str, round: int) -> bool:
        """Give a message whose job ended without an outcome a further round, after a pause."""
        row = tx.connection.execute(_of(message_id).with_for_update()).one_or_none()
        if row is None or row.round != round or row.status not in OPEN or row.wrapped_key is None:
            return False
        seconds = pause_seconds(message_id, round + 1)
        due_at = self._clock() + timedelta(seconds=seconds)
        changed = update(_message).where(_message.c.message_id == message_id)
        tx.connection.execute(changed.values(status=QUEUED, round=round + 1, due_at=due_at))
        self._enqueue(tx, JOB, message_id, round=round + 1, delay_seconds=seconds)
        return True

    def list_messages(
        self, tx: Transaction, limit: int, status: str | None
    ) -> list[MessageSummary]:
        """The newest messages, at most `limit`, without personal data."""
        query = select(_message).order_by(_message.c.created_at.desc(), _message.c.message_id)
        if status is not None:
            query = query.where(_message.c.status == status)
        return [_summary(row) for row in tx.connection.execute(query.limit(limit))]

    def exported(self, tx: Transaction, session_id: str) -> list[dict[str, Json]]:
        """What is held of the messages of a session, what they say included."""
        query = select(_message).where(_message.c.session_id == session_id)
        rows = tx.connection.execute(query.order_by(_message.c.created_at)).all()
        return [
            {
                **_summary(row).as_json(),
                "details": unseal(self._keyring, row.message_id, row.wrapped_key, row.details),
            }
            for row in rows
        ]

    def _begin_anew(self, tx: Transaction, row: Row[Any]) -> None:
        changed = {"status": QUEUED, "attempts": 0, "round": row.round + 1, "error": None}
        tx.connection.execute(
            update(_message)
            .where(_message.c.message_id == row.message_id)
            .values(**changed, due_at=self._clock())
        )
        self._enqueue(tx, JOB, row.message_id, round=row.round + 1)

    def _change(self, tx: Transaction, message: Message, **values: Any) -> bool:
        """Change a message that is still as it was opened; whether it is."""
        same = (
            _message.c.message_id == message.message_id,
            _message.c.round == message.round,
            _message.c.status.in_(OPEN),
        )
        return tx.connection.execute(update(_message).where(*same).values(values)).rowcount > 0

    def _silence(self, tx: Transaction, whose: Any, reason: str) -> int:
        unsent = _message.c.status.in_((QUEUED, WAITING, PARKED))
        nothing = {"wrapped_key": None, "details": None}
        taken_back = update(_message).where(whose, unsent)
        values = {"status": SUPPRESSED, "error": reason, **nothing}
        return tx.connection.execute(taken_back.values(values)).rowcount


def open_messages(before: datetime) -> Select[Any, Any]:
    """Id and round of each that should have been sent before this time."""
    return select(_message.c.message_id, _message.c.round).where(
        _message.c.status.in_(OPEN),
        _message.c.due_at < before,
        _message.c.wrapped_key.is_not(None),
    )


def _of(message_id: str) -> Any:
    return select(_message).where(_message.c.message_id == message_id)


def _details(draft: Draft) -> dict[str, Json]:
    contact = draft.contact
    return {
        "name": contact.name,
        "channels": [channel.value for channel in contact.channels],
        "addresses": {c.value: contact.addresses[c] for c in contact.channels},
        "values": dict(draft.values),
    }


def _summary(row: Row[Any]) -> MessageSummary:
    return MessageSummary(
        row.message_id,
        row.purpose,
        row.channel,
        row.status,
        row.attempts,
        row.created_at,
        row.sent_at,
        row.error,
    )
