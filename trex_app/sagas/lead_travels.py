"""The steps of a lead's travels, and how each is undone.

A step's outcome is recorded in one transaction, and what is recorded is not done again. Before a
partner is asked, that it will be is recorded too: where the outcome then stays unknown (a crash, a
partner that went away), the request is repeated under the same idempotency key, or undone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from trex_app.core.telemetry import EFFECTS, LEADS
from trex_app.db.transaction import Database, Transaction
from trex_app.ports import LeadDocument
from trex_app.sagas.dealer_delivery import DealerDelivery, Tally, tally
from trex_app.services.buyer_invitations import PrepareInvitation
from trex_app.services.crm_progress import NOT_UNDONE, CrmProgress
from trex_app.services.lead_documents import LeadDocuments
from trex_app.services.lead_progress import PASSED, HeldLead, LeadProgress, Turn
from trex_app.services.lead_states import DealerStatus, StepStatus
from trex_app.services.leads import EFFECT

NOT_CONFIGURED = "not configured"
NO_DEALERS = "no dealers"
ERASED = "the person was erased"
NEVER_REACHED = "waited 72 hours; {fault}"
DEALER_TOLD = "the dealer named by the seller is told by e-mail"
BUYER_ASKED = "the buyer is asked about financing by e-mail"

log = structlog.get_logger(__name__)

Route = Callable[[Transaction, str], list[str]]
"""Gives a lead its dealers, once; their ids."""
CheckCredit = Callable[[Transaction, HeldLead], bool]
"""Has the bureau asked about a lead's person, once, where they consented; whether it is."""
LocalStep = Callable[[Transaction, HeldLead], tuple[StepStatus, str | None]]
"""A step within our own database: how it ended, with a note."""


class LeadMessages(Protocol):
    """The messages that go with a lead."""

    def confirm(self, tx: Transaction, lead_key: str) -> bool:
        """Have the person told that the lead is on its way, once.

        And the dealer whom they named as the buyer; whether there is one.
        """
        ...

    def withdraw(self, tx: Transaction, lead_key: str) -> Any:
        """Keep back what has not been sent."""
        ...


@dataclass(frozen=True, slots=True)
class Companions:
    """Who has a part in a lead's travels. None: not configured, so that its step is skipped."""

    route: Route
    check_credit: CheckCredit
    records: CrmProgress | None = None
    delivery: DealerDelivery | None = None
    messages: LeadMessages | None = None
    prepare_invitation: PrepareInvitation | None = None


class LeadTravels:
    """Takes leads through their steps, there and, where it must be, back."""

    def __init__(
        self,
        database: Database,
        progress: LeadProgress,
        documents: LeadDocuments,
        companions: Companions,
    ) -> None:
        self._database = database
        self._progress = progress
        self._documents = documents
        self._with = companions
        self._local = {
            "save_lead": self._save,
            "check_credit": self._check_credit,
            "route_to_dealers": self._route,
            "record_in_crm": self._record,
        }

    async def take(self, key: str, round: int, name: str) -> str:
        """Take one step, unless it is already passed. Gives the `Turn` after it.

        Raises Unavailable while our own database is away.
        """
        if name == "send_confirmations":
            work = await self._confirming(key)
            return await self._database.write(
                lambda tx: self._take_local(tx, key, round, name, work)
            )
        if name in self._local:
            return await self._database.write(
                lambda tx: self._take_local(tx, key, round, name, self._local[name])
            )
        lead = await self._database.write(lambda tx: self._begin(tx, key, round, name))
        if isinstance(lead, Turn):
            return lead
        document = await self._database.read(lambda tx: self._documents.document(tx, key))
        if document is None:
            return await self._fail(lead, name, ERASED)
        return await self._deliver(lead, name, document)

    async def arrive(self, key: str, round: int) -> str:
        """End the travels, unless the lead was called back at the last moment."""

        def work(tx: Transaction) -> Turn:
            lead = self._progress.hold(tx, key, round)
            if lead is None:
                return Turn.OVER
            if lead.is_turning_back:
                return Turn.TURN_BACK
            self._progress.arrive(tx, lead)
            return Turn.GO_ON

        turn = await self._database.write(work)
        if turn is Turn.GO_ON:
            LEADS.labels("delivered").inc()
            EFFECTS.labels(EFFECT, "finished").inc()
        return turn

    async def undo(self, key: str, round: int, name: str) -> str:
        """Undo one step as far as it was done; GO_ON where there is nothing left of it."""
        lead = await self._database.write(lambda tx: self._begin_undoing(tx, key, round, name))
        if isinstance(lead, Turn):
            return lead
        if name == "deliver_to_dealers":
            return await self._take_back(lead, name)
        take_back = self._withdraw if name == "record_in_crm" else self._keep_back
        return await self._database.write(lambda tx: take_back(tx, lead, name))

    async def end_undone(self, key: str, round: int) -> None:
        """End a lead whose travels are undone, in a state that people can see and repeat."""

        def work(tx: Transaction) -> str | None:
            lead = self._progress.hold(tx, key, round)
            return None if lead is None else self._progress.end_undone(tx, lead)

        status = await self._database.write(work)
        if status is not None:
            LEADS.labels(status).inc()
            log.warning("lead_undone", status=status)

    # Steps within our own database.

    def _take_local(
        self, tx: Transaction, key: str, round: int, name: str, work: LocalStep
    ) -> Turn:
        lead = self._hold(tx, key, round, name)
        if isinstance(lead, Turn):
            return lead
        status, note = work(tx, lead)
        self._progress.pass_step(tx, lead, name, status, note)
        if status is StepStatus.FAILED:
            self._progress.turn_back(tx, lead, name, note or "")
            return Turn.TURN_BACK
        return Turn.GO_ON

    def _save(self, tx: Transaction, lead: HeldLead) -> tuple[StepStatus, str | None]:
        if self._documents.details(tx, lead.key) is None:
            return StepStatus.FAILED, ERASED
        return StepStatus.DONE, None

    def _check_credit(self, tx: Transaction, lead: HeldLead) -> tuple[StepStatus, str | None]:
        is_asked = self._with.check_credit(tx, lead)
        return (StepStatus.DONE if is_asked else StepStatus.SKIPPED), None

    def _route(self, tx: Transaction, lead: HeldLead) -> tuple[StepStatus, str | None]:
        self._with.route(tx, lead.key)
        return StepStatus.DONE, None

    def _record(self, tx: Transaction, lead: HeldLead) -> tuple[StepStatus, str | None]:
        if self._with.records is None:
            return StepStatus.SKIPPED, NOT_CONFIGURED
        self._with.records.keep(tx, lead)
        return StepStatus.DONE, None

    async def _confirming(self, key: str) -> LocalStep:
        """The step that tells people; what it takes is looked up before a transaction is open."""
        messages, prepare = self._with.messages, self._with.prepare_invitation
        invite = None if prepare is None else await prepare(key)

        def confirm(tx: Transaction, lead: HeldLead) -> tuple[StepStatus, str | None]:
            if messages is None:
                return StepStatus.SKIPPED, NOT_CONFIGURED
            is_dealer_told = messages.confirm(tx, lead.key)
            is_buyer_asked = invite is not None and invite(tx)
            note = DEALER_TOLD if is_dealer_told else BUYER_ASKED if is_buyer_asked else None
            return StepStatus.DONE, note

        return confirm

    # The step that asks partners.

    async def _deliver(self, lead: HeldLead, name: str, document: LeadDocument) -> Turn:
        if self._with.delivery is None:
            return await self._end(lead, name, StepStatus.SKIPPED, NOT_CONFIGURED)
        result = await self._with.delivery.deliver(lead, document)
        if not result.statuses:
            return await self._end(lead, name, StepStatus.SKIPPED, NO_DEALERS)
        if result.away is not None:
            return await self._park(lead, name, result.away)
        return await self._settle_delivery(lead, name, result)

    async def _settle_delivery(self, lead: HeldLead, name: str, result: Tally) -> Turn:
        """One dealer who took it is enough: what others refused is told, and voids nothing."""
        missing = len(result.statuses) - result.count(DealerStatus.DELIVERED)
        if result.count(DealerStatus.DELIVERED) == 0:
            return await self._fail(lead, name, result.refusal or result.away or NO_DEALERS)
        note = f"{missing} of {len(result.statuses)} dealers did not take it" if missing else None
        return await self._end(lead, name, StepStatus.DONE, note)

    async def _take_back(self, lead: HeldLead, name: str) -> Turn:
        holding = await self._database.read(lambda tx: tally(tx, lead.key))
        if holding.count(DealerStatus.DELIVERED) + holding.count(DealerStatus.SENDING) == 0:
            return await self._end_undoing(lead, name)
        document = await self._database.read(lambda tx: self._documents.document(tx, lead.key))
        if self._with.delivery is None or document is None:
            fault = ERASED if document is None else NOT_CONFIGURED
            return await self._end_undoing(lead, name, fault)
        result = await self._with.delivery.take_back(lead, document)
        if result.away is not None:
            return await self._park(lead, name, result.away)
        return await self._end_undoing(lead, name, result.refusal)

    def _withdraw(self, tx: Transaction, lead: HeldLead, name: str) -> Turn:
        if self._with.records is None:
            return self._note_undone(tx, lead, name, NOT_CONFIGURED)
        self._with.records.take_back(tx, lead)
        return self._note_undone(tx, lead, name, None)

    def _keep_back(self, tx: Transaction, lead: HeldLead, name: str) -> Turn:
        if self._with.messages is not None:
            self._with.messages.withdraw(tx, lead.key)
        return self._note_undone(tx, lead, name, None)

    # How a step begins and ends.

    def _begin(self, tx: Transaction, key: str, round: int, name: str) -> HeldLead | Turn:
        """The lead at a step forward whose end another transaction notes; or the turn."""
        lead = self._hold(tx, key, round, name)
        return lead if isinstance(lead, Turn) else self._progress.begin_step(tx, lead, name)

    def _hold(self, tx: Transaction, key: str, round: int, name: str) -> HeldLead | Turn:
        """The lead before a step forward, or the turn where there is no step to take."""
        lead = self._progress.hold(tx, key, round)
        if lead is None:
            return Turn.OVER
        if lead.is_turning_back:
            return Turn.TURN_BACK
        if lead.steps[name].status in PASSED:
            return Turn.GO_ON
        return lead

    def _begin_undoing(self, tx: Transaction, key: str, round: int, name: str) -> HeldLead | Turn:
        lead = self._progress.hold(tx, key, round)
        if lead is None:
            return Turn.OVER
        step = lead.steps[name]
        if step.attempts == 0 or step.status in (StepStatus.SKIPPED, StepStatus.COMPENSATED):
            return Turn.GO_ON
        return self._progress.begin_undoing(tx, lead, name)

    async def _end(
        self, lead: HeldLead, name: str, status: StepStatus, note: str | None = None
    ) -> Turn:
        def work(tx: Transaction) -> Turn:
            held = self._progress.hold(tx, lead.key, lead.round)
            if held is None:
                return Turn.OVER
            self._progress.end_step(tx, held, name, status, note)
            return Turn.GO_ON

        return await self._database.write(work)

    async def _fail(self, lead: HeldLead, name: str, fault: str) -> Turn:
        def work(tx: Transaction) -> Turn:
            held = self._progress.hold(tx, lead.key, lead.round)
            if held is None:
                return Turn.OVER
            self._progress.turn_back(tx, held, name, fault)
            return Turn.TURN_BACK

        turn = await self._database.write(work)
        log.warning("lead_turns_back", step=name, fault=fault)
        return turn

    async def _park(self, lead: HeldLead, name: str, fault: str) -> Turn:
        """Let the lead wait for a partner that is away; it turns back once that is in vain."""

        def work(tx: Transaction) -> Turn:
            held = self._progress.hold(tx, lead.key, lead.round)
            if held is None:
                return Turn.OVER
            if held.is_turning_back and not lead.is_turning_back:
                return Turn.TURN_BACK
            if self._progress.park(tx, held, name, fault):
                return Turn.OVER
            return self._give_up(tx, held, name, NEVER_REACHED.format(fault=fault))

        turn = await self._database.write(work)
        if turn is Turn.OVER:
            LEADS.labels("parked").inc()
        log.warning("lead_waits_for_partner", step=name, fault=fault, turn=turn.value)
        return turn

    def _give_up(self, tx: Transaction, lead: HeldLead, name: str, fault: str) -> Turn:
        if lead.is_turning_back:
            return self._note_undone(tx, lead, name, fault)
        if name == "deliver_to_dealers" and tally(tx, lead.key).count(DealerStatus.DELIVERED):
            self._progress.end_step(tx, lead, name, StepStatus.DONE, fault)
            return Turn.GO_ON
        self._progress.turn_back(tx, lead, name, fault)
        return Turn.TURN_BACK

    async def _end_undoing(self, lead: HeldLead, name: str, fault: str | None = None) -> Turn:
        def work(tx: Transaction) -> Turn:
            held = self._progress.hold(tx, lead.key, lead.round)
            return Turn.OVER if held is None else self._note_undone(tx, held, name, fault)

        return await self._database.write(work)

    def _note_undone(self, tx: Transaction, lead: HeldLead, name: str, fault: str | None) -> Turn:
        """What could not be undone is told, and keeps nothing else from being undone."""
        if fault is not None:
            error = NOT_UNDONE.format(fault=fault)
            self._progress.end_step(tx, lead, name, StepStatus.FAILED, error)
        elif lead.steps[name].status != StepStatus.FAILED:
            self._progress.end_step(tx, lead, name, StepStatus.COMPENSATED)
        return Turn.GO_ON
