"""The credit bureau: it decides by rules of its own, at once or later by webhook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from trex_app.core.market import MARKET
from trex_app.core.values import minor_units
from trex_app.sandbox.ledger import Entry
from trex_app.sandbox.webhooks import Webhook, Webhooks
from trex_app.sandbox.wire import Answer, Call, Door, Refused, invalid, money

ADULT_AGE: Final = 18
FULL_LIMIT_AGE: Final = 21
LIMIT_PERCENT: Final = 60
OPEN_BAND_PERCENT: Final = 125
LATER_AMOUNT_ENDING: Final = 77
LATER_POSTAL_CODES: Final = ("995", "996", "997", "998", "999")
DECISION_DELAY: Final = timedelta(milliseconds=500)
_AMOUNT_LIMIT: Final = 10**12


@dataclass(frozen=True, slots=True)
class Check:
    """One check as it was asked for, and from when on its decision is known."""

    check_id: str
    key: str
    decision: Mapping[str, Any]
    asked_at: datetime
    decided_at: datetime

    def shown(self, now: datetime) -> dict[str, Any]:
        """The check as it stands."""
        if now < self.decided_at:
            return {"checkId": self.check_id, "status": "pending"}
        return {
            "checkId": self.check_id,
            "status": "decided",
            **self.decision,
            "decidedAt": self.decided_at.isoformat(),
        }


class Credit:
    """Takes checks, answers about them, and sends what it decides later."""

    name = "credit"

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks
        self._checks: dict[str, Check] = {}
        self.doors = (
            Door(
                "POST",
                "/v1/checks",
                self._check,
                needs_key=True,
                body_of=Call.json_object,
            ),
            Door("GET", "/v1/checks/{key:path}", self._state),
        )

    def absorb(self, entry: Entry) -> None:
        """Keep the check, and send what its sender waits for."""
        if entry.method != "POST" or entry.idempotency_key is None:
            return
        check = _check_of(entry)
        self._checks[check.key] = check
        callback_url = entry.body.get("callbackUrl")
        is_duplicated = bool(entry.options.get("duplicate_webhook"))
        if callback_url and (entry.status == 202 or is_duplicated):
            self._webhooks.send(callback_url, check.decided_at, _webhooks(check, is_duplicated))

    def forget(self) -> None:
        """Forget every check, and send nothing more."""
        self._checks.clear()
        self._webhooks.forget()

    def _check(self, call: Call) -> Answer:
        body = call.json_object()
        decision = _decide(body, call.at.date())
        check_id = f"chk_{uuid4().hex[:16]}"
        if _comes_later(body):
            return Answer.of(202, {"checkId": check_id, "status": "pending"})
        check = Check(check_id, call.key or "", decision, call.at, call.at)
        return Answer.of(200, check.shown(call.at))

    def _state(self, call: Call) -> Answer:
        check = self._checks.get(call.params["key"])
        if check is None:
            raise Refused.of(404, "CHECK_UNKNOWN", "No check of this key has arrived.")
        return Answer.of(200, check.shown(call.at))


def _check_of(entry: Entry) -> Check:
    asked_at = datetime.fromisoformat(entry.at)
    delay = DECISION_DELAY + timedelta(milliseconds=entry.options.get("latency_ms", 0))
    decided_at = asked_at + delay if entry.status == 202 else asked_at
    return Check(
        entry.first_answer().data()["checkId"],
        entry.idempotency_key or "",
        _decide(entry.body, asked_at.date()),
        asked_at,
        decided_at,
    )


def _webhooks(check: Check, is_duplicated: bool) -> list[Webhook]:
    """What is sent about a check, in the order of sending."""
    decided = _webhook(check, "check.decided", check.decided_at)
    if not is_duplicated:
        return [decided]
    return [decided, _webhook(check, "check.pending", check.asked_at), decided]


def _webhook(check: Check, kind: str, at: datetime) -> Webhook:
    is_decided = kind == "check.decided"
    # An event of the past keeps its id, also over a restart of the sandbox.
    event_id = f"evt_{check.check_id[4:]}{'d' if is_decided else 'p'}"
    shown = check.shown(check.decided_at)
    if not is_decided:
        at = min(at, check.decided_at - timedelta(milliseconds=1))
        shown = {"checkId": check.check_id, "status": "pending"}
    body = {
        "eventId": event_id,
        "type": kind,
        "occurredAt": at.isoformat(),
        "check": {**shown, "idempotencyKey": check.key},
    }
    return Webhook(event_id, body)


def _comes_later(body: Mapping[str, Any]) -> bool:
    whole = _amount_minor(body) // minor_units(MARKET.currency)
    address = (body.get("applicant") or {}).get("address") or {}
    postal_code = str(address.get("postalCode") or "")
    return whole % 100 == LATER_AMOUNT_ENDING or postal_code.startswith(LATER_POSTAL_CODES)


def _decide(body: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The decision. Raises Refused for a request that cannot be read."""
    applicant = body.get("applicant")
    if not isinstance(applicant, dict):
        raise invalid("applicant", "must be an object.", 422)
    if not isinstance(applicant.get("address"), dict | None):
        raise invalid("applicant.address", "must be an object or null.", 422)
    birth_date = _birth_date(applicant.get("birthDate"))
    income_minor = _income_minor(body.get("annualIncome"))
    amount_minor = _amount_minor(body)
    _check_callback(body.get("callbackUrl"))
    if birth_date is None:
        return _outcome("REFER", "BIRTH_DATE_UNKNOWN")
    age = _age(birth_date, today)
    if age < ADULT_AGE:
        return _outcome("DECLINE", "UNDER_AGE")
    if income_minor is None:
        return _outcome("REFER", "INCOME_UNKNOWN")
    limit_minor = income_minor * LIMIT_PERCENT // 100
    if age < FULL_LIMIT_AGE:
        limit_minor //= 2
    if amount_minor <= limit_minor:
        return _outcome("APPROVE", "WITHIN_LIMIT", limit_minor)
    if 2 * amount_minor <= 3 * limit_minor:
        return _outcome("REFER", "ABOVE_LIMIT", limit_minor)
    return _outcome("DECLINE", "FAR_ABOVE_LIMIT", limit_minor)


def _outcome(outcome: str, reason: str, limit_minor: int | None = None) -> dict[str, Any]:
    limit = None if limit_minor is None else money(limit_minor)
    return {"outcome": outcome, "reasons": [reason], "limit": limit}


def _birth_date(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise invalid("applicant.birthDate", "must be YYYY-MM-DD or null.", 422) from None


def _age(birth_date: date, today: date) -> int:
    is_before_birthday = (today.month, today.day) < (birth_date.month, birth_date.day)
    return today.year - birth_date.year - is_before_birthday


def _income_minor(band: Any) -> int | None:
    """The middle of the income band in minor units."""
    if band is None:
        return None
    if not isinstance(band, dict):
        raise invalid("annualIncome", "must be an object or null.", 422)
    low = _minor(band, "fromMinor", "annualIncome")
    _check_currency(band, "annualIncome")
    if band.get("toMinor") is None:
        return low * OPEN_BAND_PERCENT // 100
    return (low + _minor(band, "toMinor", "annualIncome")) // 2


def _amount_minor(body: Mapping[str, Any]) -> int:
    amount = body.get("amount")
    if amount is None:
        return 0
    if not isinstance(amount, dict):
        raise invalid("amount", "must be an object or null.", 422)
    _check_currency(amount, "amount")
    return _minor(amount, "amountMinor", "amount")


def _minor(values: Mapping[str, Any], name: str, of: str) -> int:
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _AMOUNT_LIMIT:
        raise invalid(f"{of}.{name}", "must be a whole number of minor units.", 422)
    return value


def _check_currency(values: Mapping[str, Any], of: str) -> None:
    if values.get("currency") != MARKET.currency:
        raise invalid(f"{of}.currency", f"must be {MARKET.currency}.", 422)


def _check_callback(url: Any) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not is_web:
        raise invalid("callbackUrl", "must be an http or https address, or null.", 422)
