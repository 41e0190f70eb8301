"""Credit decisions by rules of our own, for as long as no bureau is connected."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal, NotRequired, TypedDict

from trex_app.core.market import MARKET
from trex_app.core.values import Money

Decision = Literal["pending", "approved", "declined", "referred", "undecided"]
"""`undecided` is the end where no bureau would or could decide."""

CREDIT_LIMITS: Final[Mapping[str, int]] = {
    "under_25k": 8_000,
    "25k_50k": 18_000,
    "50k_75k": 32_000,
    "75k_100k": 48_000,
    "over_100k": 80_000,
}
"""Income a year → the most that is lent without a second look, in whole currency units."""
ADULT_AGE: Final = 18


class CreditCheck(TypedDict, total=False):
    """What a person consented to have checked; a soft check names no amount."""

    birth_date: str
    street: str
    city: str
    postal_code: str
    income_band: str | None
    amount: int | None


class CreditDecision(TypedDict):
    """What was decided, with reason codes; `limit` where one follows from the income."""

    decision: Decision
    reasons: list[str]
    limit: NotRequired[dict[str, int | str]]


def decide(check: Mapping[str, Any], today: date) -> CreditDecision:
    """Decide by age, income band and amount; the same request on the same day decides the same.

    Approved within the limit of the income, referred to a person up to half as much again or where
    something is not known, declined above that and under age.
    """
    birth_date = _date(check.get("birth_date"))
    if birth_date is None:
        return {"decision": "referred", "reasons": ["birth_date_unknown"]}
    if _age(birth_date, today) < ADULT_AGE:
        return {"decision": "declined", "reasons": ["under_age"]}
    limit = CREDIT_LIMITS.get(str(check.get("income_band")))
    if limit is None:
        return {"decision": "referred", "reasons": ["income_unknown"]}
    decision, reason = _by_amount(int(check.get("amount") or 0), limit)
    shown_limit = Money.of_whole(limit, MARKET.currency).to_dict()
    return {"decision": decision, "reasons": [reason], "limit": shown_limit}


def _by_amount(amount: int, limit: int) -> tuple[Decision, str]:
    if amount <= limit:
        return "approved", "within_limit"
    if 2 * amount <= 3 * limit:
        return "referred", "above_limit"
    return "declined", "far_above_limit"


def _date(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _age(birth_date: date, today: date) -> int:
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (0 if had_birthday else 1)
