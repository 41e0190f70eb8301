"""Credit by rules of our own."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trex_app.services.credit import CREDIT_LIMITS, decide

TODAY = date(2025, 11, 3)
ASKED = {"birth_date": "1990-04-01", "income_band": "50k_75k", "amount": 20_000}


@pytest.mark.parametrize(
    ("change", "decision", "reason"),
    [
        ({}, "approved", "within_limit"),
        ({"amount": 32_000}, "approved", "within_limit"),
        ({"amount": 32_001}, "referred", "above_limit"),
        ({"amount": 48_000}, "referred", "above_limit"),
        ({"amount": 48_001}, "declined", "far_above_limit"),
        ({"amount": None}, "approved", "within_limit"),
        ({"income_band": None}, "referred", "income_unknown"),
        ({"income_band": "millions"}, "referred", "income_unknown"),
        ({"birth_date": None}, "referred", "birth_date_unknown"),
        ({"birth_date": "1st of May"}, "referred", "birth_date_unknown"),
        ({"birth_date": "2007-11-04"}, "declined", "under_age"),
        ({"birth_date": "2007-11-03"}, "approved", "within_limit"),
    ],
)
def test_age_income_and_amount_decide(change, decision, reason):
    decided = decide({**ASKED, **change}, TODAY)
    assert (decided["decision"], decided["reasons"]) == (decision, [reason])


def test_the_limit_is_told_where_one_follows_from_the_income():
    assert decide(ASKED, TODAY).get("limit") == {"amount_minor": 3_200_000, "currency": "USD"}
    assert "limit" not in decide({}, TODAY)


@given(st.sampled_from(sorted(CREDIT_LIMITS)), st.integers(0, 200_000), st.integers(0, 50_000))
def test_asking_for_more_never_decides_better(income_band, amount, more):
    rank = ["approved", "referred", "declined"]
    asked = {**ASKED, "income_band": income_band}
    less = decide({**asked, "amount": amount}, TODAY)["decision"]
    assert rank.index(less) <= rank.index(
        decide({**asked, "amount": amount + more}, TODAY)["decision"]
    )
