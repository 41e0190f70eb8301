"""One line and one measurement a request, and the id that ties together what belongs to it."""

import re
from time import perf_counter

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trex_app.api.layers import is_limited_path
from trex_app.core.telemetry import (
    HTTP_DURATION_SECONDS,
    HTTP_REQUESTS,
    OPEN_REQUESTS,
    correlated,
)

TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# What uvicorn would say of a connection that was closed before an answer had begun.
CLIENT_CLOSED_REQUEST = 499

log = structlog.get_logger(__name__)


class RequestLog:
    """ASGI middleware: correlation id, access line, metrics. Paths are logged as templates only."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it was answered."""
        status = CLIENT_CLOSED_REQUEST
        started = perf_counter()
        # An application around this one has left the route by which it came here.
        scope = {name: value for name, value in scope.items() if name != "route"}
        with correlated(_given_id(Headers(scope=scope))) as correlation_id:

            async def send_with_id(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    MutableHeaders(scope=message)["x-correlation-id"] = correlation_id
                await send(message)

            with OPEN_REQUESTS.track_inprogress():
                try:
                    await self.app(scope, receive, send_with_id)
                finally:
                    _note(scope, status, perf_counter() - started)


def _note(scope: Scope, status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    route = getattr(scope.get("route"), "path_format", "unmatched")
    HTTP_REQUESTS.labels(method, route, str(status)).inc()
    HTTP_DURATION_SECONDS.labels(method, route).observe(seconds)
    # Probes come every few seconds and say nothing about people.
    say = log.info if is_limited_path(scope["path"]) else log.debug
    say("request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 2))


def _given_id(headers: Headers) -> str | None:
    """The caller's own id, or the trace it belongs to."""
    given = headers.get("x-correlation-id")
    if given is None and (trace := TRACEPARENT.fullmatch(headers.get("traceparent", ""))):
        return trace[1]
    return given
