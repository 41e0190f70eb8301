"""Every error becomes one kind of problem document, in the reader's language."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from tests.unit.api.documented import STEP_VIEW
from trex_app.api import examples, problems
from trex_app.api.contract import ConflictProblem, Problem, ValidationProblem
from trex_app.api.json_route import JsonRoute
from trex_app.core.errors import (
    BodyTooLarge,
    FieldError,
    Forbidden,
    IdempotencyMismatch,
    RateLimited,
    SealedStep,
    SessionCompleted,
    SessionExpired,
    StaleStep,
    TrexError,
    Unauthenticated,
    Unavailable,
    ValidationFailed,
)


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    age: int
    tags: dict[str, str] = {}


def client_of(error: Exception | None = None) -> TestClient:
    api = FastAPI()
    api.router.route_class = JsonRoute
    problems.install(api)

    @api.post("/api/form")
    def take(form: Form) -> dict[str, int]:
        if error is not None:
            raise error
        return {"age": form.age}

    return TestClient(api)


def answer_to(error: Exception, **headers: str) -> Any:
    return client_of(error).post("/api/form", json={"age": 3}, headers=headers)


@pytest.mark.parametrize(
    ("error", "status", "code", "headers"),
    [
        (Unauthenticated(), 401, "unauthenticated", {"www-authenticate": 'Bearer realm="trex"'}),
        (Forbidden(), 403, "forbidden", {}),
        (SealedStep(sent=("Your request",)), 409, "sealed_step", {}),
        (SessionCompleted(), 409, "session_completed", {}),
        (SessionExpired(), 410, "expired", {}),
        (BodyTooLarge(), 413, "body_too_large", {}),
        (IdempotencyMismatch(), 422, "idempotency_mismatch", {}),
        (RateLimited(9), 429, "rate_limited", {"retry-after": "9"}),
        (TrexError(), 500, "internal_error", {}),
        (Unavailable(), 503, "unavailable", {"retry-after": "5"}),
    ],
)
def test_each_error_has_its_status_code_and_headers(
    error: TrexError, status: int, code: str, headers: dict[str, str]
) -> None:
    answer = answer_to(error)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert headers.items() <= dict(answer.headers).items()
    problem = Problem.model_validate(answer.json())
    assert (problem.status, problem.code, problem.instance) == (status, code, "/api/form")
    assert problem.message == problem.detail == error.message
    assert problem.retryable == (status in {429, 503})


def test_a_stale_submit_gets_the_current_step_and_its_draft_back() -> None:
    answer = answer_to(StaleStep(current=STEP_VIEW, draft={"intent": "selling"}))
    problem = ConflictProblem.model_validate(answer.json())
    assert (answer.status_code, problem.code) == (409, "stale_step")
    assert answer.json()["current"] == examples.STEP
    assert problem.draft == {"intent": "selling"}


def test_what_was_sent_is_named() -> None:
    assert answer_to(SealedStep(sent=["Request to dealers"])).json()["sent"] == [
        "Request to dealers"
    ]


def test_the_first_of_all_faults_stands_at_top_level() -> None:
    faults = [
        FieldError("price", "minimum", "Enter at least {minimum}.", {"minimum": 500}),
        FieldError("year", "required", "Please fill in this field."),
    ]
    answer = answer_to(ValidationFailed(faults))
    problem = ValidationProblem.model_validate(answer.json())
    assert answer.status_code == 400
    assert (problem.field, problem.message, problem.code) == (
        "price",
        "Enter at least 500.",
        "minimum",
    )
    assert [fault.field for fault in problem.errors] == ["price", "year"]
    assert problem.type.endswith("#problem-validation_failed")


@pytest.mark.parametrize(
    ("body", "field", "code", "message"),
    [
        (b'{"age": 3, "size": 1}', "size", "unknown_field", "size is not known here"),
        (b"{}", "age", "required", "age is missing"),
        (b'{"age": "3"}', "age", "int_type", "age must be a whole number"),
        (b'{"age": 3, "tags": {"a": 1}}', "tags.a", "string_type", "tags.a must be a text"),
        (b"[]", "", "model_attributes_type", "The body must be a JSON object"),
        (b"", "", "required", "The body is missing"),
        (b'{"age": }', "", "invalid_json", "The body is not valid JSON"),
        (b'{"age": NaN}', "", "invalid_json", "The body is not valid JSON"),
        (b'{"age": "\xff"}', "", "invalid_json", "The body is not valid JSON"),
        (b'{"age": "\\ud800"}', "", "invalid_json", "The body is not valid JSON"),
        (b"[" * 5000, "", "invalid_json", "The body is not valid JSON"),
    ],
)
def test_a_body_that_does_not_fit_is_explained(
    body: bytes, field: str, code: str, message: str
) -> None:
    answer = client_of().post(
        "/api/form", content=body, headers={"content-type": "application/json"}
    )
    problem = ValidationProblem.model_validate(answer.json())
    assert answer.status_code == 400
    assert (problem.field, problem.code) == (field, code)
    assert problem.message.startswith(message)


def test_a_very_long_name_is_not_repeated_in_full() -> None:
    answer = client_of().post("/api/form", json={"age": 3, "x" * 5000: 1})
    assert len(answer.json()["field"]) < 200


def test_what_was_sent_is_never_repeated() -> None:
    answer = client_of().post("/api/form", json={"age": "robin@example.com"})
    assert "robin" not in answer.text


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
def test_any_other_kind_of_body_is_refused(content_type: str) -> None:
    answer = client_of().post(
        "/api/form", content=b'{"age": 3}', headers={"content-type": content_type}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "application/merge-patch+json"]
)
def test_any_kind_of_json_is_read(content_type: str) -> None:
    answer = client_of().post(
        "/api/form", content=b'{"age": 3}', headers={"content-type": content_type}
    )
    assert answer.json() == {"age": 3}


@pytest.mark.parametrize(
    ("ask", "status", "code"),
    [
        (lambda client: client.get("/api/nowhere"), 404, "not_found"),
        (lambda client: client.get("/api/form"), 405, "method_not_allowed"),
    ],
)
def test_the_http_layers_own_errors_are_problems_too(
    ask: Callable[[TestClient], Any], status: int, code: str
) -> None:
    answer = ask(client_of())
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("allow") == ("POST" if status == 405 else None)


def test_an_error_without_a_sentence_of_ours_keeps_its_own() -> None:
    answer = answer_to(HTTPException(417, "Expected something else."))
    assert answer.json()["message"] == "Expected something else."


def test_a_fault_of_ours_is_logged_with_its_cause() -> None:
    with capture_logs() as lines:
        answer_to(TrexError("The drawer is stuck."))
        answer_to(Unavailable())
        answer_to(Forbidden())
    assert [(line["log_level"], line["code"]) for line in lines] == [
        ("error", "internal_error"),
        ("warning", "unavailable"),
        ("info", "forbidden"),
    ]


def test_the_documentation_lists_each_code_once() -> None:
    codes = [code for _, code, _ in problems.kinds()]
    assert len(codes) == len(set(codes))
    assert {"stale_step", "sealed_step", "not_found", "unsupported_media_type"} <= set(codes)


def test_what_the_http_layer_refuses_is_said_in_the_language_asked_for() -> None:
    refusal = client_of().get("/nowhere", headers={"accept-language": "de"})
    assert refusal.json()["message"].startswith("Unter dieser Adresse")
