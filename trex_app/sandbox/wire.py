"""What a partner's request and answer are made of, and how a partner refuses."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from starlette.datastructures import Headers, QueryParams

from trex_app.core.market import MARKET
from trex_app.sandbox.faults import Fault

JSON: Final = "application/json"
KEY_HEADER: Final = "idempotency-key"
KEY_LENGTH: Final = 255

Method = Literal["GET", "POST", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a partner, read in full, and the fault that hits it."""

    method: str
    path: str
    at: datetime
    params: Mapping[str, str]
    query: QueryParams
    headers: Headers
    body: bytes
    fault: Fault | None = None

    @property
    def key(self) -> str | None:
        """The idempotency key, None where none was given."""
        return self.headers.get(KEY_HEADER) or None

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Refused."""
        try:
            data = json.loads(self.body, parse_constant=_no_number)
            json.dumps(data, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (ValueError, RecursionError):
            raise Refused.of(400, "JSON_INVALID", "The body must be JSON in UTF-8.") from None
        if not isinstance(data, dict):
            raise Refused.of(400, "JSON_INVALID", "The body must be a JSON object.")
        return data


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: status, body and its media type."""

    status: int
    body: bytes = b""
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, status: int, data: Any) -> "Answer":
        """An answer whose body is the data as JSON."""
        return cls(status, json.dumps(data, ensure_ascii=False).encode())

    def data(self) -> Any:
        """The JSON body as data, None where there is none."""
        return json.loads(self.body) if self.body else None


class Refused(Exception):
    """A partner does not take the request, and answers why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer

    @classmethod
    def of(cls, status: int, code: str, message: str, parameter: str | None = None) -> "Refused":
        """A refusal in the shape that the JSON partners share."""
        error = {"code": code, "parameter": parameter, "message": message}
        return cls(Answer.of(status, {"error": error}))


def invalid(parameter: str, message: str, status: int = 400) -> Refused:
    """The refusal of one parameter."""
    return Refused.of(status, "INVALID_PARAMETER", f"{parameter} {message}", parameter)


def _no_number(name: str) -> float:
    raise ValueError(name)


Handler = Callable[[Call], Answer]
"""Decides on a call. Raises Refused. Changes nothing: what an answer changes, `absorb` does."""


@dataclass(frozen=True, slots=True)
class Door:
    """One address of a partner: what it takes there, and whether that is written down."""

    method: Method
    path: str
    handler: Handler
    needs_key: bool = False
    body_of: Callable[[Call], Any] = lambda call: dict(call.query)
    """The body as the record of what was received shows it."""

    @property
    def is_write(self) -> bool:
        """Whether the call changes something at the partner."""
        return self.method != "GET"


def money(amount_minor: int) -> dict[str, int | str]:
    """Money as the partners write it."""
    return {"amountMinor": amount_minor, "currency": MARKET.currency}


def whole_number(
    query: Mapping[str, str], name: str, low: int, high: int, default: int | None = None
) -> int | None:
    """A whole number of the query, or the default where it is not given. Raises Refused."""
    text = query.get(name, "").strip()
    if not text:
        return default
    # Without the limit on length, Python would read numbers of thousands of digits.
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and low <= int(text) <= high):
        raise invalid(name, f"must be a whole number from {low} to {high}.")
    return int(text)


def ids_of(query: Mapping[str, str], limit: int = 100) -> list[str]:
    """The ids of `?ids=a,b`. Raises Refused for too many."""
    ids = [text.strip() for text in query.get("ids", "").split(",") if text.strip()]
    if len(ids) > limit:
        raise invalid("ids", f"may name at most {limit}.")
    return list(dict.fromkeys(ids))
