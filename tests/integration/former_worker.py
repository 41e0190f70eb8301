"""A worker of the version before, whose leads waited for the CRM; it dies on a lead's way.

Run as `python -m tests.integration.former_worker URL KEY END`. The end is `asking` (the CRM, whose
answer is lost), `asked` (the CRM has the lead), `waiting` (for a CRM that is away) or `withdrawing`
(for such a one, too).
"""

import os
import signal
import sys
import time

from tests.integration.lead_process import KEYRING, a_request
from tests.unit.services.test_leads import a_session
from trex_app.core.clock import utc_now
from trex_app.db import migrate
from trex_app.db.transaction import Database, Transaction
from trex_app.sagas import jobs
from trex_app.sagas.jobs import Jobs
from trex_app.sagas.lead_travels import Companions, LeadTravels
from trex_app.sagas.submit_lead import submit_lead
from trex_app.services.lead_documents import LeadDocuments
from trex_app.services.lead_progress import JOB, LeadProgress, Turn
from trex_app.services.lead_states import StepStatus
from trex_app.services.leads import Leads
from trex_app.services.routing import Routing

SCHEMA = "0008"
EXECUTOR = "the-one-machine"
ENDS = ("asking", "asked", "waiting", "withdrawing")
STEP = "record_in_crm"
AWAY = "crm is unavailable: timeout"


class FormerTravels(LeadTravels):
    """Travels whose step in the CRM asks it, and waits where it is away."""

    def __init__(self, database: Database, progress: LeadProgress, end: str) -> None:
        companions = Companions(Routing(KEYRING).route, check_credit=lambda _tx, _lead: False)
        super().__init__(database, progress, LeadDocuments(KEYRING), companions)
        self._books, self._steps, self._dies_when = database, progress, end

    async def take(self, key: str, round: int, name: str) -> str:
        if name == "deliver_to_dealers":
            die()
        if name != STEP:
            return await super().take(key, round, name)
        turn = await self._books.write(lambda tx: self._ask(tx, key, round))
        if self._dies_when == "asking":
            die()
        return turn

    def _ask(self, tx: Transaction, key: str, round: int) -> Turn:
        lead = self._steps.hold(tx, key, round)
        assert lead is not None
        lead = self._steps.begin_step(tx, lead, STEP)
        if self._dies_when in ("asked", "withdrawing"):
            self._steps.end_step(tx, lead, STEP, StepStatus.DONE)
        if self._dies_when == "withdrawing":
            self._steps.turn_back(tx, lead, "deliver_to_dealers", "dealers refused")
            lead = self._steps.hold(tx, key, round)
            assert lead is not None
            lead = self._steps.begin_undoing(tx, lead, STEP)
        if self._dies_when in ("waiting", "withdrawing"):
            self._steps.park(tx, lead, STEP, AWAY)
            return Turn.OVER
        return Turn.GO_ON


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, key: str, end: str) -> None:
    migrate.upgrade(url, SCHEMA)
    database = Database(url)
    jobs.prepare(database.url)
    queue = Jobs(database, executor_id=EXECUTOR)
    travel = submit_lead(FormerTravels(database, LeadProgress(utc_now, queue.enqueue), end))

    def run(job_key: str, round: int) -> None:
        travel(job_key, round)
        die()

    queue.launch({JOB: run})
    leads = Leads(database, KEYRING, utc_now, queue.enqueue)
    session = a_session(f"session-of-{key}")
    database.write_sync(lambda tx: leads.record(tx, session, a_request(key), None))
    time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
