"""What runs by itself, where jobs run: the jobs, the delivery of events, and regular duties."""

import asyncio

from trex_app.container.credit import CreditParts
from trex_app.container.foundation import Foundation
from trex_app.container.leads import LeadParts
from trex_app.container.messages import MessageParts
from trex_app.container.privacy import PrivacyParts
from trex_app.messaging import records
from trex_app.messaging.chosen import choose_delivery
from trex_app.messaging.periodic import Periodic
from trex_app.sagas import (
    credit_checks,
    jobs,
    record_in_crm,
    request_credit,
    send_message,
    submit_lead,
    tell_of_erasure,
)
from trex_app.sagas.lead_travels import LeadTravels
from trex_app.sagas.rescue import PERIOD_SECONDS, Rescue
from trex_app.sagas.workers import BEAT_SECONDS, COUNT_ALL_SECONDS, Workers
from trex_app.services import crm_progress
from trex_app.services import leads as lead_submits
from trex_app.services import messages as sent_messages
from trex_app.services.abandonment import SWEEP_SECONDS, sweep_on_duty
from trex_app.services.event_handlers import shipped_handlers

LOOK_AFTER_SECONDS = 600


class Upkeep:
    """Starts and stops what this process does without being asked."""

    def __init__(
        self,
        base: Foundation,
        messages: MessageParts,
        credit: CreditParts,
        leads: LeadParts,
        travels: LeadTravels,
        privacy: PrivacyParts,
    ) -> None:
        self._base = base
        self._messages = messages
        self._retention = privacy.retention
        self._workers = Workers(base.database, base.clock, base.jobs, base.process)
        self._sagas = {
            lead_submits.JOB: submit_lead.submit_lead(travels),
            crm_progress.JOB: record_in_crm.record_in_crm(leads.recording),
            tell_of_erasure.JOB: tell_of_erasure.tell_of_erasure(privacy.notices),
            sent_messages.JOB: send_message.send_message(messages.delivery),
            credit_checks.JOB: request_credit.request_credit(credit.checks),
        }
        self._events = choose_delivery(
            base.database,
            shipped_handlers(base.keyring, base.clock, messages.communications),
            base.clock,
            base.settings.broker_url,
            base.process,
        )
        rescue = Rescue(
            base.database,
            base.clock,
            base.jobs,
            leads.progress,
            leads.records,
            credit.checks,
            messages.messages,
        )
        self._duties = (
            Periodic("workers", self._workers.beat, BEAT_SECONDS),
            Periodic("gauges", self._workers.measure, BEAT_SECONDS),
            Periodic("gauges_of_ended", self._workers.measure_ended, COUNT_ALL_SECONDS),
            Periodic("rescue", rescue.rescue, PERIOD_SECONDS),
            Periodic("abandonment", self._find_abandoned, SWEEP_SECONDS),
            Periodic("looking_after_data", self._look_after, LOOK_AFTER_SECONDS),
        )

    def start(self) -> None:
        """Take part: run jobs, deliver events, and do the duties."""
        # First be seen: what this process claims must not look like a dead one's.
        self._base.database.write_sync(self._workers.be_seen)
        self._base.jobs.launch(self._sagas)
        for duty in self._duties:
            duty.start()
        self._events.start()

    def stop(self) -> None:
        """Finish what is at hand and leave; does nothing where nothing was started."""
        for duty in self._duties:
            duty.stop()
        self._events.stop()
        if self._base.jobs.is_running:
            self._base.jobs.shutdown()
            self._workers.leave()

    def _find_abandoned(self) -> int:
        return sweep_on_duty(self._base.database, self._base.clock, self._base.process)

    def _look_after(self) -> None:
        """Send what was forgotten, and forget what is over its time."""
        database, clock = self._base.database, self._base.clock
        self._messages.delivery.resume()
        asyncio.run(self._retention.apply_on_duty(self._base.process))
        self._base.jobs.forget_ended(clock() - jobs.KEPT)
        records.forget_handled(database, clock() - records.KEPT)
