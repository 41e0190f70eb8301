"""Whatever does not fit gets a clear message, and nothing changes."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from tests.installation import TestSettings
from tests.integration.conftest import client_of
from tests.integration.walker import Walker
from trex_app.api.application import create_api
from trex_app.container import Container
from trex_app.core.clock import utc_now

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOME_ID = "00000000-0000-4000-8000-000000000000"
PATHS = ("/api/workflow/{session}", "/api/workflow/{session}/history")


@pytest_asyncio.fixture(loop_scope="module")
async def unchanged(walker: Walker) -> AsyncIterator[Walker]:
    """A walker who stands at the search, and must still stand there afterwards."""
    await walker.walk({"intent": "buying"}, {"knows_vehicle": True})
    before = (walker.step, await walker.history())
    yield walker
    assert (await walker.look(), await walker.history()) == before


def assert_refused(answer: httpx.Response, status: int, code: str, field: str = "") -> None:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem.get("field", "") == field
    assert problem["message"].endswith((".", ")"))
    assert problem["correlationId"] == answer.headers["x-correlation-id"]


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        ({"colour": "red", "price_max": 9000}, "unknown_field", "colour"),
        ({"price_max": "9000"}, "type", "price_max"),
        ({"price_max": [9000]}, "type", "price_max"),
        ({"price_max": 1}, "minimum", "price_max"),
        ({"price_max": 10**30}, "maximum", "price_max"),
        ({"make": "x" * 10_000}, "maxLength", "make"),
        ({"make": "🚗" * 61}, "maxLength", "make"),
        ({"year_min": 2020, "year_max": 2010}, "year_order", "year_max"),
        ({"body_type": "spaceship"}, "enum", "body_type"),
        ({}, "criteria_missing", "make"),
    ],
)
async def test_an_answer_that_does_not_fit_is_refused(
    unchanged: Walker, data: dict[str, Any], code: str, field: str
) -> None:
    assert_refused(await unchanged.submit(data), 400, code, field)


async def test_an_answer_in_emoji_is_an_answer(walker: Walker) -> None:
    await walker.walk({"intent": "buying"}, {"knows_vehicle": True}, {"make": "🚗 Škoda"})
    assert walker.step["stepId"] == "search_results"


async def test_a_body_of_a_megabyte_is_refused(unchanged: Walker) -> None:
    assert_refused(await unchanged.submit({"make": "x" * 1_000_000}), 413, "body_too_large")


async def test_a_long_body_without_a_length_is_refused(unchanged: Walker) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b" " * 1000

    answer = await unchanged.client.post(
        "/api/workflow/transition", content=chunks(), headers={"content-type": "application/json"}
    )
    assert_refused(answer, 413, "body_too_large")


@pytest.mark.parametrize(
    ("members", "code", "field"),
    [
        ({"colour": "red"}, "unknown_field", "colour"),
        ({"revision": "2"}, "int_type", "revision"),
        ({"currentStep": 7}, "string_type", "currentStep"),
        ({"sessionId": "mine"}, "pattern", "sessionId"),
        ({"data": "text"}, "dict_type", "data"),
    ],
)
async def test_a_request_that_does_not_fit_is_refused(
    unchanged: Walker, members: dict[str, Any], code: str, field: str
) -> None:
    assert_refused(await unchanged.submit({}, members=members), 400, code, field)


@pytest.mark.parametrize("key", [b"two words", b"x" * 256, "ключ".encode()])
async def test_an_idempotency_key_must_be_one(unchanged: Walker, key: bytes) -> None:
    answer = await unchanged.submit({"price_max": 9000}, key=key)
    assert (answer.status_code, answer.json()["field"].lower()) == (400, "idempotency-key")


@pytest.mark.parametrize("body", [b"{", b"", b"null", b"\xff\xfe", b'{"sessionId": NaN}'])
async def test_a_body_that_is_no_object_is_refused(unchanged: Walker, body: bytes) -> None:
    answer = await unchanged.client.post(
        "/api/workflow/transition", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("The body")


async def test_a_form_is_refused(unchanged: Walker) -> None:
    answer = await unchanged.client.post("/api/workflow/transition", data={"data": "x"})
    assert_refused(answer, 415, "unsupported_media_type")


async def test_without_a_credential_nothing_is_shown(unchanged: Walker, api: FastAPI) -> None:
    async with client_of(api) as nobody:
        for path in PATHS:
            answer = await nobody.get(path.format(session=unchanged.session))
            assert_refused(answer, 401, "unauthenticated")
            assert answer.headers["www-authenticate"].startswith("Bearer")
        body = {"sessionId": unchanged.session, "currentStep": "vehicle_search", "data": {}}
        assert_refused(
            await nobody.post("/api/workflow/transition", json=body), 401, "unauthenticated"
        )


@pytest.mark.parametrize("forge", [lambda t: t[:-2] + "xx", lambda t: "x", lambda t: t + "."])
async def test_a_forged_token_opens_nothing(unchanged: Walker, api: FastAPI, forge: Any) -> None:
    genuine = unchanged.client.headers["authorization"]
    async with client_of(api) as forger:
        forger.headers["authorization"] = forge(genuine)
        forger.headers["authorization"] = f"Bearer {forge(genuine.removeprefix('Bearer '))}"
        for path in PATHS:
            answer = await forger.get(path.format(session=unchanged.session))
            assert_refused(answer, 403, "forbidden")


async def test_another_persons_session_stays_closed(unchanged: Walker, stranger: Walker) -> None:
    for path in PATHS:
        answer = await stranger.client.get(path.format(session=unchanged.session))
        assert_refused(answer, 403, "forbidden")
    intrusions = (
        ("transition", {"currentStep": "vehicle_search", "data": {"price_max": 9000}}),
        ("back", {"currentStep": "vehicle_search"}),
        ("goto", {"step": "intent_selection"}),
        ("lookup", {"currentStep": "vehicle_search", "name": "vehicles.count", "input": {}}),
        ("start", {}),
    )
    for name, body in intrusions:
        answer = await stranger.client.post(
            f"/api/workflow/{name}", json={"sessionId": unchanged.session, **body}
        )
        assert_refused(answer, 403, "forbidden")
    for name in ("resume-link", "restart"):
        answer = await stranger.client.post(f"/api/workflow/{unchanged.session}/{name}")
        assert_refused(answer, 403, "forbidden")


async def test_a_session_that_does_not_exist_looks_like_anothers(stranger: Walker) -> None:
    answer = await stranger.client.get(f"/api/workflow/{uuid.uuid4()}")
    assert_refused(answer, 403, "forbidden")


async def test_there_is_no_way_back_from_the_first_step(walker: Walker) -> None:
    before = (await walker.look(), await walker.history())
    place = {"sessionId": walker.session, "currentStep": "intent_selection"}
    answer = await walker.client.post("/api/workflow/back", json=place)
    assert_refused(answer, 409, "no_previous_step")
    assert (await walker.look(), await walker.history()) == before


async def test_a_step_that_was_not_reached_cannot_be_visited(unchanged: Walker) -> None:
    place = {"sessionId": unchanged.session, "step": "buying_confirmation"}
    answer = await unchanged.client.post("/api/workflow/goto", json=place)
    assert_refused(answer, 409, "step_not_reached")


async def test_a_journey_left_too_long_offers_to_start_anew(tmp_path: Path) -> None:
    now = utc_now()
    settings = TestSettings(data_dir=tmp_path)
    container = Container(settings, clock=lambda: now)
    await container.open(with_jobs=False)
    try:
        async with client_of(create_api(container)) as client:
            walker = await Walker.start(client)
            await walker.walk({"intent": "buying"})
            now += timedelta(days=400)
            assert_refused(await walker.submit({"knows_vehicle": True}), 410, "expired")
            assert_refused(await client.get(f"/api/workflow/{walker.session}"), 410, "expired")
            fresh = await client.post(f"/api/workflow/{walker.session}/restart")
            assert fresh.json()["stepId"] == "vehicle_knowledge"
    finally:
        await container.close()


async def test_a_journey_that_has_ended_takes_no_more_answers(walker: Walker) -> None:
    await walker.walk_to_the_end()
    before = (await walker.look(), await walker.history())
    answer = await walker.submit({"anything": 1})
    assert_refused(answer, 409, "session_completed")
    assert (await walker.look(), await walker.history()) == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"workflowType": "renting"}, 404, "not_found"),
        ({"workflowType": "../etc/passwd"}, 400, "pattern"),
        ({"context": {"isAdmin": True}}, 400, "unknown_context"),
        ({"sessionId": "1"}, 400, "pattern"),
    ],
)
async def test_a_start_that_does_not_fit_is_refused(
    client: httpx.AsyncClient, body: dict[str, Any], status: int, code: str
) -> None:
    answer = await client.post("/api/workflow/start", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_resume_token_cannot_be_guessed(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/workflow/resume", json={"token": "x" * 43})
    assert_refused(answer, 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/api/workflow/start", 405, "POST"),
        ("DELETE", f"/api/workflow/{SOME_ID}", 405, "GET"),
        ("POST", "/api/workflow/nothing", 404, None),
        ("GET", "/api/workflow/not-an-id", 404, None),
        ("GET", "/api/", 404, None),
    ],
)
async def test_an_address_says_what_it_takes(
    client: httpx.AsyncClient, method: str, path: str, status: int, allow: str | None
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers.get("allow")) == (status, allow)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_who_asks_too_often_is_told_when_to_come_back(container: Container) -> None:
    strict = container.settings.model_copy(update={"starts_per_minute": 1})
    api = create_api(container)
    api.state.limits = type(api.state.limits)(strict)
    async with client_of(api) as client:
        answers = [await client.post("/api/workflow/start", json={}) for _ in range(4)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert int(refused[0].headers["retry-after"]) >= 1
    assert_refused(refused[0], 429, "rate_limited")
