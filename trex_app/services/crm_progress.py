"""How a lead's record in the CRM gets on: whether it is wanted, its rounds, and its patience.

The CRM neither delays a lead nor undoes one. A lead leaves word whether its record is wanted, and a
job of its own sees to it. Only the job of the present round speaks to the CRM about the lead, so
that a record and its withdrawal never overtake each other: word that is left while it speaks is
heard at its end.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, and_, bindparam, insert, or_, select, update

from trex_app.core.clock import Clock
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.services.enqueue import Enqueue
from trex_app.services.lead_progress import INTERRUPTED, HeldLead, pause_seconds
from trex_app.services.lead_states import StepStatus

JOB: Final = "record_in_crm"
"""The job's name, and that of the step that leaves it word."""
PURPOSE: Final = "crm"
PATIENCE: Final = timedelta(days=14)
"""How long a CRM that is away is waited for: nothing else waits for it."""
WAITED: Final = "waited 14 days; {fault}"
NOT_UNDONE: Final = "not undone: {fault}"
OPEN: Final = frozenset({StepStatus.PENDING, StepStatus.PARKED})
"""A job is at it, or comes back to it."""
STOPPED: Final = frozenset({StepStatus.FAILED, StepStatus.PARKED})

_record = METADATA.tables["crm_record"]
_lead = METADATA.tables["lead"]

_HOLD = select(_record).where(_record.c.lead_key == bindparam("this_lead")).with_for_update()
_CHANGE = update(_record).where(_record.c.lead_key == bindparam("this_lead"))
_REFERENCE = select(_lead.c.reference).where(_lead.c.key == bindparam("this_lead"))


def record_key(lead_key: str, trip: int) -> str:
    """The idempotency key of the record that a trip of a lead made."""
    first = f"{lead_key}:{PURPOSE}"
    return f"{first}:{trip}" if trip else first


@dataclass(frozen=True, slots=True)
class Errand:
    """What one round asks of the CRM."""

    lead_key: str
    reference: str
    round: int
    is_wanted: bool
    trip: int
    record_trip: int
    record_id: str | None = None
    """The CRM's own id of the record, where it is known."""

    @property
    def key(self) -> str:
        """The idempotency key of the record."""
        return record_key(self.lead_key, self.record_trip)

    @property
    def reopenings(self) -> int:
        """How often the lead was sent anew under that record, which is then opened again."""
        return self.trip - self.record_trip


class CrmProgress:
    """Records how the CRM's part gets on, each change in the caller's transaction."""

    def __init__(self, clock: Clock, enqueue: Enqueue) -> None:
        self._clock = clock
        self._enqueue = enqueue

    def keep(self, tx: Transaction, lead: HeldLead) -> None:
        """Have the lead recorded.

        One that is sent anew gets a new record only where the former is known to be withdrawn.
        """
        row = _locked(tx, lead.key)
        if row is None:
            self._begin_first(tx, lead, is_wanted=True, attempts=0)
            return
        values: dict[str, Any] = {"is_wanted": True, "trip": lead.trip}
        if row.status in (StepStatus.COMPENSATED, StepStatus.SKIPPED):
            values |= {"record_trip": lead.trip, "attempts": 0}
        self._leave_word(tx, row, **values)

    def take_back(self, tx: Transaction, lead: HeldLead) -> None:
        """Have the lead's record withdrawn, if there is one or may be one."""
        row = _locked(tx, lead.key)
        if row is None:
            # A worker of the version before, in a deploy that is under way, asked by itself.
            self._begin_first(tx, lead, is_wanted=False, attempts=1)
        else:
            self._leave_word(tx, row, is_wanted=False, trip=lead.trip)

    def try_again(self, tx: Transaction, lead_key: str) -> bool:
        """Go on at once with what waits or was given up; whether there was such a thing."""
        row = _locked(tx, lead_key)
        if row is None or row.status not in STOPPED:
            return False
        self._begin_round(tx, row, waits_since=self._clock())
        return True

    def revive(self, tx: Transaction, lead_key: str, round: int) -> bool:
        """Give a record whose job ended without an outcome a further round, after a pause."""
        row = _locked(tx, lead_key)
        if row is None or row.round != round or row.status not in OPEN:
            return False
        error = INTERRUPTED if row.attempts else row.error
        self._begin_round(tx, row, delay_seconds=pause_seconds(lead_key, round + 1), error=error)
        return True

    def begin(self, tx: Transaction, lead_key: str, round: int) -> Errand | None:
        """Note that the CRM is about to be asked; None where this round has nothing to ask."""
        row = _locked(tx, lead_key)
        if row is None or row.round != round or row.status not in OPEN:
            return None
        if not row.is_wanted and row.attempts == 0:
            self._set(tx, lead_key, status=StepStatus.SKIPPED, retry_at=None)
            return None
        self._set(tx, lead_key, status=StepStatus.PENDING, attempts=row.attempts + 1, retry_at=None)
        reference = tx.connection.execute(_REFERENCE, {"this_lead": lead_key}).scalar_one()
        return Errand(
            lead_key=lead_key,
            reference=reference,
            round=round,
            is_wanted=row.is_wanted,
            trip=row.trip,
            record_trip=row.record_trip,
            record_id=_ids(row).get(str(row.record_trip)),
        )

    def keep_id(self, tx: Transaction, errand: Errand, record_id: str) -> None:
        """Keep the CRM's own id of the record, whoever's round it is by now: it stays true."""
        row = _locked(tx, errand.lead_key)
        if row is not None:
            self._set(tx, errand.lead_key, record_ids=_named(row, errand, record_id))

    def end(
        self,
        tx: Transaction,
        errand: Errand,
        status: StepStatus,
        error: str | None = None,
        record_id: str | None = None,
    ) -> None:
        """Note how it ended. Where something else is wanted by now, that begins.

        `record_id` is the CRM's own id of the record, where it named one.
        """
        row = self._still_its_own(tx, errand)
        if row is not None:
            named = {} if record_id is None else {"record_ids": _named(row, errand, record_id)}
            self._set(tx, errand.lead_key, status=status, error=error, **named)
        elif record_id is not None:
            self.keep_id(tx, errand, record_id)

    def wait(self, tx: Transaction, errand: Errand, fault: str) -> bool:
        """Let it wait for a CRM that is away; False once patience is at an end."""
        row = self._still_its_own(tx, errand)
        if row is None:
            return True
        now = self._clock()
        if now - row.waits_since >= PATIENCE:
            return False
        pause = pause_seconds(errand.lead_key, row.attempts)
        self._begin_round(
            tx,
            row,
            delay_seconds=pause,
            status=StepStatus.PARKED,
            error=fault,
            retry_at=now + timedelta(seconds=pause),
        )
        return True

    def _begin_first(
        self, tx: Transaction, lead: HeldLead, *, is_wanted: bool, attempts: int
    ) -> None:
        now = self._clock()
        row = {
            "lead_key": lead.key,
            "is_wanted": is_wanted,
            "trip": lead.trip,
            "record_trip": lead.trip,
            "round": 0,
            "status": StepStatus.PENDING,
            "attempts": attempts,
            "waits_since": now,
            "updated_at": now,
        }
        tx.connection.execute(insert(_record).values(row))
        self._enqueue(tx, JOB, lead.key)

    def _leave_word(self, tx: Transaction, row: Row[Any], **values: Any) -> None:
        """A job that is at it hears it by itself; else a further round begins."""
        values["waits_since"] = self._clock()
        if row.status == StepStatus.PENDING:
            self._set(tx, row.lead_key, **values)
        else:
            self._begin_round(tx, row, **values)

    def _still_its_own(self, tx: Transaction, errand: Errand) -> Row[Any] | None:
        """The row, where the round is the present one and what it did is still what is wanted."""
        row = _locked(tx, errand.lead_key)
        if row is None or row.round != errand.round:
            return None
        if (row.is_wanted, row.trip) == (errand.is_wanted, errand.trip):
            return row
        self._begin_round(tx, row)
        return None

    def _begin_round(
        self, tx: Transaction, row: Row[Any], *, delay_seconds: float = 0, **values: Any
    ) -> None:
        round = row.round + 1
        begun = {"status": StepStatus.PENDING, "retry_at": None, **values, "round": round}
        self._set(tx, row.lead_key, **begun)
        self._enqueue(tx, JOB, row.lead_key, round=round, delay_seconds=delay_seconds)

    def _set(self, tx: Transaction, lead_key: str, **values: Any) -> None:
        changes = {"this_lead": lead_key, "updated_at": self._clock(), **values}
        tx.connection.execute(_CHANGE, changes)


def open_records(before: datetime) -> Select[Any, Any]:
    """Key and round of each that a job should be at, and that nothing has changed since."""
    moving = and_(_record.c.status == StepStatus.PENDING, _record.c.updated_at < before)
    waiting = and_(_record.c.status == StepStatus.PARKED, _record.c.retry_at < before)
    return select(_record.c.lead_key, _record.c.round).where(or_(moving, waiting))


def _locked(tx: Transaction, lead_key: str) -> Row[Any] | None:
    return tx.connection.execute(_HOLD, {"this_lead": lead_key}).one_or_none()


def _ids(row: Row[Any]) -> dict[str, str]:
    """The CRM's own ids of a lead's records, by trip."""
    return row.record_ids or {}


def _named(row: Row[Any], errand: Errand, record_id: str) -> dict[str, str]:
    """The same, with that of the errand's record."""
    return {**_ids(row), str(errand.record_trip): record_id}
