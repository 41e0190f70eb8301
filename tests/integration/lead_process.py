"""A process that submits a lead, or works on leads, and dies where it is told to.

Run as `python -m tests.integration.lead_process URL KEY submit|die|work`. `submit` commits a lead
with its job and kills itself before any worker runs. `die` starts the worker and kills itself
inside the job's third step. `work` runs the worker until the lead has travelled, and prints it.
"""

import asyncio
import json
import os
import signal
import sys
import time

from tests.unit.services.test_leads import a_session
from trex_app.core.clock import utc_now
from trex_app.core.crypto import Keyring
from trex_app.db import migrate
from trex_app.db.transaction import Database
from trex_app.engine.session import Position
from trex_app.engine.walk import Request, RequestKind
from trex_app.sagas import jobs
from trex_app.sagas.jobs import Jobs
from trex_app.sagas.lead_travels import Companions, LeadTravels
from trex_app.sagas.submit_lead import submit_lead
from trex_app.services.lead_documents import LeadDocuments
from trex_app.services.lead_progress import JOB, LeadProgress
from trex_app.services.lead_views import Lead
from trex_app.services.leads import Leads, reference_of
from trex_app.services.routing import Routing

KEYRING = Keyring(b"a secret for tests" * 3)
PATIENCE_SECONDS = 30


class DyingTravels(LeadTravels):
    """Travels whose process dies at the end of the third step."""

    async def take(self, key: str, round: int, name: str) -> str:
        turn = await super().take(key, round, name)
        if name == "route_to_dealers":
            die()
        return turn


def travels(database: Database, queue: Jobs, kind: type[LeadTravels] = LeadTravels) -> LeadTravels:
    """Travels that no partner has a part in: what concerns one is skipped."""
    companions = Companions(route=Routing(KEYRING).route, check_credit=lambda _tx, _lead: False)
    progress = LeadProgress(utc_now, queue.enqueue)
    return kind(database, progress, LeadDocuments(KEYRING), companions)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def a_request(key: str) -> Request:
    return Request(
        RequestKind.EFFECT,
        workflow_id="buying",
        position=Position("", "lead_submission"),
        name="leads.submit",
        input={"contact": {"email": "ada@example.com"}, "dealer_ids": ["d-1"]},
        input_hash="hash",
        key=key,
    )


def travelled(leads: Leads, key: str) -> Lead:
    """The lead, once its job has run to the end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        lead = asyncio.run(leads.show_lead(reference_of(key)))
        if lead.summary.status == "delivered" or time.monotonic() > deadline:
            return lead
        time.sleep(0.05)


def main(url: str, key: str, mode: str) -> None:
    migrate.upgrade(url)
    database = Database(url)
    jobs.prepare(database.url)
    queue = jobs.Jobs(database, executor_id="the-one-machine")
    leads = Leads(database, KEYRING, utc_now, queue.enqueue)
    if mode == "submit":
        session = a_session(f"session-of-{key}")
        database.write_sync(lambda tx: leads.record(tx, session, a_request(key), None))
        die()
    kind = DyingTravels if mode == "die" else LeadTravels
    queue.launch({JOB: submit_lead(travels(database, queue, kind))})
    lead = travelled(leads, key)
    queue.shutdown()
    queue.close()
    database.close()
    print(json.dumps(lead.as_json()))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
