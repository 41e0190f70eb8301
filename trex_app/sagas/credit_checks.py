"""Credit checks: what a person consented to have checked, and the bureau's answer to it.

The request is saved with the submit, or the lead, that makes it; the bureau is asked by a job, and
its answer fills the step's result without touching what the person does meanwhile. A decision that
comes later arrives by webhook, or is asked for again after ever longer pauses; one that never comes
ends as `undecided`. Whichever decision comes first stands.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, cast

import orjson
import structlog
from sqlalchemy import Row, insert, select, update

from trex_app.core.clock import Clock
from trex_app.core.crypto import Keyring
from trex_app.core.errors import NotFound, PartnerRefused, Unavailable
from trex_app.core.telemetry import EFFECTS
from trex_app.db.sealed import seal, unseal
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.definition import Json
from trex_app.engine.history import Event, EventKind
from trex_app.engine.session import Position, Session
from trex_app.engine.walk import Request
from trex_app.messaging import events
from trex_app.ports import CreditBureau, Data
from trex_app.sagas.partner_faults import knows_nothing_of_it, named
from trex_app.services.credit import CreditDecision
from trex_app.services.enqueue import Enqueue
from trex_app.services.lead_details import lead_details
from trex_app.services.lead_progress import HeldLead, pause_seconds

EFFECT: Final = "credit.request"
JOB: Final = "request_credit"
PENDING: Final = "pending"
PATIENCE: Final = timedelta(hours=72)
"""How long a decision is waited for."""
NO_ANSWER: Final[CreditDecision] = {"decision": "undecided", "reasons": ["no_answer"]}
REFUSED: Final[CreditDecision] = {"decision": "undecided", "reasons": ["refused"]}
NO_STEP: Final = Position("", "")
"""Where a check belongs that no step of a journey waits for."""

_check = METADATA.tables["credit_check"]
_session = METADATA.tables["session"]

log = structlog.get_logger(__name__)


class CreditChecks:
    """Saves credit requests, asks the bureau, and hands its decisions to their sessions."""

    def __init__(
        self,
        database: Database,
        store: SessionStore,
        keyring: Keyring,
        clock: Clock,
        enqueue: Enqueue,
        bureau: CreditBureau,
    ) -> None:
        self._database = database
        self._store = store
        self._keyring = keyring
        self._clock = clock
        self._enqueue = enqueue
        self._bureau = bureau

    def begin(self, _given: Mapping[str, Json], _key: str) -> Json:
        """What is known at once: nothing yet."""
        EFFECTS.labels(EFFECT, "begun").inc()
        return {"decision": PENDING}

    def record(self, tx: Transaction, session: Session, request: Request, _value: Json) -> None:
        """Save the request and enqueue its job, in the submit's own transaction."""
        key = cast("str", request.key)
        self._save(tx, key, session.session_id, request.position, request.input)

    def ask_for_lead(self, tx: Transaction, lead: HeldLead) -> bool:
        """Have the bureau asked about a lead's person, where they agreed to a check.

        A session is checked once; whether it is. The decision fills no step's result.
        """
        details = lead_details(tx, self._keyring, lead.key) or {}
        consent: Mapping[str, Json] = (details.get("details") or {}).get("credit") or {}
        if not consent.get("consent"):
            return False
        asked = select(_check.c.key).where(_check.c.session_id == lead.session_id)
        if tx.connection.execute(asked).first() is not None:
            return True
        vehicle: Mapping[str, Json] = details.get("vehicle") or {}
        contact: Mapping[str, Json] = details.get("contact") or {}
        place = vehicle.get("postal_code") or contact.get("postal_code")
        given = {name: consent.get(name) for name in ("birth_date", "street", "city")}
        check = {**given, "postal_code": place, "income_band": consent.get("income_band")}
        self._save(tx, check_key_of_lead(lead.key), lead.session_id, NO_STEP, check)
        return True

    async def ask_bureau(self, key: str, round: int) -> None:
        """Ask the bureau once, and keep its decision; without one, ask again later.

        A repeat asks with the same key, which the bureau answers the same. Raises Unavailable
        only while our own database is away.
        """
        request = await self._database.read(lambda tx: self._open_request(tx, key, round))
        if request is None:
            return
        try:
            decision = await self._ask(request, key, round)
        except Unavailable as error:
            log.warning("credit_bureau_away", fault=named(error), round=round)
            decision = None
        except PartnerRefused as error:
            log.warning("credit_check_refused", fault=named(error))
            decision = REFUSED
        if decision is None or decision["decision"] == PENDING:
            await self._database.write(lambda tx: self._ask_again(tx, key, round))
        else:
            await self._database.write(lambda tx: self.decide(tx, key, decision))

    def decide(self, tx: Transaction, key: str, decision: Data) -> None:
        """Keep a decision and give it to its session; the first one stands. Raises NotFound."""
        row = self._locked(tx, key)
        if row.wrapped_key is None:
            return
        known = self._value(row, "decision")
        if known is not None:
            if known.get("decision") != decision["decision"]:
                log.warning("credit_decision_differs", check_key=key)
            return
        data_key = self._keyring.unwrap(row.wrapped_key, key.encode())
        sealed = data_key.encrypt(orjson.dumps(dict(decision)), key.encode())
        now = self._clock()
        change = update(_check).where(_check.c.key == key)
        tx.connection.execute(change.values(decision=sealed, decided_at=now))
        events.record(tx, events.CreditDecided(key, row.session_id), now=now)
        self._fill(tx, row, dict(decision), now)

    def confirm_known(self, tx: Transaction, key: str) -> None:
        """Raises NotFound where there is no check of this key."""
        self._locked(tx, key)

    async def fill_result(self, key: str) -> None:
        """Give the session a decision that an earlier version kept without giving it."""

        def work(tx: Transaction) -> None:
            row = self._locked(tx, key)
            decision = self._value(row, "decision")
            if decision is not None:
                self._fill(tx, row, decision, self._clock())

        await self._database.write(work)

    def revive(self, tx: Transaction, key: str, round: int) -> bool:
        """Have a check asked again whose job ended without an outcome; whether it will be."""
        row = self._locked(tx, key)
        if row.attempts != round or row.decision is not None or row.wrapped_key is None:
            return False
        self._ask_again(tx, key, round)
        return True

    def erase(self, tx: Transaction, session_id: str) -> None:
        """Destroy what the requests of a session say about a person; the bare facts stay."""
        tx.connection.execute(
            update(_check)
            .where(_check.c.session_id == session_id)
            .values(wrapped_key=None, request=None, decision=None)
        )

    def _save(
        self,
        tx: Transaction,
        key: str,
        session_id: str,
        position: Position,
        given: Mapping[str, Json],
    ) -> None:
        now = self._clock()
        check = {
            "key": key,
            "session_id": session_id,
            "frame": position.frame,
            "step": position.step,
            "created_at": now,
            "give_up_at": now + PATIENCE,
            **seal(self._keyring, key, request=dict(given)),
        }
        tx.connection.execute(insert(_check).values(check))
        self._enqueue(tx, JOB, key)

    async def _ask(self, request: Mapping[str, Json], key: str, round: int) -> Data | None:
        """The bureau's answer. Raises Unavailable, PartnerRefused."""
        if round > 0:
            try:
                return await self._bureau.decision_of(key)
            except PartnerRefused as error:
                if not knows_nothing_of_it(error):
                    raise
        return await self._bureau.request(request, key)

    def _open_request(self, tx: Transaction, key: str, round: int) -> dict[str, Json] | None:
        """What to ask; None where nobody waits for it, or another round does the asking."""
        row = tx.connection.execute(select(_check).where(_check.c.key == key)).one()
        if row.attempts != round or row.decision is not None:
            return None
        return self._value(row, "request")

    def _ask_again(self, tx: Transaction, key: str, round: int) -> None:
        row = self._locked(tx, key)
        if row.attempts != round or row.decision is not None or row.wrapped_key is None:
            return
        if self._clock() >= (row.give_up_at or row.created_at + PATIENCE):
            self.decide(tx, key, NO_ANSWER)
            return
        change = update(_check).where(_check.c.key == key)
        tx.connection.execute(change.values(attempts=round + 1))
        pause = pause_seconds(key, round + 1)
        self._enqueue(tx, JOB, key, round=round + 1, delay_seconds=pause)

    def _locked(self, tx: Transaction, key: str) -> Row[Any]:
        """The check's row, locked after its session's, as all who lock both do."""
        owner = select(_check.c.session_id).where(_check.c.key == key).scalar_subquery()
        session = select(_session.c.session_id).where(_session.c.session_id == owner)
        tx.connection.execute(session.with_for_update())
        query = select(_check).where(_check.c.key == key).with_for_update()
        row = tx.connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("There is no credit check of this key.")
        return row

    def _value(self, row: Row[Any], column: str) -> dict[str, Json] | None:
        """What an encrypted column holds; None where it is empty, or the person was erased."""
        value = row._mapping[column]  # noqa: SLF001 - SQLAlchemy's documented way to a column by name
        return unseal(self._keyring, row.key, row.wrapped_key, value)

    def _fill(
        self, tx: Transaction, row: Row[Any], decision: Mapping[str, Json], now: datetime
    ) -> None:
        position = Position(row.frame, row.step)
        if position == NO_STEP:
            return
        event = Event(
            EventKind.EFFECT_DONE,
            now,
            revision=0,
            position=position,
            to=position,
            personal={"value": decision},
        )
        if self._store.record_effect(tx, row.session_id, position, row.key, decision, event):
            EFFECTS.labels(EFFECT, "finished").inc()


def check_key_of_lead(lead_key: str) -> str:
    """The key of the check that a lead asks for."""
    return f"{lead_key}-credit"
