"""The parts that write to people, and the personal links in what they write."""

from trex_app.container.foundation import Foundation
from trex_app.core.market import MARKET
from trex_app.services.communications import Communications
from trex_app.services.contacts import Channel
from trex_app.services.delivery import MessageDelivery
from trex_app.services.mailed_links import MailedLinks
from trex_app.services.messages import Messages
from trex_app.services.personal_links import PersonalLinks
from trex_app.services.quiet_hours import QuietHours


class MessageParts:
    """What is written, when it is sent, and over which partner."""

    def __init__(self, base: Foundation) -> None:
        self.links = PersonalLinks(base.keyring, base.clock, base.settings.origins[0])
        self.messages = Messages(base.keyring, base.clock, base.jobs.enqueue)
        self.communications = Communications(
            base.keyring, base.store, self.messages, self.links, base.clock
        )
        self.delivery = MessageDelivery(
            base.database,
            self.messages,
            self.links,
            base.clock,
            QuietHours.parse(base.settings.quiet_hours, MARKET.time_zone),
            base.partners.mailer,
            base.partners.text_messages,
        )
        self.mailed_links = MailedLinks(
            base.database,
            base.keyring,
            base.sessions,
            self.communications,
            base.clock,
            lambda: Channel.EMAIL in self.delivery.channels,
        )
