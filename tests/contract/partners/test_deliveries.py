"""What goes to a partner arrives as its protocol wants it, and once for a key."""

from typing import Any
from xml.etree import ElementTree

import pytest

from tests.contract.partners.installations import (
    CHECK,
    CONTACT,
    DEALER,
    Installation,
    a_lead,
    a_mail,
)
from tests.sandbox_process import SandboxProcess
from trex_app.core.errors import PartnerRefused
from trex_app.integrations.adf import CANCELLED, FORGOTTEN


async def test_a_lead_reaches_its_dealer_once(
    partners: Installation, sandbox: SandboxProcess
) -> None:
    for _ in range(2):
        await partners.delivery.deliver(DEALER, a_lead(), "lead-1:lakeshore-motors")
    first, again = sandbox.received("dealers")
    assert first["path"] == "/v1/dealers/lakeshore-motors/leads"
    assert (first["repeat"], again["repeat"]) == (False, True)
    document: Any = ElementTree.fromstring(first["body"])
    assert document.findtext("prospect/id") == "TRX-7K2M-9QPD"
    assert document.findtext("prospect/vehicle/price") == "16895.00"
    assert "Is it still there?" in document.findtext("prospect/customer/comments")


async def test_a_dealer_is_told_that_a_lead_is_void(
    partners: Installation, sandbox: SandboxProcess
) -> None:
    await partners.delivery.deliver(DEALER, a_lead(), "lead-1")
    for _ in range(2):
        await partners.delivery.cancel(DEALER, a_lead(), "lead-1:cancel")
    _, notice, repeat = sandbox.received("dealers")
    prospect: Any = ElementTree.fromstring(notice["body"]).find("prospect")
    assert prospect.get("status") == "resend"
    assert prospect.findtext("customer/comments") == CANCELLED
    assert repeat["repeat"]


async def test_a_dealer_is_asked_to_erase_what_they_got(
    partners: Installation, sandbox: SandboxProcess
) -> None:
    await partners.delivery.deliver(DEALER, a_lead(), "lead-1")
    await partners.delivery.forget(DEALER, a_lead(), "lead-1:erased")
    _, notice = sandbox.received("dealers")
    prospect: Any = ElementTree.fromstring(notice["body"]).find("prospect")
    assert prospect.findtext("id") == "TRX-7K2M-9QPD"
    assert prospect.findtext("customer/comments") == FORGOTTEN


async def test_a_dealer_who_never_got_a_lead_has_nothing_to_cancel(
    partners: Installation,
) -> None:
    await partners.delivery.cancel(DEALER, a_lead(), "lead-2:cancel")


async def test_a_dealer_outside_the_network_is_a_refusal(partners: Installation) -> None:
    stranger = {**DEALER, "dealer_id": "../odd dealer"}
    with pytest.raises(PartnerRefused):
        await partners.delivery.deliver(stranger, a_lead(), "lead-3")


@pytest.mark.parametrize(
    "lead",
    [
        a_lead(kind="private_sale", vehicle={"vin": "1HGCM82633A004352", "mileage_km": 90_000}),
        a_lead(
            kind="dealer_network",
            vehicle={
                "make": "Saab",
                "model": "900",
                "year": 1996,
                "mileage_km": 210_000,
                "condition": "fair",
                "is_accident_free": False,
                "asking_price": 4_500,
                "description": "Runs & drives <well>",
            },
            details={},
        ),
        a_lead(kind="dealer_sale", vehicle={"make": "Kia"}, details={"offer": 9_000}),
        a_lead(contact={**CONTACT, "first_name": "\x00Zoë\ud800", "phone": None}),
        a_lead(details={"message": "]]> <!-- \x0b &amp; \U0001f697\r\n\ufffe"}),
    ],
    ids=["a VIN alone", "an old car", "an offer", "an odd name", "an odd message"],
)
async def test_every_kind_of_lead_is_taken(
    partners: Installation, sandbox: SandboxProcess, lead
) -> None:
    await partners.delivery.deliver(DEALER, lead, "lead-4")
    assert len(sandbox.received("dealers")) == 1


async def test_a_crm_records_a_lead_once_and_marks_it_as_cancelled(
    partners: Installation, sandbox: SandboxProcess
) -> None:
    records = partners.records
    for _ in range(2):
        await records.record(a_lead(score=74), "lead-1:crm")
    for _ in range(2):
        await records.withdraw("TRX-7K2M-9QPD", "lead-1:crm")
    done = [entry for entry in sandbox.received("crm") if not entry["repeat"]]
    created, cancelled = done
    assert (created["method"], cancelled["method"]) == ("POST", "PATCH")
    assert created["body"]["externalId"] == "TRX-7K2M-9QPD"
    assert created["body"]["contact"]["firstName"] == "Ada"
    assert created["body"]["vehicles"][0]["title"] == "2019 Toyota Corolla Plus"
    assert (created["body"]["score"], created["body"]["consents"]) == (74, ["email", "sms"])
    assert cancelled["body"] == {"status": "cancelled"}


async def test_a_crm_opens_a_lead_again_and_takes_what_comes_after(
    partners: Installation, sandbox: SandboxProcess
) -> None:
    records = partners.records
    await records.record(a_lead(), "lead-1:crm")
    await records.withdraw("TRX-7K2M-9QPD", "lead-1:crm")
    for _ in range(2):
        await records.reopen("TRX-7K2M-9QPD", "lead-1:crm", 1)
    await records.withdraw("TRX-7K2M-9QPD", "lead-1:crm", 1)
    changes = [entry for entry in sandbox.received("crm") if not entry["repeat"]][1:]
    assert {entry["method"] for entry in changes} == {"PATCH"}
    assert [entry["body"]["status"] for entry in changes] == ["cancelled", "open", "cancelled"]


async def test_a_crm_that_deleted_a_lead_does_not_open_it_again(partners: Installation) -> None:
    await partners.records.record(a_lead(), "lead-1:crm")
    await partners.records.erase("TRX-7K2M-9QPD", "lead-1:crm")
    with pytest.raises(PartnerRefused):
        await partners.records.reopen("TRX-7K2M-9QPD", "lead-1:crm", 1)


async def test_a_crm_deletes_a_lead_also_after_it_was_cancelled(
    partners: Installation, sandbox: SandboxProcess
) -> None:
    await partners.records.record(a_lead(), "lead-1:crm")
    await partners.records.withdraw("TRX-7K2M-9QPD", "lead-1:crm")
    for _ in range(2):
        await partners.records.erase("TRX-7K2M-9QPD", "lead-1:crm")
    await partners.records.withdraw("TRX-7K2M-9QPD", "lead-1:crm")
    done = [entry["method"] for entry in sandbox.received("crm") if not entry["repeat"]]
    assert done == ["POST", "PATCH", "DELETE"]


async def test_what_a_crm_never_recorded_is_not_recorded_by_a_withdrawal(
    partners: Installation, sandbox: SandboxProcess
) -> None:
    await partners.records.withdraw("TRX-0000-0000", "lead-9:crm")
    assert sandbox.received("crm") == []


async def test_a_mail_arrives_as_text_and_html_once(
    partners: Installation, sandbox: SandboxProcess
) -> None:
    for _ in range(2):
        await partners.mailer.send(a_mail())
    first, again = sandbox.received("email")
    assert (first["repeat"], again["repeat"]) == (False, True)
    assert first["idempotency_key"] == "<confirmation-1@journeys.example>"
    body = first["body"]
    assert body["to"] == ["ada@example.com"]
    assert body["subject"] == "Ihre Anfrage für einen Toyota ist da"
    assert body["text"].strip() == "Schöne Grüße"
    assert body["html"].strip() == "<p>Schöne <b>Grüße</b></p>"


async def test_a_text_message_is_sent_once(partners: Installation, sandbox: SandboxProcess) -> None:
    for _ in range(2):
        await partners.text_messages.send("+13125550123", "Grüße", "sms-1")
    first, again = sandbox.received("sms")
    assert (first["repeat"], again["repeat"]) == (False, True)
    assert (first["body"]["To"], first["body"]["Body"]) == ("+13125550123", "Grüße")


async def test_a_credit_check_that_takes_longer_is_asked_for_later(
    partners: Installation, sandbox: SandboxProcess
) -> None:
    check = {**CHECK, "amount": 15_077}
    begun = await partners.bureau.request(check, "check:1/odd key")
    assert begun["decision"] == "pending"
    known = await partners.bureau.decision_of("check:1/odd key")
    assert known["decision"] in {"pending", "approved"}
    [received] = sandbox.received("credit")
    assert received["body"]["callbackUrl"].endswith("/api/webhooks/credit")
    assert received["body"]["annualIncome"]["fromMinor"] == 5_000_000
