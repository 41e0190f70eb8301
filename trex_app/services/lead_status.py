"""Where a lead stands, in plain words, for the person who sent it and for nobody else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, select

from trex_app.core.crypto import Keyring
from trex_app.core.errors import Forbidden, Unauthenticated
from trex_app.core.texts import DEFAULT_LOCALE, translate
from trex_app.db.sealed import unseal
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.services.lead_progress import normalised
from trex_app.services.lead_states import DealerStatus, LeadStatus
from trex_app.services.messages import PARKED, QUEUED, SENT, WAITING, Purpose
from trex_app.services.personal_links import PersonalLinks
from trex_app.services.sessions import Sessions
from trex_app.services.views import Caller

State = Literal["done", "current", "waiting", "stopped"]
UNDONE: Final = frozenset({LeadStatus.CANCELLED, LeadStatus.COMPENSATED})
TOLD: Final = (Purpose.DEALER_SALE, Purpose.CONFIRMATION, Purpose.BUYER_INVITATION)
"""The mails that its timeline tells of, in their order there."""

_lead = METADATA.tables["lead"]
_lead_dealer = METADATA.tables["lead_dealer"]
_dealer = METADATA.tables["dealer"]
_message = METADATA.tables["message"]
_check = METADATA.tables["credit_check"]


class StatusHidden(Forbidden):
    """A status that is not shown here: somebody else's, or that of no lead at all."""

    code = "status_hidden"
    default_message = (
        "We cannot show this here. Open it in the browser where you sent it, or by the link in the "
        "message you got from us."
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline. `at` is when it happened; None while it has not."""

    name: str
    title: str
    state: State
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeadStatusView:
    """Where a lead stands. Its texts are in the language it was asked for in."""

    reference: str
    status: str
    headline: str
    meaning: str
    updated_at: datetime
    timeline: tuple[Moment, ...]


class LeadStatuses:
    """Shows where leads stand. Whoever may not see one learns nothing, not even whether it is."""

    def __init__(
        self, database: Database, keyring: Keyring, sessions: Sessions, links: PersonalLinks
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._sessions = sessions
        self._links = links

    async def for_caller(self, caller: Caller, reference: str, locale: str) -> LeadStatusView:
        """For the person who holds the session, who alone sees what a bureau decided.

        Raises Unauthenticated, StatusHidden.
        """
        if caller.visitor is None and not caller.tokens:
            raise Unauthenticated
        lead = await self._own(caller, reference)
        if lead is None:
            raise StatusHidden
        return await self._view(lead, locale, shows_credit=True)

    async def links_for(self, caller: Caller, references: Iterable[str]) -> dict[str, str]:
        """The links of messages to one's own leads, for who follows them as somebody else.

        By reference; a lead of somebody else has none.
        """
        locale = caller.locale or DEFAULT_LOCALE
        found = {reference: await self._own(caller, reference) for reference in references}
        return {
            reference: self._links.to_status(reference, lead.key, locale, lead.created_at)
            for reference, lead in found.items()
            if lead is not None
        }

    async def by_link(self, reference: str, token: str, locale: str) -> LeadStatusView:
        """For whoever comes by the signed link of a message. Raises StatusHidden."""
        for lead in await self._leads(reference):
            if self._links.opens_status(lead.key, token):
                return await self._view(lead, locale)
        raise StatusHidden

    async def _own(self, caller: Caller, reference: str) -> Row[Any] | None:
        """The lead of a reference whose session the caller holds."""
        for lead in await self._leads(reference):
            try:
                await self._sessions.open(caller, lead.session_id)
            except Forbidden:
                continue
            return lead
        return None

    async def _leads(self, reference: str) -> list[Row[Any]]:
        """The leads of a reference whose person is known; hardly ever more than one."""
        query = select(_lead).where(
            _lead.c.reference == normalised(reference), _lead.c.wrapped_key.is_not(None)
        )
        return await self._database.read(lambda tx: list(tx.connection.execute(query)))

    async def _view(
        self, lead: Row[Any], locale: str, *, shows_credit: bool = False
    ) -> LeadStatusView:
        def work(tx: Transaction) -> LeadStatusView:
            say = _Speaker(locale)
            dealers = _dealers_of(tx, lead.key)
            received = Moment("received", say.received(), "done", lead.created_at)
            passed_on = [say.dealer(row, lead.status) for row in dealers]
            mails = _mails_about(tx, lead.key)
            told = [say.told(row) for row in mails]
            standings = [row.status for row in dealers] + _standing_of_own_dealer(mails)
            headline, meaning = say.standing(lead.status, standings)
            credit = self._credit(tx, lead.session_id, say) if shows_credit else []
            ended = [Moment(lead.status, headline, "stopped", lead.updated_at)]
            moments = (
                received,
                *passed_on,
                *told,
                *credit,
                *(ended if lead.status in UNDONE else []),
            )
            return LeadStatusView(
                lead.reference, lead.status, headline, meaning, lead.updated_at, moments
            )

        return await self._database.read(work)

    def _credit(self, tx: Transaction, session_id: str, say: "_Speaker") -> list[Moment]:
        """What the bureau decided about the person of a session."""
        query = select(_check).where(
            _check.c.session_id == session_id, _check.c.decision.is_not(None)
        )
        rows = tx.connection.execute(query.order_by(_check.c.decided_at)).all()
        decided = [(unseal(self._keyring, r.key, r.wrapped_key, r.decision), r) for r in rows]
        return [say.credit(value["decision"], row.decided_at) for value, row in decided if value]


class _Speaker:
    """Says things in one language."""

    def __init__(self, locale: str) -> None:
        self._locale = locale

    def _say(self, text: str, **params: object) -> str:
        said = translate(text, self._locale)
        return said.format(**params) if params else said

    def standing(self, status: str, dealers: Sequence[str]) -> tuple[str, str]:
        """The status as a headline and a sentence; `dealers` is how each of them stands."""
        say: Mapping[str, Callable[[], tuple[str, str]]] = {
            LeadStatus.PARKED: self._parked,
            LeadStatus.CANCELLED: self._cancelled,
            LeadStatus.COMPENSATED: self._compensated,
        }
        if status == LeadStatus.DELIVERED:
            is_passed_on = DealerStatus.DELIVERED in dealers
            return self._passed_on() if is_passed_on else self._recorded(bool(dealers))
        return say.get(status, self._under_way)()

    def received(self) -> str:
        """The first line of each timeline."""
        return self._say("Your request has arrived")

    def dealer(self, row: Row[Any], status: str) -> Moment:
        """How a dealer's part stands."""
        name: str = row.name or self._say("the dealer")
        if row.status == DealerStatus.DELIVERED:
            title = self._say("Passed on to {dealer}", dealer=name)
            return Moment("dealer", title, "done", row.delivered_at)
        if row.status == DealerStatus.REFUSED:
            return Moment("dealer", self._say("{dealer} cannot take it", dealer=name), "stopped")
        if row.status == DealerStatus.CANCELLED or status in UNDONE:
            return Moment("dealer", self._say("Called off at {dealer}", dealer=name), "stopped")
        if status == LeadStatus.DELIVERED:
            return self._not_passed_on(row, name)
        if status == LeadStatus.PARKED:
            title = self._say("We are still trying to reach {dealer}", dealer=name)
            return Moment("dealer", title, "waiting")
        return Moment("dealer", self._say("On its way to {dealer}", dealer=name), "current")

    def _not_passed_on(self, row: Row[Any], name: str) -> Moment:
        """A dealer who does not have it at the end: away for too long, or never asked."""
        if row.status == DealerStatus.SENDING:
            title = self._say("{dealer} could not be reached", dealer=name)
            return Moment("dealer", title, "stopped")
        return Moment("dealer", self._say("Noted for {dealer}", dealer=name), "done")

    def told(self, row: Row[Any]) -> Moment:
        """How a mail about it stands: to the person, or to who was named by them."""
        name, sent, unsent = {
            Purpose.CONFIRMATION: (
                "confirmation",
                self._say("Confirmation sent to you"),
                self._say("Confirmation on its way to you"),
            ),
            Purpose.DEALER_SALE: (
                "dealer",
                self._say("Passed on by e-mail to the dealer you named"),
                self._say("On its way by e-mail to the dealer you named"),
            ),
            Purpose.BUYER_INVITATION: (
                "buyer",
                self._say("The buyer was asked about the financing by e-mail"),
                self._say("The e-mail to the buyer is on its way"),
            ),
        }[Purpose(row.purpose)]
        if row.status == SENT:
            return Moment(name, sent, "done", row.sent_at)
        return Moment(name, unsent, "waiting")

    def credit(self, decision: str, at: datetime) -> Moment:
        """What the bureau decided, where it did."""
        titles = {
            "approved": self._say("The credit bureau approved your request"),
            "declined": self._say("The credit bureau declined your request"),
            "referred": self._say("The credit bureau has a person look at your request"),
        }
        title = titles.get(decision, self._say("The credit bureau has not decided"))
        return Moment("credit", title, "done" if decision in titles else "stopped", at)

    def _under_way(self) -> tuple[str, str]:
        return self._say("Your request is under way"), self._say(
            "It has arrived and is being passed on. You need not do anything."
        )

    def _passed_on(self) -> tuple[str, str]:
        return self._say("Your request has been passed on"), self._say(
            "Those named below have it, and get in touch the way you chose."
        )

    def _recorded(self, has_dealers: bool) -> tuple[str, str]:
        meaning = (
            self._say("It is kept under this reference.")
            if has_dealers
            else self._say("It is kept under this reference. It goes to no dealer.")
        )
        return self._say("Your request is recorded"), meaning

    def _parked(self) -> tuple[str, str]:
        return self._say("We are still trying"), self._say(
            "Somebody we pass it on to cannot be reached right now. Your request is safe, and we "
            "go on by ourselves; you need not do anything."
        )

    def _cancelled(self) -> tuple[str, str]:
        return self._say("Your request is cancelled"), self._say(
            "It no longer holds, and nobody acts on it. You can start a new one at any time."
        )

    def _compensated(self) -> tuple[str, str]:
        return self._say("We could not complete your request"), self._say(
            "We could not pass it on, and have taken it back everywhere. Please start it anew, or "
            "get in touch with your reference."
        )


def _dealers_of(tx: Transaction, lead_key: str) -> Sequence[Any]:
    query = (
        select(_lead_dealer.c.status, _lead_dealer.c.delivered_at, _dealer.c.name)
        .join(_dealer, _dealer.c.dealer_id == _lead_dealer.c.dealer_id, isouter=True)
        .where(_lead_dealer.c.lead_key == lead_key)
        .order_by(_lead_dealer.c.rank)
    )
    return tx.connection.execute(query).all()


def _mails_about(tx: Transaction, lead_key: str) -> Sequence[Any]:
    query = select(_message.c.purpose, _message.c.status, _message.c.sent_at).where(
        _message.c.lead_key == lead_key,
        _message.c.purpose.in_(TOLD),
        # A person who reads this needs no confirmation; that others wait for their mail is news.
        _message.c.status.in_((SENT, QUEUED, WAITING))
        | ((_message.c.status == PARKED) & (_message.c.purpose != Purpose.CONFIRMATION.value)),
    )
    rows = tx.connection.execute(query).all()
    return sorted(rows, key=lambda row: TOLD.index(row.purpose))


def _standing_of_own_dealer(mails: Sequence[Any]) -> list[str]:
    """How the dealer stands whom the person named: the mail to them is what they get."""
    return [
        DealerStatus.DELIVERED if row.status == SENT else DealerStatus.SENDING
        for row in mails
        if row.purpose == Purpose.DEALER_SALE
    ]
