"""The dealer network: dealers by distance, leads and their cancellation."""

from itertools import pairwise

import httpx
import pytest

from tests.unit.sandbox.examples import (
    ADF,
    DEALER,
    REFERENCE,
    Received,
    cancellation,
    send_adf,
)
from trex_app.services.demo_data.facts import dealers


def test_the_nearest_dealers_come_first(partners: httpx.Client) -> None:
    found = partners.get("/v1/dealers", params={"postal_code": "60618", "limit": 5}).json()
    assert len(found["dealers"]) == 5
    assert found["dealers"][0]["id"] == DEALER
    km = [dealer["distanceKm"] for dealer in found["dealers"]]
    assert km == sorted(km)
    assert found["origin"]["place"] == "Chicago, IL"


def test_only_dealers_that_carry_a_make_are_found(partners: httpx.Client) -> None:
    asked = {"postal_code": "60618", "limit": 100, "makes": "VW,tesla"}
    found = partners.get("/v1/dealers", params=asked).json()["dealers"]
    carrying = [d for d in dealers() if {"Volkswagen", "Tesla"} & set(d.makes)]
    assert {dealer["id"] for dealer in found} == {dealer.dealer_id for dealer in carrying}


def test_without_a_known_place_dealers_come_by_id(partners: httpx.Client) -> None:
    found = partners.get("/v1/dealers", params={"postal_code": "00000"}).json()
    assert found["origin"] is None
    assert {dealer["distanceKm"] for dealer in found["dealers"]} == {None}
    assert all(one["id"] < other["id"] for one, other in pairwise(found["dealers"]))


def test_dealers_come_by_id_in_the_order_asked(partners: httpx.Client) -> None:
    ids = [DEALER, "nobody", "harbor-view-motors"]
    found = partners.get("/v1/dealers", params={"ids": ",".join(ids)}).json()
    assert [dealer["id"] for dealer in found["dealers"]] == [ids[0], ids[2]]
    assert found["dealers"][0]["address"]["city"] == "Chicago"


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_limit_out_of_range_is_refused(partners: httpx.Client, limit: str) -> None:
    assert partners.get("/v1/dealers", params={"limit": limit}).status_code == 400


def test_a_lead_arrives_as_it_was_sent(partners: httpx.Client, received: Received) -> None:
    answer = send_adf(partners, "key")
    assert answer.status_code == 201
    expected = {"dealerId": DEALER, "reference": REFERENCE, "status": "received"}
    assert answer.json() == expected | {"leadId": answer.json()["leadId"]}
    [entry] = received("dealers")
    assert entry["body"] == ADF
    assert entry["path"] == f"/v1/dealers/{DEALER}/leads"


def test_a_lead_can_be_cancelled_and_cancelled_again(partners: httpx.Client) -> None:
    send_adf(partners, "lead")
    for key in ("cancel", "cancel again"):
        answer = send_adf(partners, key, cancellation())
        assert (answer.status_code, answer.json()["status"]) == (201, "cancelled")


def test_a_lead_that_never_came_cannot_be_cancelled(
    partners: httpx.Client, received: Received
) -> None:
    answer = send_adf(partners, "cancel", cancellation())
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "LEAD_UNKNOWN")
    assert received("dealers") == []


def test_a_dealer_who_is_not_there_takes_no_lead(partners: httpx.Client) -> None:
    answer = send_adf(partners, "key", dealer="nobody")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "DEALER_UNKNOWN")


def test_a_lead_must_be_xml(partners: httpx.Client) -> None:
    answer = partners.post(
        f"/v1/dealers/{DEALER}/leads", json={}, headers={"Idempotency-Key": "key"}
    )
    assert answer.status_code == 415


def test_a_document_is_refused_with_the_element_at_fault(partners: httpx.Client) -> None:
    answer = send_adf(partners, "key", ADF.replace("<requestdate>2025", "<requestdate>x2025"))
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["parameter"]) == ("ADF_INVALID", "adf/prospect/requestdate")
    assert send_adf(partners, "key").status_code == 201
