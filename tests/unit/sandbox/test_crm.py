"""The CRM: leads created once, changed, deleted."""

from typing import Any

import httpx
import pytest

from tests.unit.sandbox.conftest import Time
from tests.unit.sandbox.examples import LEAD, REFERENCE, create_lead


def test_a_lead_is_open_and_kept_in_full(partners: httpx.Client) -> None:
    created = create_lead(partners, "key", score=74)
    assert created.status_code == 201
    at = "2025-11-03T09:30:00+00:00"
    assert created.json() == {
        "id": created.json()["id"],
        "externalId": REFERENCE,
        "status": "open",
        "createdAt": at,
        "updatedAt": at,
    }
    shown = partners.get(f"/v1/leads/{created.json()['id']}").json()
    assert shown == LEAD | {"score": 74} | created.json()


def test_a_lead_can_be_cancelled(partners: httpx.Client, time: Time) -> None:
    address = f"/v1/leads/{create_lead(partners, 'key').json()['id']}"
    time.pass_by(60)
    changed = partners.patch(address, json={"status": "cancelled", "id": "another"})
    assert changed.status_code == 200
    assert changed.json() == partners.get(address).json()
    assert changed.json()["status"] == "cancelled"
    assert changed.json()["id"] != "another"
    assert changed.json()["updatedAt"] > changed.json()["createdAt"]


def test_a_lead_can_be_deleted_and_deleted_again(partners: httpx.Client) -> None:
    address = f"/v1/leads/{create_lead(partners, 'key').json()['id']}"
    assert [partners.delete(address).status_code for _ in range(2)] == [204, 204]
    for method in ("GET", "PATCH"):
        answer = partners.request(method, address, json={})
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "LEAD_DELETED")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_lead_that_never_was_is_unknown(partners: httpx.Client, method: str) -> None:
    answer = partners.request(method, "/v1/leads/crm_0", json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "LEAD_UNKNOWN")


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"externalId": ""}, "externalId"),
        ({"externalId": 7}, "externalId"),
        ({"contact": None}, "contact"),
        ({"contact": {"firstName": "Ada", "email": " "}}, "contact.email"),
    ],
)
def test_what_a_lead_lacks_is_named(
    partners: httpx.Client, changes: dict[str, Any], parameter: str
) -> None:
    answer = create_lead(partners, "key", **changes)
    assert (answer.status_code, answer.json()["error"]["parameter"]) == (422, parameter)


def test_a_lead_has_no_other_status(partners: httpx.Client) -> None:
    address = f"/v1/leads/{create_lead(partners, 'key').json()['id']}"
    assert partners.patch(address, json={"status": "lost"}).status_code == 422
