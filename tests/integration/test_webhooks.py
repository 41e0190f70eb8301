"""The credit bureau's webhook over HTTP: who may call it, and what it answers."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from tests.installation import TestSettings
from tests.integration.conftest import client_of
from tests.unit.sagas.conftest import a_request, a_session
from trex_app.api import rate_limit
from trex_app.api.application import create_api
from trex_app.container import Container
from trex_app.engine.session import Position
from trex_app.sagas.credit_webhook import sign

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "the bureau's secret"
ADDRESS = "/api/webhooks/credit"
APPROVED = {"status": "decided", "outcome": "APPROVE", "reasons": []}


@pytest_asyncio.fixture(loop_scope="module")
async def container(tmp_path: Any) -> AsyncIterator[Container]:
    settings = TestSettings(
        data_dir=tmp_path,
        role="web",
        load_demo_data=False,
        requests_per_minute=3,
        credit_webhook_secret=SecretStr(SECRET),
    )
    container = Container(settings)
    await container.open()
    yield container
    await container.close()


@pytest_asyncio.fixture(loop_scope="module")
async def client(container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(create_api(container)) as client:
        yield client


async def send(
    client: httpx.AsyncClient, key: str, signature: str | None = None, **more: Any
) -> httpx.Response:
    body = json.dumps({"check": {"idempotencyKey": key, **APPROVED}, **more}).encode()
    now = str(int(time.time()))
    headers = {
        "content-type": "application/json",
        "x-credit-timestamp": now,
        "x-credit-signature": signature or sign(SECRET, now, body),
    }
    return await client.post(ADDRESS, content=body, headers=headers)


async def ask(container: Container, key: str) -> None:
    request = replace(a_request(key), position=Position("", "credit_check"))
    await container.database.write(
        lambda tx: container.credit.checks.record(tx, a_session("s-1"), request, None)
    )


async def test_a_signed_decision_is_taken_and_a_repeat_as_well(
    client: httpx.AsyncClient, container: Container
) -> None:
    await ask(container, "check-1")
    for _ in range(2):
        answer = await send(client, "check-1")
        assert (answer.status_code, answer.content) == (204, b"")


async def test_an_unknown_check_is_a_problem_of_404(client: httpx.AsyncClient) -> None:
    answer = await send(client, "nobody's")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_wrong_signature_is_a_problem_of_401(client: httpx.AsyncClient) -> None:
    answer = await send(client, "check-1", signature="v1=" + "0" * 64)
    assert (answer.status_code, answer.json()["code"]) == (401, "webhook_refused")
    assert (await client.post(ADDRESS, content=b"{}")).status_code == 401


async def test_too_long_a_body_is_refused(client: httpx.AsyncClient) -> None:
    assert (await send(client, "check-1", padding="x" * 70_000)).status_code == 413


async def test_it_is_counted_apart_from_what_people_do(
    client: httpx.AsyncClient, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        assert (await send(client, "nobody's")).status_code == 404
    answer = await client.post("/api/workflow/start", json={})
    assert answer.status_code == 200
    monkeypatch.setattr(rate_limit, "WEBHOOKS_PER_MINUTE", 1)
    async with client_of(create_api(container)) as other:
        answers = [(await send(other, "nobody's")).status_code for _ in range(2)]
    assert answers == [404, 429]
