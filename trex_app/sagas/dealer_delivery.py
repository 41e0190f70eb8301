"""Handing a lead to each of its dealers, and taking it back from those who may have it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from trex_app.core.clock import Clock
from trex_app.core.errors import PartnerRefused, Unavailable
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.ports import Data, DealerNetwork, LeadDelivery, LeadDocument
from trex_app.sagas.partner_faults import named
from trex_app.services.lead_progress import HeldLead, LeadProgress
from trex_app.services.lead_states import DealerStatus

NO_SUCH_DEALER = "the dealer is not known"
WAITING = (DealerStatus.ASSIGNED, DealerStatus.SENDING)
"""How those stand who do not have the lead yet, as far as is known."""

_dealer = METADATA.tables["lead_dealer"]

_CHANGE = update(_dealer).where(
    _dealer.c.lead_key == bindparam("this_lead"), _dealer.c.dealer_id == bindparam("this_dealer")
)
_BEGIN_SENDING = _CHANGE.where(_dealer.c.status.in_(WAITING))
_WAITING_OF = (
    select(_dealer.c.dealer_id, _dealer.c.key_trip)
    .where(_dealer.c.lead_key == bindparam("this_lead"), _dealer.c.status.in_(WAITING))
    .order_by(_dealer.c.rank)
)
_STATUSES_OF = (
    select(_dealer.c.dealer_id, _dealer.c.status)
    .where(_dealer.c.lead_key == bindparam("this_lead"))
    .order_by(_dealer.c.rank)
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How the dealers of a lead stand, and the last fault of those who are away or refused."""

    statuses: Mapping[str, str]
    away: str | None = None
    refusal: str | None = None

    def count(self, status: str) -> int:
        """How many dealers stand so."""
        return sum(each == status for each in self.statuses.values())


class DealerDelivery:
    """Deals with a lead's dealers one after the other, each under a key of its own.

    One who is away or refuses keeps nobody else from getting the lead.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        progress: LeadProgress,
        dealers: DealerNetwork,
        delivery: LeadDelivery,
    ) -> None:
        self._database = database
        self._clock = clock
        self._progress = progress
        self._dealers = dealers
        self._delivery = delivery

    async def deliver(self, lead: HeldLead, document: LeadDocument) -> Tally:
        """Hand the lead to all who do not have it yet, and to nobody once it turns back."""
        waiting = await self._waiting(lead)
        away = refusal = None
        known = await self._known(list(waiting))
        if isinstance(known, str):
            return await self._tally(lead, away=known)
        for dealer_id, key in waiting.items():
            if not await self._move(lead, dealer_id, DealerStatus.SENDING):
                continue
            try:
                refusal = await self._hand_over(lead, document, dealer_id, known, key) or refusal
            except Unavailable as error:
                away = named(error)
        return await self._tally(lead, away, refusal)

    async def take_back(self, lead: HeldLead, document: LeadDocument) -> Tally:
        """Tell every dealer who has the lead, or may have it, that it is void."""
        holding = await self._standing(lead, (DealerStatus.SENDING, DealerStatus.DELIVERED))
        away = refusal = None
        known = await self._known(holding)
        if isinstance(known, str):
            return await self._tally(lead, away=known)
        for dealer_id in holding:
            try:
                refusal = await self._call_off(lead, document, dealer_id, known) or refusal
            except Unavailable as error:
                away = named(error)
        return await self._tally(lead, away, refusal)

    async def _hand_over(
        self,
        lead: HeldLead,
        document: LeadDocument,
        dealer_id: str,
        known: Mapping[str, Data],
        key: str,
    ) -> str | None:
        """The refusal, where the dealer will not have the lead. Raises Unavailable."""
        if dealer_id not in known:
            await self._move(lead, dealer_id, DealerStatus.REFUSED)
            return NO_SUCH_DEALER
        try:
            await self._delivery.deliver(known[dealer_id], document, key)
        except PartnerRefused as error:
            await self._move(lead, dealer_id, DealerStatus.REFUSED)
            return named(error)
        await self._move(lead, dealer_id, DealerStatus.DELIVERED, delivered_at=self._clock())
        return None

    async def _call_off(
        self, lead: HeldLead, document: LeadDocument, dealer_id: str, known: Mapping[str, Data]
    ) -> str | None:
        """The refusal, where the dealer will not hear of it. Raises Unavailable."""
        if dealer_id not in known:
            return NO_SUCH_DEALER
        key = lead.partner_key(f"{dealer_id}:cancel")
        try:
            await self._delivery.cancel(known[dealer_id], document, key)
        except PartnerRefused as error:
            return named(error)
        await self._move(lead, dealer_id, DealerStatus.CANCELLED)
        return None

    async def _known(self, dealer_ids: Sequence[str]) -> Mapping[str, Data] | str:
        """The dealers of these ids, or what keeps us from knowing them."""
        if not dealer_ids:
            return {}
        try:
            return await self._dealers.get_many(dealer_ids)
        except Unavailable as error:
            return named(error)

    async def _waiting(self, lead: HeldLead) -> dict[str, str]:
        """Who does not have the lead yet, each with the key to hand it over under."""
        rows = await self._database.read(
            lambda tx: tx.connection.execute(_WAITING_OF, {"this_lead": lead.key}).all()
        )
        return {row.dealer_id: lead.partner_key(row.dealer_id, row.key_trip) for row in rows}

    async def _standing(self, lead: HeldLead, statuses: Sequence[str]) -> list[str]:
        found = await self._tally(lead)
        return [dealer_id for dealer_id, each in found.statuses.items() if each in statuses]

    async def _tally(
        self, lead: HeldLead, away: str | None = None, refusal: str | None = None
    ) -> Tally:
        return await self._database.read(lambda tx: tally(tx, lead.key, away, refusal))

    async def _move(self, lead: HeldLead, dealer_id: str, status: str, **values: Any) -> bool:
        """Record how a dealer stands; False where that is not this round's to say.

        A lead that was called back meanwhile, or whose person was erased, is handed to nobody else,
        and none is handed anew to who has answered: a worker that was taken for dead may go on in
        the same round.
        """

        def work(tx: Transaction) -> bool:
            held = self._progress.hold(tx, lead.key, lead.round)
            is_new = status == DealerStatus.SENDING
            if held is None or (is_new and (held.is_turning_back or held.is_erased)):
                return False
            this_one = {"this_lead": lead.key, "this_dealer": dealer_id}
            change = _BEGIN_SENDING if is_new else _CHANGE
            changed = tx.connection.execute(change, {**this_one, "status": status, **values})
            return changed.rowcount == 1

        return await self._database.write(work)


def tally(tx: Transaction, key: str, away: str | None = None, refusal: str | None = None) -> Tally:
    """How the dealers of a lead stand, in their order."""
    rows = tx.connection.execute(_STATUSES_OF, {"this_lead": key})
    return Tally({row.dealer_id: row.status for row in rows}, away, refusal)
