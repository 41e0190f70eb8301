"""Telling those who got a lead that its person asked to be forgotten.

The lead's own travels cannot do it: what they would need of the person is erased by then. So the
notice names the reference alone. It begins a while after the erasure: what a partner was just being
asked is answered by then, and nothing overtakes it. There is nothing to compensate.
"""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from dbos import DBOS
from sqlalchemy import select, update

from trex_app.core.errors import PartnerRefused, Unavailable
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.ports import CustomerRecords, Data, DealerNetwork, LeadDelivery, LeadDocument
from trex_app.sagas.dealer_delivery import NO_SUCH_DEALER
from trex_app.sagas.jobs import Job, patient
from trex_app.sagas.partner_faults import named
from trex_app.services.crm_progress import record_key
from trex_app.services.enqueue import Enqueue
from trex_app.services.lead_progress import pause_seconds
from trex_app.services.lead_states import DealerStatus

JOB: Final = "tell_of_erasure"
HEAD_START_SECONDS: Final = 30.0
NOBODY: Final[Mapping[str, Any]] = {
    "first_name": "Erased",
    "last_name": "on request",
    "email": "erased@nobody.invalid",
}
"""Stands for the person in a notice: the documents of partners want somebody to be named."""

_lead = METADATA.tables["lead"]
_lead_dealer = METADATA.tables["lead_dealer"]
_record = METADATA.tables["crm_record"]

log = structlog.get_logger(__name__)


class ErasureNotices:
    """Asks each receiver of a lead to forget it as well, until all have heard."""

    def __init__(
        self,
        database: Database,
        enqueue: Enqueue,
        dealers: DealerNetwork,
        delivery: LeadDelivery | None,
        records: CustomerRecords | None,
    ) -> None:
        self._database = database
        self._enqueue = enqueue
        self._dealers = dealers
        self._delivery = delivery
        self._records = records

    def announce(self, tx: Transaction, lead_key: str) -> None:
        """Have the receivers told, with the commit that erases the person."""
        self._enqueue(tx, JOB, lead_key, delay_seconds=HEAD_START_SECONDS)

    async def tell(self, lead_key: str, round: int) -> None:
        """Tell those who have not heard yet; whoever is away is told in a further round.

        A CRM that is away keeps no dealer from hearing. Raises Unavailable only while our own
        database is away.
        """
        has_told_all = True
        for tell in (self._tell_records, self._tell_dealers):
            try:
                await tell(lead_key)
            except Unavailable:
                has_told_all = False
        if not has_told_all:
            pause = pause_seconds(lead_key, round + 1)
            await self._database.write(
                lambda tx: self._enqueue(tx, JOB, lead_key, round=round + 1, delay_seconds=pause)
            )

    async def _tell_records(self, lead_key: str) -> None:
        if self._records is None:
            return
        document = await self._database.read(lambda tx: _bare_document(tx, lead_key))
        for key, record_id in await self._database.read(lambda tx: _recorded(tx, lead_key)):
            try:
                await self._records.erase(document.reference, key, record_id)
            except PartnerRefused as error:
                log.warning("erasure_not_heard", fault=named(error))

    async def _tell_dealers(self, lead_key: str) -> None:
        holding = await self._database.read(lambda tx: _holding(tx, lead_key))
        if self._delivery is None or not holding:
            return
        document = await self._database.read(lambda tx: _bare_document(tx, lead_key))
        known = await self._dealers.get_many(holding)
        for dealer_id in holding:
            if dealer_id not in known:
                log.warning("erasure_not_heard", dealer_id=dealer_id, fault=NO_SUCH_DEALER)
                continue
            key = f"{lead_key}:{dealer_id}:erased"
            if await self._has_heard(self._delivery, known[dealer_id], document, key):
                await self._database.write(lambda tx, told=dealer_id: _note(tx, lead_key, told))

    async def _has_heard(
        self, delivery: LeadDelivery, dealer: Data, document: LeadDocument, key: str
    ) -> bool:
        """Whether the dealer took the notice; who did not is left as one who has the lead."""
        try:
            await delivery.forget(dealer, document, key)
        except PartnerRefused as error:
            log.warning("erasure_not_heard", dealer_id=dealer["dealer_id"], fault=named(error))
            return False
        return True


def tell_of_erasure(notices: ErasureNotices) -> Job:
    """The job that tells the receivers of a lead, by its key."""

    def run(key: str, round: int) -> None:
        DBOS.run_step(patient("tell"), notices.tell, key, round)

    return run


def _holding(tx: Transaction, lead_key: str) -> list[str]:
    """The dealers who have the lead, or may have it, also as a cancelled one."""
    query = select(_lead_dealer.c.dealer_id).where(
        _lead_dealer.c.lead_key == lead_key,
        _lead_dealer.c.status.in_(
            (DealerStatus.SENDING, DealerStatus.DELIVERED, DealerStatus.CANCELLED)
        ),
    )
    return list(tx.connection.execute(query.order_by(_lead_dealer.c.rank)).scalars())


def _bare_document(tx: Transaction, lead_key: str) -> LeadDocument:
    row = tx.connection.execute(select(_lead).where(_lead.c.key == lead_key)).one()
    return LeadDocument(
        reference=row.reference,
        kind=row.kind,
        created_at=row.created_at,
        locale=row.locale,
        contact=NOBODY,
        vehicle={},
        details={},
        tenant=row.tenant,
    )


def _recorded(tx: Transaction, lead_key: str) -> list[tuple[str, str | None]]:
    """The keys under which the lead may have been recorded, and the CRM's ids where it named them.

    There is one for each of its trips.
    """
    both = _lead.join(_record, _record.c.lead_key == _lead.c.key, isouter=True)
    query = select(_lead.c.trip, _record.c.record_ids).select_from(both)
    row = tx.connection.execute(query.where(_lead.c.key == lead_key)).one()
    ids = row.record_ids or {}
    return [(record_key(lead_key, trip), ids.get(str(trip))) for trip in range(row.trip + 1)]


def _note(tx: Transaction, lead_key: str, dealer_id: str) -> None:
    this_dealer = (_lead_dealer.c.lead_key == lead_key, _lead_dealer.c.dealer_id == dealer_id)
    tx.connection.execute(
        update(_lead_dealer).where(*this_dealer).values(status=DealerStatus.FORGOTTEN)
    )
