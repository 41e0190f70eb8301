"""The one mapping from errors to answers: RFC 9457 problem documents.

Every problem has `type`, `title`, `status`, `detail`, `code`, `message`, `retryable`, `instance`
and `correlationId`; `detail` and `message` are sentences for a person.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from trex_app.api.schemas.responses import WorkflowStepResponse, as_plain
from trex_app.core.errors import (
    FieldError,
    RateLimited,
    StaleStep,
    TrexError,
    Unauthenticated,
    Unavailable,
    ValidationFailed,
)
from trex_app.core.telemetry import REFUSALS, correlation_id
from trex_app.core.texts import preferred_locale, translate
from trex_app.services import refusals
from trex_app.services.views import StepView

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
UNAVAILABLE_RETRY_SECONDS = 5

HTTP_PROBLEMS: Mapping[int, tuple[str, str]] = {
    400: ("invalid_body", "The body cannot be read. Send a JSON object in UTF-8."),
    404: ("not_found", "There is nothing at this address. See /api/docs for what there is."),
    405: (
        "method_not_allowed",
        "This address does not take that method; Allow names those it does.",
    ),
    415: ("unsupported_media_type", "Send the body as JSON, with Content-Type: application/json."),
}
"""Code and message for what the HTTP layer refuses by itself."""

INPUT_MESSAGES: Mapping[str, str] = {
    "missing": "{field} is missing. Please send it.",
    "extra_forbidden": "{field} is not known here. Please leave it out.",
    "string_type": "{field} must be a text.",
    "string_too_short": "{field} must have at least {min_length} characters.",
    "string_too_long": "{field} must have at most {max_length} characters.",
    "string_pattern_mismatch": "{field} is not written as expected: it must match `{pattern}`.",
    "int_type": "{field} must be a whole number.",
    "bool_type": "{field} must be true or false.",
    "dict_type": "{field} must be an object.",
    "model_attributes_type": "{field} must be a JSON object.",
    "too_long": "{field} must have at most {max_length} members.",
    "greater_than_equal": "{field} must be at least {ge}.",
    "less_than_equal": "{field} must be at most {le}.",
    "json_invalid": "The body is not valid JSON: {error} (character {position}).",
}
"""What is said for each fault of a request's form, by pydantic's name for it."""

INPUT_CODES: Mapping[str, str] = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_short": "minLength",
    "string_too_long": "maxLength",
    "string_pattern_mismatch": "pattern",
    "greater_than_equal": "minimum",
    "less_than_equal": "maximum",
    "too_long": "maxProperties",
    "json_invalid": "invalid_json",
}
"""Their codes, in the words the engine uses for the fields of a step."""

FIELD_SHOWN_LENGTH = 100


def install(api: FastAPI) -> None:
    """Answer every error of the tree, and of the HTTP layer, with a problem document."""
    api.add_exception_handler(TrexError, _answer_error)
    api.add_exception_handler(RequestValidationError, _answer_bad_input)
    api.add_exception_handler(HTTPException, _answer_http_exception)


def problem_of(error: TrexError, scope: Scope) -> Response:
    """The problem document of an error, in the language that the request asks for."""
    refusals.note(error)
    locale = preferred_locale(Headers(scope=scope).get("accept-language"))
    message = _said(error.template, error.params, locale)
    members: dict[str, Any] = {
        "code": error.code,
        "message": message,
        "retryable": error.is_retryable,
        **error.details(),
    }
    if isinstance(error, ValidationFailed):
        members |= _validation_members(error, locale)
    if isinstance(error, StaleStep):
        members |= _stale_members(error)
    return _response(error.status, error.code, message, scope, members, headers_of(error))


def _said(template: str, params: Mapping[str, object], locale: str) -> str:
    text = translate(template, locale)
    return text.format(**params) if params else text


def _validation_members(error: ValidationFailed, locale: str) -> dict[str, Any]:
    """All faults, and the first one at top level."""
    rows = [
        {"field": e.field, "message": _said(e.template, e.params, locale), "code": e.code}
        for e in error.errors
    ]
    return {"errors": rows, **(rows[0] if rows else {})}


def _stale_members(error: StaleStep) -> dict[str, Any]:
    if not isinstance(error.current, StepView):
        return {"current": None, "draft": error.draft}
    current = WorkflowStepResponse.of(error.current)
    return {"current": current.model_dump(by_alias=True), "draft": error.draft}


def headers_of(error: TrexError) -> dict[str, str]:
    """What else programs are told of an error, beside its status."""
    match error:
        case Unauthenticated():
            return {"www-authenticate": 'Bearer realm="trex"'}
        case RateLimited():
            return {"retry-after": str(error.retry_after_seconds)}
        case Unavailable():
            return {"retry-after": str(UNAVAILABLE_RETRY_SECONDS)}
        case _:
            return {}


def _response(
    status: int,
    kind: str,
    detail: str,
    scope: Scope,
    members: Mapping[str, Any],
    headers: Mapping[str, str],
) -> Response:
    body = {
        "type": f"/api/docs#problem-{kind}",
        "title": title_of(kind),
        "status": status,
        "detail": detail,
        "instance": scope["path"],
        "correlationId": correlation_id(),
        **members,
    }
    return Response(
        orjson.dumps(body, default=as_plain),
        status,
        {"cache-control": "no-store", **headers},
        MEDIA_TYPE,
    )


def title_of(kind: str) -> str:
    """The short name of a kind of problem, the same every time it occurs."""
    return kind.replace("_", " ").capitalize()


async def _answer_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, TrexError):
        raise error
    if error.status == TrexError.status:
        log.error("request_failed", code=error.code, exc_info=error)
    elif error.status > TrexError.status:
        log.warning("request_unavailable", code=error.code, cause=type(error.__cause__).__name__)
    return problem_of(error, request.scope)


async def _answer_bad_input(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [_field_error(fault) for fault in error.errors()]
    return problem_of(ValidationFailed(faults), request.scope)


async def _answer_http_exception(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    usual = (HTTPStatus(error.status_code).phrase.lower().replace(" ", "_"), error.detail)
    code, text = HTTP_PROBLEMS.get(error.status_code, usual)
    message = _said(text, {}, preferred_locale(request.headers.get("accept-language")))
    REFUSALS.labels(workflow="", code=code).inc()
    members = {"code": code, "message": message, "retryable": False}
    return _response(error.status_code, code, message, request.scope, members, error.headers or {})


def _field_error(fault: Mapping[str, Any]) -> FieldError:
    kind = fault["type"]
    field = "" if kind == "json_invalid" else _field_name(fault["loc"])
    params = {
        "field": field or "The body",
        "position": fault["loc"][-1],
        **fault.get("ctx", {}),
    }
    template = INPUT_MESSAGES.get(kind)
    if template is None:
        template, params = "{message}", {"message": fault["msg"]}
    return FieldError(field, INPUT_CODES.get(kind, kind), template, params)


def _field_name(location: Sequence[str | int]) -> str:
    """`data.vehicle` for a member of the body, the header's name for a header."""
    name = ".".join(str(part) for part in location[1:])
    return name if len(name) <= FIELD_SHOWN_LENGTH else name[:FIELD_SHOWN_LENGTH] + "…"


def kinds() -> tuple[tuple[int, str, str], ...]:
    """Status, code and usual message of every kind of problem, for the documentation."""
    found = {error.code: (error.status, error.default_message) for error in _tree(TrexError)}
    found |= {code: (status, message) for status, (code, message) in HTTP_PROBLEMS.items()}
    return tuple(sorted((status, code, message) for code, (status, message) in found.items()))


def _tree(error: type[TrexError]) -> list[type[TrexError]]:
    return [error, *(below for child in error.__subclasses__() for below in _tree(child))]
