"""An error nobody foresaw is logged once, with its cause, and answered without it."""

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from trex_app.api.error_boundary import ErrorBoundary
from trex_app.core.errors import RateLimited


async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
    raise LookupError("the value 4111-1111 was not expected")


async def refuses(scope: Scope, receive: Receive, send: Send) -> None:
    raise RateLimited(7)


async def breaks_halfway(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise LookupError("too late to answer")


def test_an_unforeseen_error_is_answered_without_its_cause() -> None:
    with capture_logs() as lines:
        answer = TestClient(ErrorBoundary(breaks)).get("/api/x")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal_error"
    assert "4111" not in answer.text
    assert [(line["log_level"], line["error"]) for line in lines] == [("error", "LookupError")]
    assert lines[0]["exc_info"]


def test_a_refusal_of_an_inner_layer_is_answered_as_itself() -> None:
    with capture_logs() as lines:
        answer = TestClient(ErrorBoundary(refuses)).get("/api/x")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert [(line["log_level"], line["code"]) for line in lines] == [("info", "rate_limited")]


def test_half_an_answer_is_not_completed_by_another() -> None:
    with pytest.raises(LookupError):
        TestClient(ErrorBoundary(breaks_halfway)).get("/api/x")
