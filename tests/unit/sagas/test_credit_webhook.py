"""The bureau's webhook: only what it signed just now, once, and nothing undone."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.unit.sagas.conftest import KEYRING, NOW, a_request, a_session
from tests.unit.sagas.partners import away
from trex_app.core.errors import NotFound, PartnerRefused, ValidationFailed, WebhookRefused
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.session import Position, StepResult
from trex_app.integrations.credit_bureau import decision_in
from trex_app.sagas.credit_checks import PATIENCE, CreditChecks
from trex_app.sagas.credit_webhook import CreditWebhook, sign
from trex_app.services.lead_progress import HeldLead
from trex_app.services.leads import Leads

SECRET = "the bureau's secret"
STEP = Position("", "credit_check")
KEY = "check-0001"
APPROVED = {"status": "decided", "outcome": "APPROVE", "reasons": ["WITHIN_LIMIT"]}
DECLINED = {"status": "decided", "outcome": "DECLINE", "reasons": ["UNDER_AGE"]}
UNKNOWN = PartnerRefused("credit", 404)


@dataclass
class Bureau:
    """Answers what it is told to, by what is asked; an error is raised."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def request(self, check: Mapping[str, Any], idempotency_key: str) -> Mapping[str, Any]:
        self.asked.append(("request", idempotency_key))
        return self._answer("request")

    async def decision_of(self, idempotency_key: str) -> Mapping[str, Any]:
        self.asked.append(("decision_of", idempotency_key))
        return self._answer("decision_of")

    def _answer(self, question: str) -> Mapping[str, Any]:
        answer = self.answers.get(question, {"decision": "pending", "reasons": []})
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Desk:
    """Credit checks over a real database, with a clock to set."""

    database: Database
    bureau: Bureau = field(default_factory=Bureau)
    secret: str | None = SECRET
    timers: list[tuple[str, int, float]] = field(default_factory=list)
    now: Any = NOW

    def __post_init__(self) -> None:
        self.store = SessionStore(KEYRING)
        self.checks = CreditChecks(
            self.database, self.store, KEYRING, lambda: self.now, self.enqueue, self.bureau
        )
        pending = StepResult({"decision": "pending"}, "hash", NOW, key=KEY)
        session = replace(
            a_session("session-1"),
            path=(STEP, Position("", "selling_confirmation")),
            results={"": {"credit_check": pending}},
        )
        given = {"birth_date": "1815-12-10", "amount": 9000}
        request = replace(a_request(KEY), position=STEP, input=given)

        def submit(tx: Transaction) -> None:
            self.store.insert(tx, session, [])
            self.checks.record(tx, session, request, None)

        self.database.write_sync(submit)

    def enqueue(
        self, tx: Transaction, name: str, key: str, *, round: int = 0, delay_seconds: float = 0
    ) -> None:
        self.timers.append((key, round, delay_seconds))

    def ask(self) -> None:
        """Let the job that was enqueued first run, when it is due."""
        key, round, delay = self.timers.pop(0)
        self.now += timedelta(seconds=delay)
        asyncio.run(self.checks.ask_bureau(key, round))

    def send(
        self, check: Mapping[str, Any], *, key: str = KEY, age: float = 0, secret: str = SECRET
    ) -> None:
        body = json.dumps({"check": {"idempotencyKey": key, **check}}).encode()
        timestamp = str(int(self.now.timestamp() - age))
        self.send_raw(timestamp, sign(secret, timestamp, body), body)

    def send_raw(self, timestamp: str, signature: str, body: bytes) -> None:
        webhook = CreditWebhook(
            self.database, self.checks, lambda: self.now, self.secret, decision_in
        )
        asyncio.run(webhook.receive(timestamp, signature, body))

    @property
    def result(self) -> Mapping[str, Any]:
        stored = self.database.read_sync(lambda tx: self.store.load(tx, "session-1"))
        assert stored is not None
        result = stored.session.result_at(STEP)
        assert result is not None
        return result.value

    @property
    def decision(self) -> str:
        return self.result["decision"]

    def count(self, table: str) -> int:
        query = select(func.count()).select_from(METADATA.tables[table])
        return self.database.read_sync(lambda tx: tx.connection.execute(query).scalar_one())


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_a_decision_reaches_the_session(desk: Desk) -> None:
    desk.send(APPROVED)
    assert desk.result == {"decision": "approved", "reasons": ["within_limit"]}
    assert desk.count("domain_event") == 1


def test_the_same_message_counts_once(desk: Desk) -> None:
    desk.send(APPROVED)
    desk.send(APPROVED)
    assert (desk.count("webhook_receipt"), desk.count("domain_event")) == (1, 1)


def test_a_late_pending_undoes_nothing(desk: Desk) -> None:
    desk.send(APPROVED)
    desk.send({"status": "pending"})
    assert desk.decision == "approved"


def test_the_first_decision_stands(desk: Desk) -> None:
    desk.send(APPROVED)
    desk.send(DECLINED)
    assert desk.decision == "approved"
    assert desk.count("domain_event") == 1


def test_a_message_about_an_unknown_check_is_refused_every_time(desk: Desk) -> None:
    for _ in range(2):
        with pytest.raises(NotFound):
            desk.send(APPROVED, key="nobody's")
    assert desk.count("webhook_receipt") == 0


def test_another_secret_is_refused(desk: Desk) -> None:
    with pytest.raises(WebhookRefused):
        desk.send(APPROVED, secret="a guess")
    assert desk.decision == "pending"


@pytest.mark.parametrize("age", [301, -301])
def test_what_was_signed_too_long_ago_or_ahead_is_refused(desk: Desk, age: float) -> None:
    with pytest.raises(WebhookRefused):
        desk.send(APPROVED, age=age)


@pytest.mark.parametrize("age", [299, -299])
def test_within_five_minutes_a_message_counts(desk: Desk, age: float) -> None:
    desk.send(APPROVED, age=age)
    assert desk.decision == "approved"


def test_a_changed_body_or_time_is_refused(desk: Desk) -> None:
    body = json.dumps({"check": {"idempotencyKey": KEY, **APPROVED}}).encode()
    timestamp = str(int(desk.now.timestamp()))
    signature = sign(SECRET, timestamp, body)
    for changed in (
        (timestamp, signature, body.replace(b"APPROVE", b"DECLINE")),
        (str(int(timestamp) + 1), signature, body),
        (timestamp, signature.upper(), body),
        (timestamp, "", body),
        ("", "", body),
        (timestamp, "v1=\N{SNOWMAN}", body),
    ):
        with pytest.raises(WebhookRefused):
            desk.send_raw(*changed)


@pytest.mark.parametrize("timestamp", ["", "now", "-5", "1e9", "²"])
def test_a_signed_timestamp_that_is_no_number_is_refused(desk: Desk, timestamp: str) -> None:
    with pytest.raises(WebhookRefused):
        desk.send_raw(timestamp, sign(SECRET, timestamp, b"{}"), b"{}")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"check": {"idempotencyKey": "check-0001"}}']
)
def test_a_signed_body_of_another_shape_is_bad_input(desk: Desk, body: bytes) -> None:
    timestamp = str(int(desk.now.timestamp()))
    with pytest.raises(ValidationFailed):
        desk.send_raw(timestamp, sign(SECRET, timestamp, body), body)


def test_without_a_secret_there_is_no_such_address(desk: Desk) -> None:
    desk.secret = None
    with pytest.raises(NotFound):
        desk.send(APPROVED)


def test_an_erased_person_stays_erased(desk: Desk) -> None:
    desk.database.write_sync(lambda tx: desk.checks.erase(tx, "session-1"))
    desk.send(APPROVED)
    assert desk.decision == "pending"
    assert desk.count("domain_event") == 0


def test_old_receipts_are_forgotten(desk: Desk) -> None:
    desk.send(APPROVED)
    desk.now += timedelta(minutes=11)
    desk.send(APPROVED)
    assert desk.count("webhook_receipt") == 1


class TestAsking:
    """The bureau is asked until it decides, or nobody waits any longer."""

    def test_a_decision_at_once_is_kept(self, desk: Desk) -> None:
        desk.bureau.answers["request"] = {"decision": "approved", "reasons": []}
        desk.ask()
        assert (desk.decision, desk.timers) == ("approved", [])

    def test_while_it_is_pending_it_is_asked_again_ever_more_rarely(self, desk: Desk) -> None:
        for _ in range(9):
            desk.ask()
        assert desk.bureau.asked == [("request", KEY)] + [("decision_of", KEY)] * 8
        ((_, round, delay),) = desk.timers
        assert (round, 225 <= delay <= 300) == (9, True)

    def test_a_bureau_that_never_got_the_request_gets_it_again(self, desk: Desk) -> None:
        desk.bureau.answers = {"request": away("credit"), "decision_of": UNKNOWN}
        desk.ask()
        desk.bureau.answers["request"] = {"decision": "referred", "reasons": []}
        desk.ask()
        assert desk.decision == "referred"
        assert desk.bureau.asked == [("request", KEY), ("decision_of", KEY), ("request", KEY)]

    def test_a_refusal_is_an_end_that_shows(self, desk: Desk) -> None:
        desk.bureau.answers["request"] = PartnerRefused("credit", 422)
        desk.ask()
        assert desk.result == {"decision": "undecided", "reasons": ["refused"]}
        assert desk.timers == []

    def test_after_three_days_nobody_waits_any_longer(self, desk: Desk) -> None:
        desk.ask()
        desk.now += PATIENCE
        desk.ask()
        assert desk.result == {"decision": "undecided", "reasons": ["no_answer"]}
        assert desk.timers == []
        assert desk.count("domain_event") == 1

    def test_a_decision_that_comes_after_that_changes_nothing(self, desk: Desk) -> None:
        desk.ask()
        desk.now += PATIENCE
        desk.ask()
        desk.send(APPROVED)
        assert desk.decision == "undecided"

    def test_once_decided_by_webhook_it_is_asked_no_more(self, desk: Desk) -> None:
        desk.ask()
        desk.send(APPROVED)
        desk.ask()
        assert desk.bureau.asked == [("request", KEY)]
        assert desk.timers == []

    def test_a_job_that_runs_twice_sets_one_timer(self, desk: Desk) -> None:
        first = desk.timers[0]
        desk.ask()
        desk.timers.insert(0, first)
        desk.ask()
        assert [round for _, round, _ in desk.timers] == [1]

    def test_a_lead_with_consent_has_its_person_checked_once(self, desk: Desk) -> None:
        consent = {"consent": True, "birth_date": "1815-12-10", "street": "12 St", "city": "Town"}
        lead = send_lead(desk, {"credit": consent})
        assert ask_for_lead(desk, lead)
        assert ask_for_lead(desk, lead)
        (timer,) = desk.timers[-1:]
        assert timer[0] == "lead-1-credit"
        desk.bureau.answers["request"] = {"decision": "approved", "reasons": []}
        desk.timers = [timer]
        desk.ask()
        assert desk.count("domain_event") == 2
        assert desk.decision == "pending"

    @pytest.mark.parametrize("details", [{}, {"credit": None}, {"credit": {"consent": False}}])
    def test_without_consent_nobody_is_asked(self, desk: Desk, details: Any) -> None:
        assert not ask_for_lead(desk, send_lead(desk, details))

    def test_a_session_that_was_checked_is_not_checked_again(self, desk: Desk) -> None:
        lead = send_lead(desk, {"credit": {"consent": True}}, session_id="session-1")
        assert ask_for_lead(desk, lead)
        assert desk.count("credit_check") == 1


def send_lead(desk: Desk, details: Any, session_id: str = "session-2") -> HeldLead:
    leads = Leads(desk.database, KEYRING, lambda: desk.now, lambda *_, **__: None)
    request = a_request("lead-1", details=details, vehicle={"postal_code": "60618"})
    session = a_session(session_id)
    desk.database.write_sync(lambda tx: leads.record(tx, session, request, None))
    return HeldLead("lead-1", "TRX", session_id, 0, 0, desk.now, None, {}, is_erased=False)


def ask_for_lead(desk: Desk, lead: HeldLead) -> bool:
    return desk.database.write_sync(lambda tx: desk.checks.ask_for_lead(tx, lead))
