"""How promising a lead is: 0 to 100 points, each with the reason it was given for.

The points stand in one table, the same lead always gets the same score, and only a reason's code
leaves this room: the answers behind it stay encrypted. docs/guide/events.md shows the table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import update

from trex_app.core.crypto import Keyring
from trex_app.core.market import MARKET
from trex_app.core.values import minor_units
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.messaging.events import Event, LeadCaptured, LeadScored, record
from trex_app.services.lead_details import lead_details

SCORE_MAX: Final = 100
HIGH_VALUE: Final = 30_000
MIDDLE_VALUE: Final = 15_000
HIGH_MILEAGE_KM: Final = 200_000
NEAR_ASKING_PRICE: Final = 0.9
"""From which share of the asking price on an offer counts as near it."""
KINDS: Final = frozenset({"buying", "private_sale", "dealer_sale", "dealer_network"})

_lead = METADATA.tables["lead"]


class Given(NamedTuple):
    """What a lead is about, as far as it was said. Prices are whole currency units."""

    kind: str
    contact: Mapping[str, Any]
    vehicle: Mapping[str, Any]
    details: Mapping[str, Any]

    @property
    def price(self) -> float:
        """What the vehicle is to cost; 0 where nobody said."""
        listed: Mapping[str, Any] | None = self.vehicle.get("price")
        if listed is None:
            return float(self.vehicle.get("asking_price") or 0)
        return float(listed["amount_minor"]) / minor_units(MARKET.currency)

    @property
    def agreed_price(self) -> float:
        """What a buyer has offered or agreed to; 0 where there is none."""
        buyer: Mapping[str, Any] = self.details.get("buyer") or {}
        return float(self.details.get("offer") or buyer.get("agreed_price") or 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """Points for a reason, given when it holds."""

    reason: str
    points: int
    holds: Callable[[Given], bool]


def _is_identified(lead: Given) -> bool:
    """Whether anybody could tell which vehicle it is: a listing of ours, or a VIN."""
    return bool(lead.vehicle.get("vehicle_id") or lead.vehicle.get("vin"))


def _is_near_asking(lead: Given) -> bool:
    return lead.agreed_price > 0 and lead.agreed_price >= lead.price * NEAR_ASKING_PRICE


RULES: Final[tuple[Rule, ...]] = (
    Rule("dealer_agreed", 40, lambda lead: lead.kind == "dealer_sale"),
    Rule("buyer_agreed", 35, lambda lead: lead.kind == "private_sale"),
    Rule("wants_to_buy", 30, lambda lead: lead.kind == "buying"),
    Rule("wants_offers", 25, lambda lead: lead.kind == "dealer_network"),
    Rule("other_request", 20, lambda lead: lead.kind not in KINDS),
    Rule("phone_given", 10, lambda lead: bool(lead.contact.get("phone"))),
    Rule("several_channels", 5, lambda lead: len(lead.contact.get("contact_channels") or ()) > 1),
    Rule("place_known", 5, lambda lead: bool(lead.contact.get("postal_code"))),
    Rule("vehicle_identified", 10, _is_identified),
    Rule("wants_test_drive", 15, lambda lead: lead.details.get("wants_test_drive") is True),
    Rule("asks_question", 5, lambda lead: bool(lead.details.get("message"))),
    Rule("has_trade_in", 10, lambda lead: lead.details.get("trade_in") is True),
    Rule("high_value", 10, lambda lead: lead.price >= HIGH_VALUE),
    Rule("middle_value", 5, lambda lead: MIDDLE_VALUE <= lead.price < HIGH_VALUE),
    Rule("price_near_asking", 10, _is_near_asking),
    Rule("good_condition", 5, lambda lead: lead.vehicle.get("condition") in {"excellent", "good"}),
    Rule("poor_condition", -10, lambda lead: lead.vehicle.get("condition") == "poor"),
    Rule("had_accident", -5, lambda lead: lead.vehicle.get("is_accident_free") is False),
    Rule("high_mileage", -5, lambda lead: (lead.vehicle.get("mileage_km") or 0) > HIGH_MILEAGE_KM),
)
"""Every reason there is, in the order in which a score names them.

None is about credit: a score goes to the CRM, and stays with its reasons when a person is erased.
"""


class Score(NamedTuple):
    """Points from 0 to 100, and the codes of what they were given for."""

    points: int
    reasons: tuple[str, ...]


def score(details: Mapping[str, Any]) -> Score:
    """The score of what a lead is about."""
    lead = Given(
        str(details.get("kind") or ""),
        details.get("contact") or {},
        details.get("vehicle") or {},
        details.get("details") or {},
    )
    holding = [rule for rule in RULES if rule.holds(lead)]
    points = sum(rule.points for rule in holding)
    return Score(max(0, min(points, SCORE_MAX)), tuple(rule.reason for rule in holding))


class Scoring:
    """Gives each lead its score."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def hear(self, tx: Transaction, event: Event) -> None:
        """The handler of LeadCaptured; a lead whose person was erased is left without a score."""
        if not isinstance(event, LeadCaptured):
            return
        details = lead_details(tx, self._keyring, event.lead_key)
        if details is None:
            return
        points, reasons = score(details)
        change = {"score": points, "score_reasons": orjson.dumps(reasons).decode()}
        tx.connection.execute(update(_lead).where(_lead.c.key == event.lead_key).values(change))
        record(tx, LeadScored(event.lead_key, points, reasons))
