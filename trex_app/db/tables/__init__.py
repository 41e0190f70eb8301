"""Every table of T-Rex. Importing this package makes `SQLModel.metadata` complete."""

from sqlmodel import SQLModel

from trex_app.db.tables.credit import CreditCheckRow, WebhookReceiptRow
from trex_app.db.tables.dealers import Dealer, DealerMake
from trex_app.db.tables.events import DomainEventRow, EventDeliveryRow, FunnelCountRow
from trex_app.db.tables.history import EffectResultRow, SessionEventRow
from trex_app.db.tables.leads import LeadDealerRow, LeadRow, LeadStepRow
from trex_app.db.tables.leases import LeaseRow
from trex_app.db.tables.messages import MessageRow
from trex_app.db.tables.people import PersonIndexRow
from trex_app.db.tables.resume_links import ResumeLinkRow
from trex_app.db.tables.sessions import SessionRow
from trex_app.db.tables.tenants import EmbedTicketRow, TenantRow
from trex_app.db.tables.vehicles import Vehicle
from trex_app.db.tables.versions import PublicationRow, WorkflowVersionRow
from trex_app.db.tables.workers import WorkerRow

__all__ = [
    "METADATA",
    "CreditCheckRow",
    "Dealer",
    "DealerMake",
    "DomainEventRow",
    "EffectResultRow",
    "EmbedTicketRow",
    "EventDeliveryRow",
    "FunnelCountRow",
    "LeadDealerRow",
    "LeadRow",
    "LeadStepRow",
    "LeaseRow",
    "MessageRow",
    "PersonIndexRow",
    "PublicationRow",
    "ResumeLinkRow",
    "SessionEventRow",
    "SessionRow",
    "TenantRow",
    "Vehicle",
    "WebhookReceiptRow",
    "WorkerRow",
    "WorkflowVersionRow",
]

METADATA = SQLModel.metadata
