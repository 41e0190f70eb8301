"""Credit checks by the bureau, which decides at once or lets us know later by webhook."""

from typing import Any, Final, Literal
from urllib.parse import quote

from trex_app.core.market import MARKET
from trex_app.core.values import Money
from trex_app.integrations.gateway import Gateway
from trex_app.integrations.questions import WireModel, reading
from trex_app.ports import Data
from trex_app.services.credit import CreditDecision, Decision

PARTNER: Final = "credit"
WEBHOOK_PATH: Final = "/api/webhooks/credit"
"""Where the bureau sends decisions that it did not make at once."""

INCOME_BANDS: Final[dict[str, tuple[int, int | None]]] = {
    "under_25k": (0, 25_000),
    "25k_50k": (25_000, 50_000),
    "50k_75k": (50_000, 75_000),
    "75k_100k": (75_000, 100_000),
    "over_100k": (100_000, None),
}
"""Our bands of income a year, in whole currency units; the last one is open."""
_DECISIONS: Final[dict[str, Decision]] = {
    "APPROVE": "approved",
    "REFER": "referred",
    "DECLINE": "declined",
}


class WireLimit(WireModel):
    """The most that is lent."""

    amount_minor: int
    currency: str


class WireCheck(WireModel):
    """A check as the bureau tells of it, in an answer or in a webhook."""

    status: Literal["pending", "decided"]
    outcome: Literal["APPROVE", "REFER", "DECLINE"] | None = None
    reasons: tuple[str, ...] = ()
    limit: WireLimit | None = None

    def ours(self) -> CreditDecision:
        """The decision as T-Rex has it. Raises ValueError for a decided one without an outcome."""
        if self.status == "pending":
            return {"decision": "pending", "reasons": []}
        if self.outcome is None:
            raise ValueError("a decided check has an outcome")
        decision: CreditDecision = {
            "decision": _DECISIONS[self.outcome],
            "reasons": [reason.lower() for reason in self.reasons],
        }
        if self.limit is not None:
            decision["limit"] = Money(self.limit.amount_minor, self.limit.currency).to_dict()
        return decision


def decision_in(check: Any) -> CreditDecision:
    """The decision that a webhook's `check` tells. Raises ValueError for another shape."""
    return WireCheck.model_validate(check).ours()


class CreditBureauClient:
    """The bureau as a `CreditBureau`. `callback_url` is where it sends what it decides later."""

    def __init__(self, gateway: Gateway, callback_url: str | None) -> None:
        self._gateway = gateway
        self._callback_url = callback_url

    async def request(self, check: Data, idempotency_key: str) -> Data:
        """The decision, or `pending`. Raises PartnerUnavailable, PartnerRefused."""
        answer = await self._gateway.call(
            PARTNER,
            "POST",
            "/v1/checks",
            json=self._body(check),
            idempotency_key=idempotency_key,
            read=lambda reply: reading(WireCheck)(reply).ours(),
        )
        return answer.value

    async def decision_of(self, idempotency_key: str) -> Data:
        """How the request stands now. Raises PartnerUnavailable; PartnerRefused if unknown."""
        answer = await self._gateway.call(
            PARTNER,
            "GET",
            f"/v1/checks/{quote(idempotency_key, safe='')}",
            read=lambda reply: reading(WireCheck)(reply).ours(),
        )
        return answer.value

    def _body(self, check: Data) -> dict[str, Any]:
        amount = check.get("amount")
        return {
            "applicant": {
                "birthDate": check.get("birth_date"),
                "address": {
                    "street": check.get("street"),
                    "city": check.get("city"),
                    "postalCode": check.get("postal_code"),
                },
            },
            "annualIncome": _income(check.get("income_band")),
            "amount": None if amount is None else _money(int(amount)),
            "callbackUrl": self._callback_url,
        }


def _income(band: str | None) -> dict[str, Any] | None:
    if band not in INCOME_BANDS:
        return None
    lowest, highest = INCOME_BANDS[band]
    return {
        "fromMinor": Money.of_whole(lowest).amount_minor,
        "toMinor": None if highest is None else Money.of_whole(highest).amount_minor,
        "currency": MARKET.currency,
    }


def _money(amount: int) -> dict[str, Any]:
    money = Money.of_whole(amount)
    return {"amountMinor": money.amount_minor, "currency": money.currency}
