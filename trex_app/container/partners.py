"""Who answers for what is outside: whom the settings choose, or whoever stands in."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from trex_app.core.clock import Clock
from trex_app.db.transaction import Database
from trex_app.integrations.chosen import Chosen
from trex_app.ports import CreditBureau, CustomerRecords, LeadDelivery, Mailer, TextMessages
from trex_app.services.local_partners import LocalVinDecoder, OwnDealerNetwork, OwnInventory
from trex_app.services.shipped_capabilities import Partners


@dataclass(frozen=True, slots=True)
class StandIns:
    """Who is asked instead of whom the settings choose; None leaves it to them."""

    lookups: Callable[[Database, Clock], Partners] | None
    bureau: CreditBureau | None
    mailer: Mailer | None
    text_messages: TextMessages | None
    delivery: LeadDelivery | None
    records: CustomerRecords | None

    def applied(self, chosen: Chosen, database: Database, clock: Clock) -> Chosen:
        """The choice with everybody here in place."""
        return replace(
            chosen,
            lookups=self.lookups(database, clock) if self.lookups else chosen.lookups,
            bureau=self.bureau or chosen.bureau,
            mailer=self.mailer or chosen.mailer,
            text_messages=self.text_messages or chosen.text_messages,
            delivery=self.delivery or chosen.delivery,
            records=self.records or chosen.records,
        )


def own_partners(database: Database, clock: Clock) -> Partners:
    """Everything from our own tables: what runs without any partner."""
    return Partners(
        inventory=OwnInventory(database, clock),
        saved_inventory=OwnInventory(database, clock, source="saved"),
        dealers=OwnDealerNetwork(database),
        vin_decoder=LocalVinDecoder(database, clock),
    )
