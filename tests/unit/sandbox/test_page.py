"""The page for people: everything that arrived, escaped, and switches that work without scripts."""

import smtplib
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from tests.unit.sandbox.conftest import Receiver
from tests.unit.sandbox.examples import (
    ADF,
    REFERENCE,
    amount,
    ask_bureau,
    cancellation,
    create_lead,
    send_adf,
    send_sms,
)
from tests.unit.sandbox.test_mail import letter
from trex_app.sandbox.drawing import SHOWN
from trex_app.sandbox.inside import InsideSandbox


def page(partners: httpx.Client) -> str:
    answer = partners.get("/")
    assert answer.status_code == 200
    return answer.text


def test_it_says_that_it_is_a_sandbox_and_that_nothing_arrived(partners: httpx.Client) -> None:
    shown = page(partners)
    assert "This is a sandbox." in shown
    assert "No lead has reached a dealer yet." in shown


def test_it_shows_what_every_partner_received(
    partners: httpx.Client, sandbox: InsideSandbox, receiver: Receiver
) -> None:
    send_adf(partners, "lead")
    send_adf(partners, "cancel", cancellation())
    created = create_lead(partners, "key").json()
    partners.patch(f"/v1/leads/{created['id']}", json={"status": "won"})
    partners.delete(f"/v1/leads/{created['id']}")
    send_sms(partners, Body="On its way")
    ask_bureau(partners, "check", callbackUrl=receiver.url, amount=amount(77))
    partners.get("/v1/vehicles", params={"make": "Kia"})
    address = urlsplit(sandbox.smtp_address)
    with smtplib.SMTP(address.hostname or "", address.port or 0, timeout=60) as smtp:
        smtp.send_message(letter())
    receiver.wait_for(1)
    shown = page(partners)
    for expected in (
        f"{REFERENCE} at lakeshore-motors: received",
        f"{REFERENCE} at lakeshore-motors: cancelled",
        "\n  &lt;prospect status=",
        f"{REFERENCE}: won",
        f"{created['id']}: deleted",
        "On its way",
        "decided later",
        "/v1/vehicles: make Kia",
        "Ihre Anfrage für morgen",
        'sandbox="" title="HTML of Ihre Anfrage für morgen"',
        'srcdoc="&lt;p&gt;Guten Tag',
        "check.decided",
    ):
        assert expected in shown


def test_nothing_that_arrived_becomes_markup(
    partners: httpx.Client, sandbox: InsideSandbox
) -> None:
    evil = "\"'><script>alert(1)</script>"
    partners.get("/v1/vehicles", params={"make": evil})
    partners.get(f"/vehicles/DecodeVinValues/{evil.replace('/', '')}", params={"format": "json"})
    create_lead(partners, evil, externalId=evil)
    send_sms(partners, Body=evil)
    ask_bureau(partners, evil)
    escaped = evil.replace("&", "&amp;").replace("<", "&lt;")
    send_adf(partners, "adf", ADF.replace("Would like a test drive.", escaped))
    send_adf(partners, "adf", f"<{evil}")
    message = letter(None)
    message.replace_header("Subject", evil)
    message.add_alternative(f'"></iframe>{evil}', subtype="html")
    address = urlsplit(sandbox.smtp_address)
    with smtplib.SMTP(address.hostname or "", address.port or 0, timeout=60) as smtp:
        smtp.send_message(message)
    shown = page(partners)
    assert "<script>alert" not in shown
    assert shown.count("<script") == 1
    assert shown.count("</iframe>") == 1


def test_the_policy_lets_no_foreign_script_run(partners: httpx.Client) -> None:
    policy = partners.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_its_files_are_served(partners: httpx.Client, name: str) -> None:
    answer = partners.get(f"/_sandbox/page/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/")
    assert partners.get("/_sandbox/page/page.py").status_code == 404


def test_a_button_sets_a_fault_and_ends_it(partners: httpx.Client) -> None:
    address = "/_sandbox/page/faults/crm"
    for expected in ({"crm": "latency"}, {}, {"crm": "drop"}):
        kind = expected.get("crm", "latency")
        assert partners.post(address, data={"kind": kind}).headers["location"] == "/#faults"
        faults = partners.get("/_sandbox/faults").json()
        assert {partner: fault["kind"] for partner, fault in faults.items()} == expected
    assert 'value="drop" aria-pressed="true"' in page(partners)


def test_the_state_of_a_fault_is_told_in_words(
    partners: httpx.Client, set_fault: Callable[..., None]
) -> None:
    set_fault("sms", kind="error", status=503, count=3, probability=0.5, when="after")
    assert "error, status 503, after the work, 50% of requests, 3 more, hit 0" in page(partners)


def test_a_button_that_is_not_there_is_refused(partners: httpx.Client) -> None:
    answer = partners.post("/_sandbox/page/faults/crm", data={"kind": "slow"})
    assert answer.status_code == 422


def test_what_arrived_can_be_forgotten(partners: httpx.Client) -> None:
    create_lead(partners, "key")
    assert partners.post("/_sandbox/page/forget").headers["location"] == "/"
    assert "No lead is in the CRM yet." in page(partners)


@pytest.mark.parametrize("address", ["faults/crm", "forget"])
def test_another_sites_page_presses_no_button(partners: httpx.Client, address: str) -> None:
    answer = partners.post(
        f"/_sandbox/page/{address}",
        data={"kind": "drop"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert partners.get("/_sandbox/faults").json() == {}


def test_changes_are_counted_so_that_the_page_draws_itself_again(partners: httpx.Client) -> None:
    def changes() -> str:
        return partners.get("/_sandbox/page/changes").text

    before = changes()
    assert changes() == before
    create_lead(partners, "key")
    assert changes() != before
    assert f'data-changes="{changes()}"' in page(partners)


def test_only_the_newest_are_shown(partners: httpx.Client) -> None:
    for number in range(SHOWN + 1):
        send_sms(partners, To=f"+1312555{number:04}")
    shown = page(partners)
    assert "To +13125550000" not in shown
    assert f"The newest {SHOWN} of {SHOWN + 1}." in shown
