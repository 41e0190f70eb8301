"""Scores: from the same answers the same points, each with its reason."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.lead_rows import KEYRING, Leads
from trex_app.messaging.events import LeadCaptured, LeadScored
from trex_app.services.scoring import RULES, SCORE_MAX, Scoring, score

LISTING = {"vehicle_id": "v-1", "price": {"amount_minor": 3_500_000, "currency": "USD"}}
CONTACT = {"phone": "+1 312 555 0147", "contact_channels": ["email"], "postal_code": "60618"}
SALE = {"vin": "1HGCM82633A004352", "mileage_km": 90_000, "condition": "good"}


def reasons(**given_: Any) -> set[str]:
    return set(score(given_).reasons)


def test_a_buyer_who_wants_a_test_drive_is_promising() -> None:
    points, why = score(
        {
            "kind": "buying",
            "contact": CONTACT,
            "vehicle": LISTING,
            "details": {"wants_test_drive": True, "trade_in": True, "message": "Is it red?"},
        }
    )
    assert why == (
        *("wants_to_buy", "phone_given", "place_known", "vehicle_identified"),
        *("wants_test_drive", "asks_question", "has_trade_in", "high_value"),
    )
    assert points == 30 + 10 + 5 + 10 + 15 + 5 + 10 + 10


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("dealer_sale", "dealer_agreed"),
        ("private_sale", "buyer_agreed"),
        ("buying", "wants_to_buy"),
        ("dealer_network", "wants_offers"),
        ("test_drive", "other_request"),
    ],
)
def test_every_kind_of_lead_has_its_own_points(kind: str, reason: str) -> None:
    kinds = {"dealer_agreed", "buyer_agreed", "wants_to_buy", "wants_offers", "other_request"}
    assert reasons(kind=kind) & kinds == {reason}


@pytest.mark.parametrize(
    ("price", "reason"),
    [(14_999, None), (15_000, "middle_value"), (29_999, "middle_value"), (30_000, "high_value")],
)
def test_the_price_gives_points_in_steps(price: int, reason: str | None) -> None:
    found = reasons(kind="dealer_network", vehicle={"asking_price": price})
    assert found & {"middle_value", "high_value"} == ({reason} if reason else set())


@pytest.mark.parametrize(("offer", "is_near"), [(8_999, False), (9_000, True), (11_000, True)])
def test_an_offer_near_the_asking_price_counts(offer: int, is_near: bool) -> None:
    sale = {"kind": "dealer_sale", "vehicle": {"asking_price": 10_000}, "details": {"offer": offer}}
    assert ("price_near_asking" in score(sale).reasons) is is_near


def test_an_agreed_price_counts_as_an_offer() -> None:
    details = {"buyer": {"agreed_price": 9_500}}
    vehicle = {"asking_price": 10_000}
    found = reasons(kind="private_sale", vehicle=vehicle, details=details)
    assert "price_near_asking" in found


@pytest.mark.parametrize(
    "credit",
    [
        {"needs_financing": True, "applicant": "me", "amount": 5000},
        {"credit": {"consent": True, "birth_date": "1980-05-05"}},
    ],
)
def test_neither_score_nor_reasons_tell_of_credit(credit: dict[str, Any]) -> None:
    sale = {"kind": "private_sale", "contact": CONTACT}
    assert score({**sale, "details": credit}) == score({**sale, "details": {}})


def test_a_worn_vehicle_costs_points() -> None:
    worn = {"mileage_km": 250_000, "condition": "poor", "is_accident_free": False}
    found = score({"kind": "dealer_network", "vehicle": worn})
    assert set(found.reasons) == {
        *("wants_offers", "poor_condition", "had_accident", "high_mileage")
    }
    assert found.points == 25 - 10 - 5 - 5


def test_reasons_are_told_apart_and_fit_their_column() -> None:
    codes = [rule.reason for rule in RULES]
    assert len(codes) == len(set(codes))
    # A lead is of one kind and one price range, and not both worn and well kept.
    exclusive = {"buyer_agreed", "wants_to_buy", "wants_offers", "other_request"}
    most = [code for code in codes if code not in exclusive]
    assert len(json.dumps(most)) <= 400


ANSWERS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["buying", "private_sale", "dealer_sale", "dealer_network", "x"]),
        "contact": st.none() | st.just(CONTACT) | st.just({}),
        "vehicle": st.none() | st.sampled_from([LISTING, SALE, {"asking_price": 99_000}]),
        "details": st.none()
        | st.fixed_dictionaries(
            {
                "wants_test_drive": st.none() | st.booleans(),
                "trade_in": st.none() | st.booleans(),
                "offer": st.none() | st.integers(1, 100_000),
                "message": st.none() | st.text(max_size=5),
                "credit": st.none() | st.just({"consent": True}),
            }
        ),
    }
)


@given(details=ANSWERS)
def test_a_score_is_always_between_nothing_and_all(details: dict[str, Any]) -> None:
    points, why = score(details)
    assert 0 <= points <= SCORE_MAX
    assert score(details) == (points, why)


def test_a_captured_lead_gets_its_score_and_says_so(leads: Leads) -> None:
    leads.add("k", kind="buying", contact=CONTACT, vehicle=LISTING)
    leads.hear(Scoring(KEYRING).hear, LeadCaptured("k", "TRX", "buying", "buying", None, "s"))
    row = leads.read(select(leads.table.c.score, leads.table.c.score_reasons)).one()
    points, why = score({"kind": "buying", "contact": CONTACT, "vehicle": LISTING})
    assert (row.score, json.loads(row.score_reasons)) == (points, list(why))
    assert leads.recorded() == [LeadScored("k", points, why)]


def test_a_lead_whose_person_was_erased_is_left_without_a_score(leads: Leads) -> None:
    leads.add("k", kind="buying")
    leads.erase("k")
    leads.hear(Scoring(KEYRING).hear, LeadCaptured("k", "TRX", "buying", "buying", None, "s"))
    assert leads.read(select(leads.table.c.score)).scalar_one() is None
    assert leads.recorded() == []
