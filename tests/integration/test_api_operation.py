"""What operators see of the API, and how it lives beside a frontend."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.routing import Route, Router
from structlog.testing import capture_logs

from tests.installation import TestSettings
from tests.integration.conftest import client_of
from tests.integration.walker import Walker
from trex_app.api.application import create_api
from trex_app.container import Container
from trex_app.core import telemetry

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_open_installation_is_alive_and_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_an_installation_without_a_database_is_alive_but_not_ready(tmp_path) -> None:
    container = Container(TestSettings(data_dir=tmp_path))
    try:
        async with client_of(create_api(container)) as client:
            assert (await client.get("/healthz")).status_code == 200
            answer = await client.get("/readyz")
    finally:
        await container.close()
    assert answer.status_code == 503
    assert "migrate" in answer.json()["message"]
    assert answer.headers["retry-after"]


async def test_a_web_process_is_ready_without_jobs_and_whatever_partners_do(tmp_path) -> None:
    settings = TestSettings(
        data_dir=tmp_path, role="web", load_demo_data=False, sandbox_url="http://127.0.0.1:9"
    )
    container = Container(settings)
    try:
        await container.open()
        assert not container.jobs.is_running
        async with client_of(create_api(container)) as client:
            assert (await client.get("/readyz")).json() == {"status": "ready"}
    finally:
        await container.close()


async def test_metrics_count_requests_by_route(client: httpx.AsyncClient) -> None:
    await client.post("/api/workflow/start", json={})
    text = (await client.get("/metrics")).text
    assert 'route="/api/workflow/start",status="200"' in text
    assert "trex_transitions_total" in text


async def test_an_unforeseen_error_shows_nothing_of_itself(
    api: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_args: object, **_named: object) -> None:
        raise LookupError("a secret of ours")

    monkeypatch.setattr(api.state.container.journeys, "start", fail)
    with capture_logs() as lines:
        answer = await client.post("/api/workflow/start", json={})
    assert [line["event"] for line in lines] == ["request_failed", "request"]
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text
    assert answer.json()["correlationId"] == answer.headers["x-correlation-id"]


async def test_a_mounted_frontend_answers_everything_but_the_api(container: Container) -> None:
    async def page(_request: object) -> HTMLResponse:
        return HTMLResponse("<p>page</p>")

    api = create_api(container)
    api.mount("", Router(routes=[Route("/{path:path}", page)]))
    async with client_of(api) as client:
        shown = await client.get("/j/buying")
        missing = await client.get("/api/nothing")
    assert (shown.text, "x-correlation-id" in shown.headers) == ("<p>page</p>", False)
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


async def test_a_refusal_is_counted_once_under_its_workflow(api: FastAPI) -> None:
    async with client_of(api) as browser:
        walker = await Walker.start(browser)
        before = refusals("validation_failed")
        with capture_logs() as lines:
            answer = await walker.submit({"intent": "renting"})
    assert answer.status_code == 400
    assert refusals("validation_failed") == {**before, "entry": before.get("entry", 0) + 1}
    said = [line for line in lines if line["event"] == "journey_refused"]
    assert [(line["code"], line["step"], line["fields"]) for line in said] == [
        ("validation_failed", "intent_selection", ["intent"])
    ]


def refusals(code: str) -> dict[str, float]:
    """How often this code was answered, by workflow."""
    return {
        sample.labels["workflow"]: sample.value
        for metric in telemetry.REFUSALS.collect()
        for sample in metric.samples
        if sample.name.endswith("_total") and sample.labels["code"] == code
    }


async def test_the_page_about_the_api_shows_every_address(client: httpx.AsyncClient) -> None:
    page = await client.get("/api/docs")
    assert page.status_code == 200
    document = (await client.get("/api/openapi.json")).json()
    assert [path for path in document["paths"] if f" {path}</code>" not in page.text] == []
