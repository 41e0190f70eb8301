"""Every request has one id, one line and one measurement, none of which names a person."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from trex_app.api.request_log import RequestLog
from trex_app.core.telemetry import correlation_id, metrics_text


@pytest.fixture
def client() -> TestClient:
    api = FastAPI()

    @api.get("/api/people/{name}")
    def show(name: str) -> dict[str, str | None]:
        return {"name": name, "id": correlation_id()}

    api.add_middleware(RequestLog)
    return TestClient(api)


@pytest.fixture
def lines() -> Iterator[list]:
    with capture_logs() as captured:
        yield captured


def test_a_harmless_id_is_taken_over(client: TestClient) -> None:
    answer = client.get("/api/people/robin", headers={"x-correlation-id": "order-1234"})
    assert answer.headers["x-correlation-id"] == "order-1234"
    assert answer.json()["id"] == "order-1234"


def test_a_trace_is_taken_over(client: TestClient) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = client.get(
        "/api/people/robin", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    )
    assert answer.headers["x-correlation-id"] == trace


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "line\tbreak", "<script>alert(1)"])
def test_any_other_id_is_replaced(client: TestClient, given: str) -> None:
    answer = client.get("/api/people/robin", headers={"x-correlation-id": given})
    assert answer.headers["x-correlation-id"] not in {"", given}


def test_the_line_names_the_route_and_not_the_person(client: TestClient, lines: list) -> None:
    client.get("/api/people/robin", params={"email": "robin@example.com"})
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/people/{name}", 200)
    assert line["duration_ms"] >= 0
    assert "robin" not in str(line)


def test_an_address_that_does_not_exist_is_not_written_out(client: TestClient, lines: list) -> None:
    client.request("BREW", "/robin@example.com")
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["method"], line["route"], line["status"]) == ("OTHER", "unmatched", 404)


def test_requests_are_counted_by_route(client: TestClient) -> None:
    client.get("/api/people/robin")
    series = 'trex_http_requests_total{method="GET",route="/api/people/{name}",status="200"}'
    assert series in metrics_text().decode()


def test_the_way_through_an_outer_application_is_not_the_route(lines: list) -> None:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("no", 413)(scope, receive, send)

    outer = Starlette(routes=[Mount("", RequestLog(refuse))])
    TestClient(outer).post("/api/people/robin")
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["route"], line["status"]) == ("unmatched", 413)
