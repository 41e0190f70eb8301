"""Traces, for operators who collect them: what one click set off, from the page to the partner.

Spans are made through OpenTelemetry's API, which does nothing until `configure_tracing` names a
collector. Attributes are ids and names from the definitions, never what a person typed.
"""

from collections.abc import Callable, Coroutine, Generator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from opentelemetry import context, trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

P = ParamSpec("P")
R = TypeVar("R")

SERVICE = "trex"
TRACES_PATH = "/v1/traces"
TRACEPARENT = "traceparent"

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("trex_app")


def configure_tracing(collector_url: str | None, role: str, version: str) -> bool:
    """Send spans to the OTLP/HTTP collector at this URL; whether there is one.

    Exporting happens in a thread of its own, and a collector that is away costs spans only.
    """
    if collector_url is None:
        return False
    # A tenth of a second to import, which commands without a collector do not pay.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create(
        {"service.name": SERVICE, "service.version": version, "trex.role": role}
    )
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=collector_url.rstrip("/") + TRACES_PATH)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return True


def span(name: str, **attributes: str | int) -> AbstractContextManager[trace.Span]:
    """A span around a `with` block; an error that leaves the block is noted by its class alone."""
    return _Span(name, attributes)


def traced(
    name: str,
) -> Callable[[Callable[P, Coroutine[Any, Any, R]]], Callable[P, Coroutine[Any, Any, R]]]:
    """Decorate a coroutine function: a span of this name around every call."""

    def decorate(
        function: Callable[P, Coroutine[Any, Any, R]],
    ) -> Callable[P, Coroutine[Any, Any, R]]:
        @wraps(function)
        async def call(*args: P.args, **kwargs: P.kwargs) -> R:
            with span(name):
                return await function(*args, **kwargs)

        return call

    return decorate


def current_trace() -> str | None:
    """The W3C traceparent of what is being done now; None where nothing is traced."""
    if not trace.get_current_span().is_recording():
        return None
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get(TRACEPARENT)


@contextmanager
def joined(traceparent: str | None) -> Generator[None]:
    """Let the spans inside belong to the trace that asked for this work, where there was one."""
    if traceparent is None:
        yield
        return
    token = context.attach(_propagator.extract({TRACEPARENT: traceparent}))
    try:
        yield
    finally:
        context.detach(token)


class _Span:
    """Like `start_as_current_span`, without the message of an error: it may quote a person."""

    __slots__ = ("_attributes", "_entered", "_name")

    def __init__(self, name: str, attributes: dict[str, str | int]) -> None:
        self._name = name
        self._attributes = attributes

    def __enter__(self) -> trace.Span:
        self._entered = _tracer.start_as_current_span(
            self._name,
            attributes=self._attributes,
            record_exception=False,
            set_status_on_exception=False,
        )
        return self._entered.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: Any, traceback: Any) -> None:
        if kind is not None:
            current = trace.get_current_span()
            current.set_attribute("error.type", kind.__name__)
            current.set_status(trace.StatusCode.ERROR)
        self._entered.__exit__(None, None, None)
