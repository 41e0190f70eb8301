"""What the guide to the partners promises is what the sandbox serves, and the other way round."""

import json
import re
from typing import Any

import httpx
import pytest

from tests.sandbox_process import SandboxProcess, running_sandbox
from tests.unit.sandbox.examples import (
    ACCOUNT,
    ADF,
    GUIDE,
    amount,
    create_lead,
    send_adf,
    send_sms,
)
from trex_app.sandbox import HTTP_PORT, PARTNERS, SMTP_PORT
from trex_app.sandbox.adf import read_adf
from trex_app.sandbox.faults import KINDS
from trex_app.sandbox.search import BAND_STARTS, NUMBERS, SORTS, WORDS
from trex_app.sandbox.webhooks import PAUSES_S, SECRET

EXAMPLES: list[Any] = [
    json.loads(text.replace("{…}", "{}").replace("[…]", "[]"))
    for text in re.findall(r"^```json\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
]


def example_with(*names: str) -> dict[str, Any]:
    """The first example that has these members."""
    return next(example for example in EXAMPLES if set(names) <= set(example))


@pytest.fixture(scope="module")
def sandbox():
    with running_sandbox() as process:
        yield process


@pytest.fixture
def partners(sandbox: SandboxProcess):
    sandbox.clear()
    with httpx.Client(base_url=sandbox.url, timeout=60) as client:
        yield client


def test_a_vin_is_decoded_with_the_members_of_the_guide(partners: httpx.Client) -> None:
    told = partners.get("/vehicles/DecodeVinValues/5YFBURHE0FP123456?format=json").json()
    promised = example_with("Results")
    assert (set(told), told["Message"]) == (set(promised), promised["Message"])
    assert set(told["Results"][0]) == set(promised["Results"][0])


def test_a_search_answers_with_the_members_of_the_guide(partners: httpx.Client) -> None:
    found = partners.get("/v1/vehicles", params={"postalCode": "60618"}).json()
    promised = example_with("items", "facets")
    assert set(found) == set(promised)
    assert set(found["items"][0]) == set(promised["items"][0])
    assert set(found["page"]) == set(promised["page"])
    for facet, entries in promised["facets"].items():
        assert set(found["facets"][facet][0]) == set(entries[0])
    ids = {"ids": found["items"][0]["id"]}
    [in_full] = partners.get("/v1/vehicles", params=ids).json()["items"]
    further = example_with("stockNumber")
    assert set(in_full) == set(promised["items"][0]) | set(further)
    suggested = partners.get("/v1/vehicles/suggest", params={"q": "toyta"}).json()
    assert set(suggested) == set(example_with("makes", "models"))


def test_the_check_of_the_guide_is_decided_as_the_guide_says(partners: httpx.Client) -> None:
    asked = example_with("applicant") | {"callbackUrl": None}
    answer = partners.post("/v1/checks", json=asked, headers={"Idempotency-Key": "key"})
    promised = example_with("checkId", "outcome")
    own = ("checkId", "decidedAt")
    assert answer.json() == promised | {name: answer.json()[name] for name in own}
    asked["amount"] = amount(15_077)
    later = partners.post("/v1/checks", json=asked, headers={"Idempotency-Key": "later"})
    assert later.status_code == 202


def test_dealers_and_the_lead_of_the_guide(partners: httpx.Client) -> None:
    found = partners.get("/v1/dealers", params={"postal_code": "60618", "limit": 1}).json()
    promised = example_with("dealers", "origin")
    assert set(found["dealers"][0]) == set(promised["dealers"][0])
    assert set(found["origin"]) == set(promised["origin"])
    taken = send_adf(partners, "key").json()
    assert f'"reference": "{taken["reference"]}", "status": "{taken["status"]}"' in GUIDE
    assert read_adf(ADF.encode(), taken["dealerId"]).reference == taken["reference"]


def test_crm_and_sms_take_the_examples_of_the_guide(partners: httpx.Client) -> None:
    lead = example_with("externalId")
    assert create_lead(partners, "key", **lead).status_code == 201
    assert set(send_sms(partners).json()) == set(example_with("sid", "uri"))
    refused = send_sms(partners, To="1")
    assert refused.json()["more_info"] in GUIDE
    assert len(ACCOUNT) == 34


def test_a_refusal_has_the_shape_of_the_guide(partners: httpx.Client) -> None:
    refused = partners.get("/v1/vehicles", params={"yearMin": "new"}).json()
    promised = example_with("error")["error"]
    assert set(refused["error"]) == set(promised)
    assert refused["error"]["code"] == promised["code"]


def test_the_guide_names_every_parameter_sort_fault_and_partner() -> None:
    names = (*NUMBERS, *WORDS, *SORTS, *KINDS, *PARTNERS)
    assert [name for name in names if f"`{name}`" not in GUIDE] == []


def test_the_guide_tells_ports_secret_pauses_and_bands() -> None:
    assert f"http://127.0.0.1:{HTTP_PORT}" in GUIDE
    assert f"smtp://127.0.0.1:{SMTP_PORT}" in GUIDE
    assert f"`{SECRET}`" in GUIDE
    pauses = [f"{pause_s:g}" for pause_s in PAUSES_S]
    assert f"after {', '.join(pauses[:-1])} and {pauses[-1]} s" in GUIDE
    starts = [f"{start:,}" for start in BAND_STARTS]
    assert f"{', '.join(starts[:-1])} and {starts[-1]} whole units" in " ".join(GUIDE.split())
