"""What goes to a partner and what comes back, without any HTTP library in sight."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

import orjson

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Params: TypeAlias = Mapping[str, str | int | float | bool | None]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A partner's answer: headers in lower case, the body decoded from its transfer only."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The body as JSON. Raises ValueError."""
        return orjson.loads(self.content)

    @property
    def text(self) -> str:
        """The body as UTF-8. Raises ValueError."""
        return self.content.decode()


@dataclass(frozen=True, slots=True)
class Answer(Generic[T_co]):
    """What a partner said, and when (UTC). `is_stale`: it is away, and this is what was saved."""

    value: T_co
    as_of: datetime
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One request. Raises ValueError for a method or path that could not be meant."""

    partner: str
    method: str
    path: str
    params: Params | None = None
    json: Any = None
    content: bytes | None = None
    form: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None
    auth: tuple[str, str] | None = None
    idempotency_key: str | None = None

    def __post_init__(self) -> None:
        """Keep a path from leading out of the partner's address."""
        if self.method not in METHODS:
            raise ValueError(f"there is no method {self.method}")
        if not self.path.startswith("/") or any(mark in self.path for mark in "?#\\\r\n"):
            raise ValueError("a path begins with / and has no ?, # or \\")
        if {".", ".."} & set(self.path.split("/")):
            raise ValueError("a path has no . or .. between slashes")

    @property
    def is_idempotent(self) -> bool:
        """Whether doing it twice is the same as doing it once."""
        return self.method in SAFE_METHODS or self.idempotency_key is not None

    def key_at(self, base_url: str | None) -> str:
        """Names the question to whoever is at that address, hashed: its parts can be personal."""
        parts = [
            self.partner,
            base_url,
            self.method,
            self.path,
            sorted((name, str(value)) for name, value in (self.params or {}).items()),
            sorted((name.lower(), value) for name, value in (self.headers or {}).items()),
        ]
        return hashlib.sha256(orjson.dumps(parts)).hexdigest()
