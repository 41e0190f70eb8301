"""The parts that keep leads, and know how far each has come."""

from trex_app.container.foundation import Foundation
from trex_app.container.messages import MessageParts
from trex_app.sagas.record_in_crm import CrmRecording
from trex_app.services.crm_progress import CrmProgress
from trex_app.services.lead_documents import LeadDocuments
from trex_app.services.lead_orders import LeadOrders
from trex_app.services.lead_progress import LeadProgress
from trex_app.services.lead_status import LeadStatuses
from trex_app.services.leads import Leads


class LeadParts:
    """Leads, their records in the CRM, and what is ordered and told about them."""

    def __init__(self, base: Foundation, messages: MessageParts) -> None:
        self.leads = Leads(base.database, base.keyring, base.clock, base.jobs.enqueue)
        self.records = CrmProgress(base.clock, base.jobs.enqueue)
        self.orders = LeadOrders(base.database, base.clock, base.jobs.enqueue, self.records)
        self.statuses = LeadStatuses(base.database, base.keyring, base.sessions, messages.links)
        self.progress = LeadProgress(base.clock, base.jobs.enqueue)
        self.documents = LeadDocuments(base.keyring)
        self.recording = CrmRecording(
            base.database, self.records, self.documents, base.partners.records
        )
