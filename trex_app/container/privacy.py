"""The parts that show people what is kept of them, and forget it: when asked, or in time."""

from trex_app.container.credit import CreditParts
from trex_app.container.foundation import Foundation
from trex_app.container.leads import LeadParts
from trex_app.container.messages import MessageParts
from trex_app.sagas.tell_of_erasure import ErasureNotices
from trex_app.services.erasure import Erasure
from trex_app.services.personal_overview import PersonalOverview
from trex_app.services.personal_records import PersonalRecords
from trex_app.services.privacy import Privacy
from trex_app.services.programs import Programs
from trex_app.services.retention import Retention
from trex_app.services.rewrapping import Rewrapping


class PrivacyParts:
    """Disclosure, erasure, and how long anything is kept."""

    def __init__(
        self,
        base: Foundation,
        messages: MessageParts,
        credit: CreditParts,
        leads: LeadParts,
        programs: Programs,
    ) -> None:
        self.erasure = Erasure(
            base.store, credit.checks.erase, leads.leads.erase, messages.messages.erase
        )
        self.notices = ErasureNotices(
            base.database,
            base.jobs.enqueue,
            base.partners.lookups.dealers,
            base.partners.delivery,
            base.partners.records,
        )
        records = PersonalRecords(base.keyring, base.store, messages.messages)
        self.privacy = Privacy(
            base.database,
            base.keyring,
            records,
            self.erasure,
            messages.links,
            base.clock,
            self.notices.announce,
        )
        self.overview = PersonalOverview(base.database, base.store, programs, self.privacy, records)
        self.rewrapping = Rewrapping(base.database, base.keyring)
        self.retention = Retention(
            base.database,
            self.erasure,
            base.clock,
            idle_days=base.settings.idle_retention_days,
            finished_days=base.settings.retention_days,
        )
