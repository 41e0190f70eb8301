"""The parts that ask a credit bureau, and hear from it."""

from trex_app.container.foundation import Foundation
from trex_app.integrations.credit_bureau import decision_in
from trex_app.sagas.credit_checks import CreditChecks
from trex_app.sagas.credit_webhook import CreditWebhook


class CreditParts:
    """Credit checks, and the door at which the bureau delivers its decisions."""

    def __init__(self, base: Foundation) -> None:
        self.checks = CreditChecks(
            base.database,
            base.store,
            base.keyring,
            base.clock,
            base.jobs.enqueue,
            base.partners.bureau,
        )
        self.webhook = CreditWebhook(
            base.database, self.checks, base.clock, base.partners.webhook_secret, decision_in
        )
