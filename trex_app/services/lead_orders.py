"""What an operator orders about a lead: take it up again, or call it back.

An order and the job that is moving the lead meet at the lead's row, which both lock. A lead that
no job is moving gets a further round; one that is being moved is only left word.
"""

from typing import Any, Final

from sqlalchemy import Row, delete, func, select, update

from trex_app.core.clock import Clock
from trex_app.core.errors import Conflict, NotFound
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.messaging import events
from trex_app.services.crm_progress import CrmProgress
from trex_app.services.enqueue import Enqueue
from trex_app.services.lead_progress import (
    ENDED,
    JOB,
    MOVING,
    RETIRED_STEP,
    normalised,
)
from trex_app.services.lead_states import DealerStatus, LeadStatus, StepStatus

REPEATED: Final = (
    StepStatus.COMPENSATED,
    StepStatus.FAILED,
    StepStatus.SKIPPED,
    StepStatus.PARKED,
)
"""Steps that are taken again on a new trip; what is done and was not undone stays done."""

MAY_HAVE_IT: Final = (DealerStatus.SENDING, DealerStatus.DELIVERED)

_lead = METADATA.tables["lead"]
_step = METADATA.tables["lead_step"]
_dealer = METADATA.tables["lead_dealer"]


class LeadOrders:
    """Carries out orders about leads, each in one transaction."""

    def __init__(
        self, database: Database, clock: Clock, enqueue: Enqueue, records: CrmProgress
    ) -> None:
        self._database = database
        self._clock = clock
        self._enqueue = enqueue
        self._records = records

    async def retry(self, reference: str) -> str:
        """Go on with a parked lead now, or send one that was undone anew; its status then.

        A lead at its end whose record in the CRM waits or was given up keeps its status, and the
        CRM is asked again. Raises NotFound, and Conflict where there is nothing to repeat.
        """
        return await self._database.write(lambda tx: self._retry(tx, _locked(tx, reference)))

    async def cancel(self, reference: str) -> str:
        """Call a lead back from everyone who has it; its status then. Raises NotFound.

        What is under way is undone by the job that moves it, so `cancelled` may come later.
        """
        return await self._database.write(lambda tx: self._cancel(tx, _locked(tx, reference)))

    def _retry(self, tx: Transaction, row: Row[Any]) -> str:
        if row.status == LeadStatus.PARKED:
            self._records.try_again(tx, row.key)
            return self._begin_round(tx, row)
        if row.wrapped_key is None:
            raise Conflict("The person this lead was about has been erased: there is nothing left.")
        if row.status == LeadStatus.COMPENSATED:
            return self._begin_trip(tx, row, row.trip + 1)
        if _is_retired(tx, row):
            return self._begin_trip(tx, row, row.trip)
        if row.status in ENDED and self._records.try_again(tx, row.key):
            return row.status
        if row.status == LeadStatus.CANCELLED:
            raise Conflict("This lead was called back for good; it can only be sent anew.")
        if row.status == LeadStatus.DELIVERED:
            raise Conflict("This lead has been delivered: there is nothing to repeat.")
        raise Conflict("This lead is on its way and goes on by itself.")

    def _cancel(self, tx: Transaction, row: Row[Any]) -> str:
        if row.status == LeadStatus.CANCELLED:
            return row.status
        if row.status == LeadStatus.COMPENSATED or _is_retired(tx, row):
            self._set(tx, row.key, status=LeadStatus.CANCELLED)
            events.record(tx, events.LeadCancelled(row.key), now=self._clock())
            return LeadStatus.CANCELLED
        began = {} if row.undo_status else {"trip_began_at": self._clock()}
        if row.status in MOVING:
            self._set(tx, row.key, undo_status=LeadStatus.CANCELLED, **began)
            return row.status
        return self._begin_round(tx, row, undo_status=LeadStatus.CANCELLED, **began)

    def _begin_trip(self, tx: Transaction, row: Row[Any], trip: int) -> str:
        steps = update(_step).where(_step.c.lead_key == row.key, _step.c.status.in_(REPEATED))
        tx.connection.execute(steps.values(status=StepStatus.PENDING, attempts=0, error=None))
        tx.connection.execute(
            delete(_step).where(_step.c.lead_key == row.key, _step.c.name == RETIRED_STEP)
        )
        dealers = update(_dealer).where(_dealer.c.lead_key == row.key)
        # Who may have it already is asked again under the same key, and does not take it twice.
        unknown = dealers.where(_dealer.c.status == DealerStatus.SENDING)
        former = func.coalesce(_dealer.c.key_trip, row.trip)
        tx.connection.execute(unknown.values(key_trip=former))
        without = dealers.where(_dealer.c.status.not_in(MAY_HAVE_IT))
        anew = {"status": DealerStatus.ASSIGNED, "delivered_at": None, "key_trip": None}
        tx.connection.execute(without.values(anew))
        return self._begin_round(tx, row, trip=trip, trip_began_at=self._clock())

    def _begin_round(self, tx: Transaction, row: Row[Any], **values: Any) -> str:
        round = row.round + 1
        status = LeadStatus.PROCESSING
        self._set(tx, row.key, status=status, round=round, retry_at=None, **values)
        self._enqueue(tx, JOB, row.key, round=round)
        return status

    def _set(self, tx: Transaction, key: str, **values: Any) -> None:
        change = update(_lead).where(_lead.c.key == key)
        tx.connection.execute(change.values(updated_at=self._clock(), **values))


def _locked(tx: Transaction, reference: str) -> Row[Any]:
    query = select(_lead).where(_lead.c.reference == normalised(reference))
    newest = query.order_by(_lead.c.created_at.desc(), _lead.c.key).limit(1)
    row = tx.connection.execute(newest.with_for_update()).one_or_none()
    if row is None:
        raise NotFound("There is no lead with this reference.")
    return row


def _is_retired(tx: Transaction, row: Row[Any]) -> bool:
    """Whether an earlier version took the lead as far as it could: into our own books."""
    if row.status != LeadStatus.RECEIVED or row.trip_began_at is not None:
        return False
    last = select(_step.c.name).where(_step.c.lead_key == row.key, _step.c.name == RETIRED_STEP)
    return tx.connection.execute(last).first() is not None
