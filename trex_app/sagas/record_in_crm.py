"""A lead's record in the CRM, made or withdrawn by a job of its own: one try a round.

A CRM that is away or refuses is told of at the lead's step of this name, and concerns nothing else
of the lead. That the CRM will be asked is noted before it is: where the outcome then stays unknown,
the request is repeated under the same idempotency key, or withdrawn.
"""

import structlog
from dbos import DBOS

from trex_app.core.errors import PartnerRefused, Unavailable
from trex_app.db.transaction import Database, Transaction
from trex_app.ports import CustomerRecords
from trex_app.sagas.jobs import Job, patient
from trex_app.sagas.lead_travels import ERASED, NOT_CONFIGURED
from trex_app.sagas.partner_faults import named
from trex_app.services.crm_progress import NOT_UNDONE, WAITED, CrmProgress, Errand
from trex_app.services.lead_documents import LeadDocuments
from trex_app.services.lead_states import StepStatus

log = structlog.get_logger(__name__)


class CrmRecording:
    """Asks the CRM for what is wanted of a lead's record. None: no CRM is configured."""

    def __init__(
        self,
        database: Database,
        progress: CrmProgress,
        documents: LeadDocuments,
        records: CustomerRecords | None,
    ) -> None:
        self._database = database
        self._progress = progress
        self._documents = documents
        self._records = records

    async def attempt(self, lead_key: str, round: int) -> None:
        """Ask once; a CRM that is away is asked again in a further round.

        Raises Unavailable only while our own database is away.
        """
        errand = await self._database.write(lambda tx: self._progress.begin(tx, lead_key, round))
        if errand is None:
            return
        if self._records is None:
            await self._give_up(errand, NOT_CONFIGURED)
        elif errand.is_wanted:
            await self._record(errand, self._records)
        else:
            await self._withdraw(errand, self._records)

    async def _record(self, errand: Errand, records: CustomerRecords) -> None:
        document = await self._database.read(
            lambda tx: self._documents.document(tx, errand.lead_key)
        )
        if document is None:
            await self._end(errand, StepStatus.SKIPPED, ERASED)
            return
        try:
            record_id = errand.record_id or await records.record(document, errand.key)
            if errand.reopenings:
                await self._reopen(errand, records, record_id)
        except Unavailable as error:
            await self._wait(errand, named(error))
        except PartnerRefused as error:
            await self._give_up(errand, named(error))
        else:
            await self._end(errand, StepStatus.DONE, record_id=record_id)

    async def _reopen(self, errand: Errand, records: CustomerRecords, record_id: str) -> None:
        """Have a record hold again. Raises Unavailable, PartnerRefused."""
        if errand.record_id is None:
            await self._database.write(lambda tx: self._progress.keep_id(tx, errand, record_id))
        await records.reopen(errand.reference, errand.key, errand.reopenings, record_id)

    async def _withdraw(self, errand: Errand, records: CustomerRecords) -> None:
        try:
            await records.withdraw(
                errand.reference, errand.key, errand.reopenings, errand.record_id
            )
        except Unavailable as error:
            await self._wait(errand, named(error))
        except PartnerRefused as error:
            await self._give_up(errand, named(error))
        else:
            await self._end(errand, StepStatus.COMPENSATED)

    async def _wait(self, errand: Errand, fault: str) -> None:
        def work(tx: Transaction) -> bool:
            return self._progress.wait(tx, errand, fault)

        log.warning("crm_record_waits", fault=fault, is_wanted=errand.is_wanted)
        if not await self._database.write(work):
            await self._give_up(errand, WAITED.format(fault=fault))

    async def _give_up(self, errand: Errand, fault: str) -> None:
        log.warning("crm_record_given_up", fault=fault, is_wanted=errand.is_wanted)
        told = fault if errand.is_wanted else NOT_UNDONE.format(fault=fault)
        await self._end(errand, StepStatus.FAILED, told)

    async def _end(
        self,
        errand: Errand,
        status: StepStatus,
        error: str | None = None,
        record_id: str | None = None,
    ) -> None:
        def work(tx: Transaction) -> None:
            self._progress.end(tx, errand, status, error, record_id)

        await self._database.write(work)


def record_in_crm(recording: CrmRecording) -> Job:
    """The job that sees to a lead's record in the CRM, by the lead's key."""

    def run(key: str, round: int) -> None:
        DBOS.run_step(patient("attempt"), recording.attempt, key, round)

    return run
