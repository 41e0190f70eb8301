"""The control API: what a test may tell the sandbox, and what it says of itself."""

import httpx
import pytest

from tests.unit.sandbox.examples import LEAD, Received, create_lead, send_sms
from trex_app.sandbox import PARTNERS
from trex_app.sandbox.inside import InsideSandbox


def test_it_says_that_it_is_well_and_where_mail_goes(
    partners: httpx.Client, sandbox: InsideSandbox
) -> None:
    answer = partners.get("/healthz")
    assert answer.json() == {"status": "ok", "smtp": sandbox.smtp_address}


@pytest.mark.parametrize("partner", PARTNERS)
def test_a_fault_is_set_shown_and_ended(partners: httpx.Client, partner: str) -> None:
    put = partners.put(f"/_sandbox/faults/{partner}", json={"kind": "error", "count": 3})
    assert put.json() == {
        "kind": "error",
        "probability": 1.0,
        "count": 3,
        "latency_ms": 0,
        "status": 451 if partner == "email" else 500,
        "when": "before",
        "hits": 0,
    }
    assert partners.get("/_sandbox/faults").json() == {partner: put.json()}
    assert partners.delete(f"/_sandbox/faults/{partner}").status_code == 204
    assert partners.get("/_sandbox/faults").json() == {}


def test_a_second_fault_stands_in_place_of_the_first(partners: httpx.Client) -> None:
    for kind in ("hang", "latency"):
        partners.put("/_sandbox/faults/crm", json={"kind": kind})
    assert partners.get("/_sandbox/faults").json()["crm"]["kind"] == "latency"


def test_all_faults_end_at_once(partners: httpx.Client) -> None:
    for partner in PARTNERS:
        partners.put(f"/_sandbox/faults/{partner}", json={"kind": "drop"})
    assert partners.delete("/_sandbox/faults").status_code == 204
    assert partners.get("/_sandbox/faults").json() == {}


@pytest.mark.parametrize(
    ("fault", "field", "fix"),
    [
        ({}, "kind", "missing"),
        ({"kind": "slow"}, "kind", "latency, error, malformed"),
        ({"kind": ["error"]}, "kind", "latency, error, malformed"),
        ({"kind": "error", "status": 200}, "status", "400 to 599"),
        ({"kind": "error", "status": "500"}, "status", "400 to 599"),
        ({"kind": "error", "probability": 0}, "probability", "above 0"),
        ({"kind": "error", "probability": True}, "probability", "above 0"),
        ({"kind": "error", "count": 0}, "count", "whole number from 1"),
        ({"kind": "latency", "latency_ms": -1}, "latency_ms", "0 to 600000"),
        ({"kind": "drop", "when": "later"}, "when", "before or after"),
        ({"kind": "drop", "how": "hard"}, "how", "Known are: kind"),
        ({"kind": "duplicate_webhook"}, "kind", "credit"),
        (["error"], "", "JSON object"),
    ],
)
def test_a_wrong_fault_is_refused_with_the_field_and_the_fix(
    partners: httpx.Client, fault: object, field: str, fix: str
) -> None:
    answer = partners.put("/_sandbox/faults/crm", json=fault)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert fix in error["message"]
    assert partners.get("/_sandbox/faults").json() == {}


def test_what_is_no_json_is_refused_too(partners: httpx.Client) -> None:
    answer = partners.put("/_sandbox/faults/crm", content=b"kind=error")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/_sandbox/faults/bank"),
        ("DELETE", "/_sandbox/faults/bank"),
        ("GET", "/_sandbox/received/bank"),
    ],
)
def test_an_unknown_partner_is_refused_with_those_there_are(
    partners: httpx.Client, method: str, path: str
) -> None:
    answer = partners.request(method, path, json={"kind": "error"})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == "partner"
    assert all(partner in error["message"] for partner in PARTNERS)


def test_what_arrived_is_shown_in_order(partners: httpx.Client, received: Received) -> None:
    for key in ("one", "two"):
        create_lead(partners, key)
    assert [entry["idempotency_key"] for entry in received("crm")] == ["one", "two"]
    assert received("crm")[0] == {
        "at": "2025-11-03T09:30:00+00:00",
        "method": "POST",
        "path": "/v1/leads",
        "idempotency_key": "one",
        "repeat": False,
        "body": LEAD,
    }


def test_reads_are_shown_when_asked_for(partners: httpx.Client, received: Received) -> None:
    created = create_lead(partners, "one").json()
    partners.get(f"/v1/leads/{created['id']}")
    partners.get("/v1/vehicles", params={"make": "Kia"})
    assert [entry["method"] for entry in received("crm")] == ["POST"]
    assert [entry["method"] for entry in received("crm", reads="true")] == ["POST", "GET"]
    [lookup] = received("vehicles")
    assert (lookup["path"], lookup["body"]) == ("/v1/vehicles", {"make": "Kia"})
    assert received("vehicles", reads="false") == []
    assert partners.get("/_sandbox/received/crm", params={"reads": "yes"}).status_code == 422


def test_what_arrived_can_be_forgotten_and_its_keys_with_it(
    partners: httpx.Client, received: Received
) -> None:
    first = create_lead(partners, "one").json()
    send_sms(partners)
    assert partners.delete("/_sandbox/received").status_code == 204
    assert received("crm") == received("sms") == []
    assert partners.get(f"/v1/leads/{first['id']}").status_code == 404
    assert create_lead(partners, "one").json()["id"] != first["id"]


def test_what_a_partner_refuses_is_not_received(partners: httpx.Client, received: Received) -> None:
    assert create_lead(partners, "one", contact={}).status_code == 422
    assert received("crm") == []
    assert create_lead(partners, "one").status_code == 201
    assert [entry["repeat"] for entry in received("crm")] == [False]


def test_another_address_is_refused_in_the_partners_shape(partners: httpx.Client) -> None:
    answer = partners.get("/v1/nowhere")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "NO_SUCH_ADDRESS"
    assert partners.put("/v1/leads").status_code == 405
