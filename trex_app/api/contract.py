"""The parts of the OpenAPI document that many operations share: credentials and problems."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from trex_app.api import examples
from trex_app.api.caller import SESSION_COOKIE_PREFIX
from trex_app.api.problems import MEDIA_TYPE, title_of
from trex_app.api.schemas.responses import WorkflowStepResponse
from trex_app.core.errors import RateLimited, Unavailable
from trex_app.core.visitor import COOKIE_NAME

Responses = dict[int | str, dict[str, Any]]

SECURITY_SCHEMES: dict[str, Any] = {
    "sessionToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "The `sessionToken` that came with the session's start.",
    },
    "sessionCookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE_PREFIX + "{sessionId}",
        "description": "Set by the session's start. A browser's changes need an allowed Origin.",
    },
    "visitorCookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE_NAME,
        "description": "Comes with our own pages; over https its name begins with "
        "`__Host-`. A browser's changes need an allowed Origin.",
    },
}
CREDENTIAL: list[dict[str, Any]] = [{name: []} for name in SECURITY_SCHEMES]
OPTIONAL_CREDENTIAL: list[dict[str, Any]] = [{}, *CREDENTIAL]


class FieldProblem(BaseModel):
    """One fault of one field."""

    field: str
    message: str
    code: str


class Problem(BaseModel):
    """An RFC 9457 problem document; `detail` and `message` are sentences for a person."""

    model_config = ConfigDict(alias_generator=to_camel, extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable and machine-readable.")
    message: str
    retryable: bool = Field(
        description="Whether the same request may succeed later, without a change."
    )
    instance: str
    correlation_id: str | None = Field(description="Also in the logs, and in X-Correlation-Id.")


class ValidationProblem(Problem):
    """Bad input: the first fault at top level, all of them in `errors`."""

    field: str = ""
    errors: list[FieldProblem] = []


class ConflictProblem(Problem):
    """stale_step brings `current` and `draft`, sealed_step brings `sent`."""

    current: WorkflowStepResponse | None = None
    draft: dict[str, Any] = {}
    sent: list[str] = []


PROBLEM_MODELS: tuple[type[BaseModel], ...] = (ValidationProblem, ConflictProblem, Problem)

DESCRIPTIONS: dict[int, tuple[str, str, type[Problem]]] = {
    400: ("validation_failed", "The input is not right; each fault names its field.",
          ValidationProblem),
    401: ("unauthenticated", "No credential came along.", Problem),
    403: ("forbidden", "The credential is not for this session, or there is no such session.",
          Problem),
    404: ("not_found", "There is no such thing, or the id is not written as one.", Problem),
    409: ("stale_step", "The journey has moved on, has sent these answers, or is complete.",
          ConflictProblem),
    410: ("expired", "The journey was left too long. Restart it.", Problem),
    413: ("body_too_large", "The body is larger than 64 KiB.", Problem),
    415: ("unsupported_media_type", "The body is not declared as JSON.", Problem),
    422: ("idempotency_mismatch", "The key was used for another request.", Problem),
    429: ("rate_limited", "Too many requests.", Problem),
    500: ("internal_error", "A fault of ours.", Problem),
    503: ("unavailable", "Not available right now; nothing was stored.", Problem),
}  # fmt: skip
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}}},
    429: RETRY_AFTER,
    503: RETRY_AFTER,
}

ALWAYS = (400, 413, 415, 429, 500, 503)
OF_A_SESSION = (401, 403, 410)
OF_A_CHANGE = (409,)


def answers(example: Any, *groups: Iterable[int]) -> Responses:
    """The documented responses of an operation: an example of success, and its problems."""
    success = {
        "description": "What was asked for.",
        "content": {"application/json": {"example": example}},
    }
    statuses = sorted({*ALWAYS, *(status for group in groups for status in group)})
    return {200: success, **problem_responses(*statuses)}


def problem_responses(*statuses: int) -> Responses:
    """The documented problems of an operation, by status."""
    return {status: _problem_response(status) for status in statuses}


def _problem_response(status: int) -> dict[str, Any]:
    code, description, model = DESCRIPTIONS[status]
    return {
        "description": description,
        "headers": HEADERS.get(status, {}),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": f"#/components/schemas/{model.__name__}"},
                "example": _example(status, code, description),
            }
        },
    }


def _example(status: int, code: str, message: str) -> dict[str, Any]:
    return {
        "type": f"/api/docs#problem-{code}",
        "title": title_of(code),
        "status": status,
        "detail": message,
        "code": code,
        "message": message,
        "retryable": status in {RateLimited.status, Unavailable.status},
        "instance": "/api/workflow/transition",
        "correlationId": examples.CORRELATION_ID,
    }
