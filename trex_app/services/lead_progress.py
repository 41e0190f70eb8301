"""How a lead gets on: its steps, its rounds, and who may move it.

A lead is moved by one job at a time, that of its present round. Parking it, taking it up again and
sending it off anew each begin a further round, so whatever a job of an earlier round still wants
to record finds that the lead is no longer its own. A cancellation does not take the lead away from
the job that is moving it: it leaves word, and that job turns back at its next step.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from trex_app.core.clock import Clock
from trex_app.core.errors import NotFound
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.messaging import events
from trex_app.services.enqueue import Enqueue
from trex_app.services.lead_states import LeadStatus, StepStatus

JOB: Final = "submit_lead"
STEPS: Final = (
    "save_lead",
    "check_credit",
    "route_to_dealers",
    "record_in_crm",
    "deliver_to_dealers",
    "send_confirmations",
)
RETIRED_STEP: Final = "assign_dealers"
"""The last step of leads that an earlier version took as far as they could go."""
FIRST_PAUSE_SECONDS: Final = 5.0
LONGEST_PAUSE_SECONDS: Final = 300.0
INTERRUPTED: Final = "interrupted; the log says why"
PATIENCE: Final = timedelta(hours=72)
"""How long a partner that is away is waited for."""

_lead = METADATA.tables["lead"]
_step = METADATA.tables["lead_step"]

# Run at every step of every lead, and so built once: building one takes longer than running it.
_HOLD = (
    select(
        *(
            _lead.c[name]
            for name in (
                "key",
                "reference",
                "session_id",
                "round",
                "status",
                "trip",
                "trip_began_at",
                "undo_status",
            )
        ),
        _lead.c.wrapped_key.is_(None).label("is_erased"),
    )
    .where(_lead.c.key == bindparam("this_lead"))
    .with_for_update()
)
_STEPS_OF = (
    select(_step.c.name, _step.c.status, _step.c.attempts)
    .where(_step.c.lead_key == bindparam("this_lead"))
    .order_by(_step.c.number)
)
_CHANGE_LEAD = update(_lead).where(_lead.c.key == bindparam("this_lead"))
_CHANGE_STEP = update(_step).where(
    _step.c.lead_key == bindparam("this_lead"), _step.c.name == bindparam("this_step")
)


class Turn(StrEnum):
    """What a job does after a step."""

    GO_ON = "go_on"
    TURN_BACK = "turn_back"
    """Undo what was done."""
    OVER = "over"
    """The lead is parked, at its end, or another round's: this job has nothing left to do."""


PASSED: Final = frozenset({StepStatus.DONE, StepStatus.SKIPPED})
MOVING: Final = frozenset({LeadStatus.RECEIVED, LeadStatus.PROCESSING})
ENDED: Final = frozenset({LeadStatus.DELIVERED, LeadStatus.COMPENSATED, LeadStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class StepRecord:
    """How one step stands, and how often it was begun on this trip."""

    status: str
    attempts: int


@dataclass(frozen=True, slots=True)
class HeldLead:
    """A lead that a round holds for the length of a transaction."""

    key: str
    reference: str
    session_id: str
    round: int
    trip: int
    began_at: datetime
    undo_status: str | None
    steps: Mapping[str, StepRecord]
    is_erased: bool

    @property
    def is_turning_back(self) -> bool:
        """Whether its travels are being undone."""
        return self.undo_status is not None

    def partner_key(self, purpose: str, trip: int | None = None) -> str:
        """The idempotency key of a request to a partner, the same at every repeat of a trip.

        `trip` defaults to the present one.
        """
        trip = self.trip if trip is None else trip
        key = f"{self.key}:{purpose}"
        return f"{key}:{trip}" if trip else key


class LeadProgress:
    """Records how leads get on, each change in the caller's transaction."""

    def __init__(self, clock: Clock, enqueue: Enqueue) -> None:
        self._clock = clock
        self._enqueue = enqueue

    def hold(self, tx: Transaction, key: str, round: int) -> HeldLead | None:
        """The lead, locked until the transaction ends; None where `round` may not move it.

        Raises NotFound.
        """
        row = tx.connection.execute(_HOLD, {"this_lead": key}).one_or_none()
        if row is None:
            raise NotFound("There is no lead of this key.")
        steps = _steps_of(tx, key)
        is_retired = row.trip_began_at is None and RETIRED_STEP in steps
        if row.round != round or row.status in ENDED or is_retired:
            return None
        began_at = row.trip_began_at or self._clock()
        if row.status != LeadStatus.PROCESSING or len(steps) < len(STEPS):
            self._set_out(tx, key, began_at)
            steps = _steps_of(tx, key)
        return HeldLead(
            key=key,
            reference=row.reference,
            session_id=row.session_id,
            round=round,
            trip=row.trip,
            began_at=began_at,
            undo_status=row.undo_status,
            steps=steps,
            is_erased=row.is_erased,
        )

    def begin_step(self, tx: Transaction, lead: HeldLead, name: str) -> HeldLead:
        """Note that a step is about to be tried; until its end is noted, its outcome is unknown."""
        return self._begin(tx, lead, name, StepStatus.PENDING)

    def pass_step(
        self,
        tx: Transaction,
        lead: HeldLead,
        name: str,
        status: StepStatus,
        error: str | None = None,
    ) -> None:
        """Note a step that began and ended in this very transaction."""
        attempts = lead.steps[name].attempts + 1
        began = {"attempts": attempts, "started_at": self._clock()}
        self._note(tx, lead, name, status, error=error, **began)

    def begin_undoing(self, tx: Transaction, lead: HeldLead, name: str) -> HeldLead:
        """Note that a step is about to be undone."""
        return self._begin(tx, lead, name, StepStatus(lead.steps[name].status))

    def end_step(
        self,
        tx: Transaction,
        lead: HeldLead,
        name: str,
        status: StepStatus,
        error: str | None = None,
    ) -> None:
        """Note how a step ended. `error` is a sentence without personal data."""
        self._note(tx, lead, name, status, error=error)

    def park(self, tx: Transaction, lead: HeldLead, name: str, error: str) -> bool:
        """Let the lead wait before a step and go on by itself; False once patience is at an end."""
        now = self._clock()
        if now - lead.began_at >= PATIENCE:
            return False
        pause = pause_seconds(lead.key, lead.steps[name].attempts)
        if lead.steps[name].status != StepStatus.FAILED:
            self._note(tx, lead, name, StepStatus.PARKED, error=error)
        self._set(
            tx,
            lead.key,
            status=LeadStatus.PARKED,
            round=lead.round + 1,
            retry_at=now + timedelta(seconds=pause),
        )
        self._enqueue(tx, JOB, lead.key, round=lead.round + 1, delay_seconds=pause)
        if lead.steps[name].attempts == 1:
            events.record(tx, events.LeadParked(lead.key, name), now=now)
        return True

    def revive(self, tx: Transaction, key: str, round: int) -> bool:
        """Give a lead whose job ended without an outcome a further round, after a pause."""
        row = tx.connection.execute(_HOLD, {"this_lead": key}).one()
        if row.round != round or row.status in ENDED:
            return False
        self._set(tx, key, status=LeadStatus.PROCESSING, round=round + 1, retry_at=None)
        interrupted = update(_step).where(
            _step.c.lead_key == key, _step.c.status == StepStatus.PENDING, _step.c.attempts > 0
        )
        tx.connection.execute(interrupted.values(error=INTERRUPTED))
        pause = pause_seconds(key, round + 1)
        self._enqueue(tx, JOB, key, round=round + 1, delay_seconds=pause)
        return True

    def turn_back(self, tx: Transaction, lead: HeldLead, name: str, error: str) -> None:
        """Note that a step failed for good: what was done before it is to be undone."""
        self._note(tx, lead, name, StepStatus.FAILED, error=error)
        if not lead.is_turning_back:
            self._set(
                tx,
                lead.key,
                undo_status=LeadStatus.COMPENSATED,
                trip_began_at=self._clock(),
            )

    def arrive(self, tx: Transaction, lead: HeldLead) -> None:
        """Note that every step is passed."""
        self._set(tx, lead.key, status=LeadStatus.DELIVERED, retry_at=None)
        events.record(tx, events.LeadDelivered(lead.key), now=self._clock())

    def end_undone(self, tx: Transaction, lead: HeldLead) -> str:
        """Note that everything is undone; the status that the lead ends in."""
        for name, step in lead.steps.items():
            if step.status in (StepStatus.PENDING, StepStatus.PARKED):
                self._note(tx, lead, name, StepStatus.SKIPPED)
        status = lead.undo_status or LeadStatus.COMPENSATED
        self._set(tx, lead.key, status=status, undo_status=None, retry_at=None)
        failed = (name for name, step in lead.steps.items() if step.status == StepStatus.FAILED)
        fact = (
            events.LeadCancelled(lead.key)
            if status == LeadStatus.CANCELLED
            else events.LeadCompensated(lead.key, next(failed, ""))
        )
        events.record(tx, fact, now=self._clock())
        return status

    def _set_out(self, tx: Transaction, key: str, began_at: datetime) -> None:
        known = _steps_of(tx, key)
        rows = [
            {
                "lead_key": key,
                "name": name,
                "number": number,
                "status": StepStatus.PENDING,
                "attempts": 0,
                "started_at": self._clock(),
            }
            for number, name in enumerate(STEPS)
            if name not in known
        ]
        if rows:
            tx.connection.execute(insert(_step), rows)
        self._set(tx, key, status=LeadStatus.PROCESSING, retry_at=None, trip_began_at=began_at)

    def _begin(self, tx: Transaction, lead: HeldLead, name: str, status: StepStatus) -> HeldLead:
        attempts = lead.steps[name].attempts + 1
        self._note(tx, lead, name, status, attempts=attempts, started_at=self._clock())
        return replace(lead, steps={**lead.steps, name: StepRecord(status, attempts)})

    def _note(
        self, tx: Transaction, lead: HeldLead, name: str, status: StepStatus, **values: Any
    ) -> None:
        changes = {"this_lead": lead.key, "this_step": name, "status": status, **values}
        tx.connection.execute(_CHANGE_STEP, changes)
        self._set(tx, lead.key)

    def _set(self, tx: Transaction, key: str, **values: Any) -> None:
        changes = {"this_lead": key, "updated_at": self._clock(), **values}
        tx.connection.execute(_CHANGE_LEAD, changes)


def pause_seconds(key: str, attempts: int) -> float:
    """How long to wait before the next try: from 5 seconds, doubling, to 5 minutes at most.

    Up to a quarter is taken off by key and attempt, so that what was parked together does not
    come back together, and a repeat waits the same.
    """
    doubled = FIRST_PAUSE_SECONDS * 2.0 ** min(max(attempts, 1) - 1, 16)
    first_byte = hashlib.sha256(f"{key}:{attempts}".encode()).digest()[0]
    return min(doubled, LONGEST_PAUSE_SECONDS) * (1 - first_byte / 1024)


def normalised(reference: str) -> str:
    """A reference as it is stored, however it was typed."""
    return reference.strip().upper()


def _steps_of(tx: Transaction, key: str) -> dict[str, StepRecord]:
    rows = tx.connection.execute(_STEPS_OF, {"this_lead": key})
    return {row.name: StepRecord(row.status, row.attempts) for row in rows}
