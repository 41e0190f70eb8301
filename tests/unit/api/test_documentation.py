"""The API describes itself completely, and needs no other site to show it."""

import re
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from trex_app.api import documentation, workflow

LOADING = {"script", "link", "img", "iframe", "object", "embed"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    api = FastAPI(title="T-Rex", version="1.0", openapi_url=None, docs_url=None, redoc_url=None)
    api.include_router(workflow.router)
    api.include_router(documentation.router)
    document = documentation.openapi_of(api)
    api.openapi = lambda: document
    return TestClient(api)


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.targets += [value or "" for name, value in attrs if name == "href"]


def elements_of(client: TestClient) -> Elements:
    elements = Elements()
    elements.feed(client.get("/api/docs").text)
    return elements


def test_every_operation_documents_its_problems_and_its_credential(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path in document["paths"].values():
        for operation in path.values():
            assert {"200", "400", "413", "415", "429", "500", "503"} <= set(operation["responses"])
            assert "security" in operation
            for status, response in operation["responses"].items():
                kinds = set(response["content"])
                usual = "application/json" if status == "200" else "application/problem+json"
                assert kinds == {usual}


def test_only_a_transition_takes_an_idempotency_key(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    with_key = {
        path
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", []))
    }
    assert with_key == {"/api/workflow/transition"}
    assert "422" in document["paths"]["/api/workflow/transition"]["post"]["responses"]


def test_every_reference_leads_somewhere(client: TestClient) -> None:
    text = client.get("/api/openapi.json").text
    schemas = client.get("/api/openapi.json").json()["components"]["schemas"]
    names = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert names
    assert names <= set(schemas)


def test_the_page_loads_nothing_and_runs_nothing(client: TestClient) -> None:
    elements = elements_of(client)
    assert LOADING.isdisjoint(elements.tags)
    policy = client.get("/api/docs").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_every_link_of_the_page_leads_somewhere(client: TestClient) -> None:
    elements = elements_of(client)
    assert len(elements.ids) == len(set(elements.ids))
    inner = {target[1:] for target in elements.targets if target.startswith("#")}
    assert inner
    assert inner <= set(elements.ids)


def test_the_type_of_a_problem_is_an_address_on_the_page(client: TestClient) -> None:
    assert "problem-stale_step" in elements_of(client).ids
