"""The parts that move a lead on: from its submit to its dealers, the CRM and those it concerns."""

from trex_app.container.credit import CreditParts
from trex_app.container.foundation import Foundation
from trex_app.container.journeys import JourneyParts
from trex_app.container.leads import LeadParts
from trex_app.container.messages import MessageParts
from trex_app.sagas.dealer_delivery import DealerDelivery
from trex_app.sagas.lead_travels import Companions, LeadTravels
from trex_app.services.buyer_invitations import BuyerInvitations
from trex_app.services.routing import Routing


class TravelParts:
    """A lead's travels. They may begin a journey: that of a buyer who is asked about financing."""

    def __init__(
        self,
        base: Foundation,
        messages: MessageParts,
        credit: CreditParts,
        leads: LeadParts,
        journeys: JourneyParts,
    ) -> None:
        invitations = BuyerInvitations(
            base.database,
            base.keyring,
            base.store,
            messages.messages,
            messages.links,
            journeys.programs,
            base.clock,
        )
        self.travels = LeadTravels(
            base.database,
            leads.progress,
            leads.documents,
            Companions(
                route=Routing(base.keyring).route,
                check_credit=credit.checks.ask_for_lead,
                records=None if base.partners.records is None else leads.records,
                delivery=_dealer_delivery(base, leads),
                messages=messages.communications,
                prepare_invitation=invitations.prepare,
            ),
        )


def _dealer_delivery(base: Foundation, leads: LeadParts) -> DealerDelivery | None:
    network, dealers = base.partners.delivery, base.partners.lookups.dealers
    if network is None:
        return None
    return DealerDelivery(base.database, base.clock, leads.progress, dealers, network)
