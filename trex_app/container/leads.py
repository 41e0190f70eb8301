"""The parts that take a lead from its submit to its dealers and into the CRM."""

from trex_app.container.credit import CreditParts
from trex_app.container.foundation import Foundation
from trex_app.container.messages import MessageParts
from trex_app.sagas.dealer_delivery import DealerDelivery
from trex_app.sagas.lead_travels import Companions, LeadTravels
from trex_app.sagas.record_in_crm import CrmRecording
from trex_app.services.crm_progress import CrmProgress
from trex_app.services.lead_documents import LeadDocuments
from trex_app.services.lead_orders import LeadOrders
from trex_app.services.lead_progress import LeadProgress
from trex_app.services.lead_status import LeadStatuses
from trex_app.services.leads import Leads
from trex_app.services.routing import Routing


class LeadParts:
    """Leads, how far each has come, and who moves them on."""

    def __init__(self, base: Foundation, messages: MessageParts, credit: CreditParts) -> None:
        self.leads = Leads(base.database, base.keyring, base.clock, base.jobs.enqueue)
        self.records = CrmProgress(base.clock, base.jobs.enqueue)
        self.orders = LeadOrders(base.database, base.clock, base.jobs.enqueue, self.records)
        self.statuses = LeadStatuses(base.database, base.keyring, base.sessions, messages.links)
        self.progress = LeadProgress(base.clock, base.jobs.enqueue)
        documents, crm = LeadDocuments(base.keyring), base.partners.records
        self.recording = CrmRecording(base.database, self.records, documents, crm)
        self.travels = LeadTravels(
            base.database,
            self.progress,
            documents,
            Companions(
                route=Routing(base.keyring).route,
                check_credit=credit.checks.ask_for_lead,
                records=None if crm is None else self.records,
                delivery=_dealer_delivery(base, self.progress),
                messages=messages.communications,
            ),
        )


def _dealer_delivery(base: Foundation, progress: LeadProgress) -> DealerDelivery | None:
    network, dealers = base.partners.delivery, base.partners.lookups.dealers
    if network is None:
        return None
    return DealerDelivery(base.database, base.clock, progress, dealers, network)
