"""The bureau's own rules, and checks whose decision comes later."""

from typing import Any

import httpx
import pytest

from tests.unit.sandbox.conftest import Time
from tests.unit.sandbox.examples import amount, ask_bureau

OPEN_BAND = {"fromMinor": 10_000_000, "toMinor": None, "currency": "USD"}


def born(day: str | None) -> dict[str, Any]:
    return {"applicant": {"birthDate": day, "address": None}}


@pytest.mark.parametrize(
    ("changes", "outcome", "reason", "limit"),
    [
        ({}, "APPROVE", "WITHIN_LIMIT", 37_500),
        ({"amount": amount(37_500)}, "APPROVE", "WITHIN_LIMIT", 37_500),
        ({"amount": None}, "APPROVE", "WITHIN_LIMIT", 37_500),
        ({"amount": amount(37_501)}, "REFER", "ABOVE_LIMIT", 37_500),
        ({"amount": amount(56_250)}, "REFER", "ABOVE_LIMIT", 37_500),
        ({"amount": amount(56_251)}, "DECLINE", "FAR_ABOVE_LIMIT", 37_500),
        ({"annualIncome": OPEN_BAND, "amount": amount(75_000)}, "APPROVE", "WITHIN_LIMIT", 75_000),
        ({"annualIncome": None}, "REFER", "INCOME_UNKNOWN", None),
        (born(None), "REFER", "BIRTH_DATE_UNKNOWN", None),
        (born("2007-11-04"), "DECLINE", "UNDER_AGE", None),
        (born("2007-11-03"), "APPROVE", "WITHIN_LIMIT", 18_750),
        (born("2004-11-03"), "APPROVE", "WITHIN_LIMIT", 37_500),
    ],
)
def test_it_decides_by_age_income_and_amount(
    partners: httpx.Client, changes: dict[str, Any], outcome: str, reason: str, limit: int | None
) -> None:
    answer = ask_bureau(partners, "key", **changes)
    assert answer.status_code == 200
    data = answer.json()
    assert (data["status"], data["outcome"], data["reasons"]) == ("decided", outcome, [reason])
    assert data["limit"] == (None if limit is None else amount(limit))


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": amount(15_077)},
        {"applicant": {"birthDate": "1990-05-01", "address": {"postalCode": "99501"}}},
    ],
)
def test_some_decisions_come_later(
    partners: httpx.Client, time: Time, changes: dict[str, Any]
) -> None:
    pending = ask_bureau(partners, "a/b c", **changes)
    assert pending.status_code == 202
    assert pending.json() == {"checkId": pending.json()["checkId"], "status": "pending"}
    assert partners.get("/v1/checks/a%2Fb%20c").json() == pending.json()
    time.pass_by(0.5)
    decided = partners.get("/v1/checks/a%2Fb%20c").json()
    assert (decided["checkId"], decided["outcome"]) == (pending.json()["checkId"], "APPROVE")
    assert ask_bureau(partners, "a/b c", **changes).json() == pending.json()


def test_latency_lets_a_decision_come_later_still(partners: httpx.Client, time: Time) -> None:
    partners.put("/_sandbox/faults/credit", json={"kind": "latency", "latency_ms": 4_000})
    ask_bureau(partners, "key", amount=amount(15_077))
    partners.delete("/_sandbox/faults")
    time.pass_by(4.4)
    assert partners.get("/v1/checks/key").json()["status"] == "pending"
    time.pass_by(0.1)
    assert partners.get("/v1/checks/key").json()["status"] == "decided"


def test_a_decision_can_be_asked_for_again(partners: httpx.Client) -> None:
    decided = ask_bureau(partners, "key").json()
    assert partners.get("/v1/checks/key").json() == decided


def test_a_check_that_never_came_is_unknown(partners: httpx.Client) -> None:
    answer = partners.get("/v1/checks/key")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "CHECK_UNKNOWN")


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"applicant": None}, "applicant"),
        ({"applicant": {"address": "Chicago"}}, "applicant.address"),
        (born("May 1990"), "applicant.birthDate"),
        (born(19900501), "applicant.birthDate"),  # type: ignore[arg-type]
        ({"amount": 18_000}, "amount"),
        ({"amount": {"amountMinor": 1.5, "currency": "USD"}}, "amount.amountMinor"),
        ({"amount": {"amountMinor": 1, "currency": "EUR"}}, "amount.currency"),
        ({"annualIncome": "50k"}, "annualIncome"),
        ({"annualIncome": {"currency": "USD"}}, "annualIncome.fromMinor"),
        ({"callbackUrl": "file:///etc/passwd"}, "callbackUrl"),
        ({"callbackUrl": "http://host:port/"}, "callbackUrl"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    partners: httpx.Client, changes: dict[str, Any], parameter: str
) -> None:
    answer = ask_bureau(partners, "key", **changes)
    assert answer.status_code == 422
    assert answer.json()["error"]["parameter"] == parameter
