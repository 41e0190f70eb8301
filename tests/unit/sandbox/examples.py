"""Requests that partners take."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

GUIDE = (Path(__file__).parents[3] / "docs" / "guide" / "partners.md").read_text(encoding="utf-8")
ADF = re.findall(r"^```xml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)[0]
REFERENCE = "TRX-7K2M-9QPD"
DEALER = "lakeshore-motors"
ACCOUNT = "AC" + "0" * 32
LEAD = {"externalId": REFERENCE, "contact": {"email": "ada@example.com"}}

Received = Callable[..., list[dict[str, Any]]]


def cancellation() -> str:
    """The notice that takes the lead back."""
    notice = ADF.replace('<prospect status="new">', '<prospect status="resend">')
    return notice.replace("<comments>", "<comments>CANCELLED: ")


def send_adf(
    partners: httpx.Client, key: str, document: str = ADF, dealer: str = DEALER
) -> httpx.Response:
    return partners.post(
        f"/v1/dealers/{dealer}/leads",
        content=document,
        headers={"Idempotency-Key": key, "Content-Type": "application/xml"},
    )


def create_lead(partners: httpx.Client, key: str, **changes: Any) -> httpx.Response:
    return partners.post("/v1/leads", json=LEAD | changes, headers={"Idempotency-Key": key})


def check(**changes: Any) -> dict[str, Any]:
    """A credit check of somebody of 35 who earns 50,000 to 75,000 and asks for 18,000."""
    asked = {
        "applicant": {
            "birthDate": "1990-05-01",
            "address": {"street": "12 Main St", "city": "Chicago", "postalCode": "60618"},
        },
        "annualIncome": {"fromMinor": 5_000_000, "toMinor": 7_500_000, "currency": "USD"},
        "amount": {"amountMinor": 1_800_000, "currency": "USD"},
        "callbackUrl": None,
    }
    return asked | changes


def amount(whole: int) -> dict[str, Any]:
    return {"amountMinor": whole * 100, "currency": "USD"}


def ask_bureau(partners: httpx.Client, key: str, **changes: Any) -> httpx.Response:
    return partners.post("/v1/checks", json=check(**changes), headers={"Idempotency-Key": key})


def send_sms(partners: httpx.Client, key: str | None = None, **changes: str) -> httpx.Response:
    form = {"To": "+13125550123", "From": "+13125550100", "Body": "It has arrived."} | changes
    return partners.post(
        f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
        data=form,
        auth=(ACCOUNT, "token"),
        headers={"Idempotency-Key": key} if key else {},
    )
