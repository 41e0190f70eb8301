"""One installation: its parts by name, and how they start and stop."""

from collections.abc import Callable
from functools import lru_cache

import anyio.to_thread
import structlog

from trex_app.container.credit import CreditParts
from trex_app.container.foundation import Foundation
from trex_app.container.journeys import JourneyParts
from trex_app.container.leads import LeadParts
from trex_app.container.messages import MessageParts
from trex_app.container.partners import StandIns
from trex_app.container.privacy import PrivacyParts
from trex_app.container.tenants import TenantParts
from trex_app.container.travels import TravelParts
from trex_app.container.upkeep import Upkeep
from trex_app.core.clock import Clock, utc_now
from trex_app.core.settings import Settings, get_settings, unknown_settings
from trex_app.db import migrate
from trex_app.db.transaction import Database, Transaction
from trex_app.ports import CreditBureau, CustomerRecords, LeadDelivery, Mailer, TextMessages
from trex_app.sagas import jobs
from trex_app.services import demo_data
from trex_app.services.shipped_capabilities import Partners

log = structlog.get_logger(__name__)


class Container:
    """One installation's parts, wired. Nothing runs or is read before `open`."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock = utc_now,
        partners: Callable[[Database, Clock], Partners] | None = None,
        bureau: CreditBureau | None = None,
        mailer: Mailer | None = None,
        text_messages: TextMessages | None = None,
        lead_delivery: LeadDelivery | None = None,
        customer_records: CustomerRecords | None = None,
    ) -> None:
        instead = StandIns(partners, bureau, mailer, text_messages, lead_delivery, customer_records)
        base = Foundation(settings, clock, instead)
        self.settings, self.clock = settings, clock
        self.keyring, self.database = base.keyring, base.database
        self.store, self.sessions, self.jobs = base.store, base.sessions, base.jobs
        self.sandbox, self.partners = base.sandbox, base.partners

        messages = MessageParts(base)
        self.links = messages.links
        self.messages = messages.messages
        self.communications = messages.communications
        self.message_delivery = messages.delivery
        self.mailed_links = messages.mailed_links

        self.credit = CreditParts(base)
        leads = LeadParts(base, messages)
        self.leads = leads.leads
        self.lead_orders = leads.orders
        self.lead_statuses = leads.statuses

        journeys = JourneyParts(base, self.credit, leads)
        self.capabilities = journeys.capabilities
        self.files = journeys.files
        self.programs = journeys.programs
        self.journeys = journeys.journeys
        self.travels = TravelParts(base, messages, self.credit, leads, journeys).travels

        tenants = TenantParts(base, self.programs)
        self.tenants = tenants.tenants
        self.tenant_directory = tenants.directory
        self.tickets = tenants.tickets

        privacy = PrivacyParts(base, messages, self.credit, leads, self.programs)
        self.erasure = privacy.erasure
        self.privacy = privacy.privacy
        self.personal_overview = privacy.overview
        self.retention = privacy.retention
        self.rewrapping = privacy.rewrapping

        self._upkeep = Upkeep(base, messages, self.credit, leads, self.travels, privacy)

    async def open(self, *, with_jobs: bool = True) -> None:
        """Bring the schema up to date, fill what is empty, publish what is new, run jobs.

        A process in the role `web` enqueues jobs, and leaves running them to workers.
        """
        if unknown := unknown_settings():
            log.warning("settings_unknown", nearest_known=unknown)
        if self.sandbox is not None:
            await anyio.to_thread.run_sync(self.sandbox.start)
            log.info("sandbox_started", page=self.sandbox.address)
        await anyio.to_thread.run_sync(self.migrate)
        if self.settings.load_demo_data:
            await self.database.write(self._load_demo_data)
        await self.programs.open()
        await anyio.to_thread.run_sync(self.message_delivery.resume)
        if with_jobs and self.runs_jobs:
            await anyio.to_thread.run_sync(self._upkeep.start)

    @property
    def runs_jobs(self) -> bool:
        """Whether jobs and events are this process's business."""
        return self.settings.role != "web"

    async def close(self) -> None:
        """Stop jobs and close every connection; unfinished jobs go on at the next start."""
        await anyio.to_thread.run_sync(self._stop)
        await self.partners.gateway.aclose()
        if self.sandbox is not None:
            await anyio.to_thread.run_sync(self.sandbox.stop)

    def migrate(self) -> None:
        """Bring the database, and the tables of its jobs, to the schema of this build."""
        migrate.upgrade(self.settings.resolved_database_url)
        jobs.prepare(self.database.url)

    def _load_demo_data(self, tx: Transaction) -> None:
        count = demo_data.load_if_empty(tx.connection, self.clock())
        if count:
            log.info("demo_inventory_loaded", vehicles=count)

    def _stop(self) -> None:
        self._upkeep.stop()
        self.jobs.close()
        self.database.close()


@lru_cache(maxsize=1)
def get_container() -> Container:
    """The container of this process, built from the environment."""
    return Container(get_settings())
