"""What an operator sees: structured log lines and metrics, without personal data in either.

Every line carries the correlation id of the request or job it belongs to. Values under keys that
name personal data are left out whole; elsewhere, what looks like an e-mail address or a phone
number is masked, in exception texts too.
"""

import logging
import re
import secrets
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO, cast

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)
from structlog.types import EventDict, Processor

from trex_app.core.outages import OutageLines

CORRELATION_PATTERN = re.compile(r"[A-Za-z0-9_-]{8,64}")
REDACTED = "[redacted]"
PERSONAL_KEYS = frozenset(
    {
        *("first_name", "last_name", "name", "buyer_name", "dealer_name", "birth_date"),
        *("email", "buyer_email", "dealer_email", "phone", "to", "recipient"),
        *("street", "city", "postal_code", "income_band", "vin", "ip", "client"),
        *("data", "answers", "values", "draft", "personal", "body", "payload", "params"),
        *("token", "session_token", "cookie", "cookies", "authorization", "headers"),
        *("secret", "secret_key", "password", "key_material"),
    }
)
# Ids and times are made by us and hold digit runs that look like phone numbers.
TRUSTED_KEYS = frozenset(
    {"timestamp", "level", "logger", "correlation_id", "session_id", "workflow_hash", "job"}
)
# What they say of every start is of no use to an operator; their warnings are.
# HTTP clients name whole addresses, and with them what people asked for.
CHATTY_LIBRARIES = ("alembic", "dbos", "httpx", "httpcore", "aio_pika", "aiormq")
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(
    r"(?<![\w.:-])(?:\+\d{1,3}[ ./-]?)?(?:\(\d{2,5}\)|\d{2,5})(?:[ /-]?\d{2,5}){1,4}(?![\w:-]|\.\d)"
)
PHONE_MIN_DIGITS = 9

# Each series would be there twice, with the time at which it began.
disable_created_metrics()
REGISTRY = CollectorRegistry()
TRANSITIONS = Counter(
    "trex_transitions",
    "Accepted starts, submits, backs and gotos.",
    ["workflow", "step", "kind"],
    registry=REGISTRY,
)
REFUSALS = Counter(
    "trex_refusals", "Requests refused, by error code.", ["workflow", "code"], registry=REGISTRY
)
LOOKUPS = Counter(
    "trex_lookups",
    "Lookups, by where their answer came from.",
    ["lookup", "source"],
    registry=REGISTRY,
)
EFFECTS = Counter(
    "trex_effects", "Effects begun and finished.", ["effect", "phase"], registry=REGISTRY
)
JOBS = Counter(
    "trex_jobs", "Durable jobs, by how they ended.", ["job", "outcome"], registry=REGISTRY
)
JOBS_WAITING = Gauge(
    "trex_jobs_unfinished",
    "Durable jobs of the installation that wait, are delayed or run.",
    ["state"],
    registry=REGISTRY,
)
TAKEOVERS = Counter(
    "trex_jobs_taken_over", "Jobs of dead processes that were put back.", registry=REGISTRY
)
PERIODIC_FAILURES = Counter(
    "trex_periodic_failures",
    "Times that work done again and again failed.",
    ["work"],
    registry=REGISTRY,
)
SOCKETS_REFUSED = Counter(
    "trex_sockets_refused", "Websockets refused", ["because"], registry=REGISTRY
)
BROWSER_ERRORS = Counter(
    "trex_browser_errors", "Errors that pages reported.", ["kind"], registry=REGISTRY
)
LEADS = Counter(
    "trex_leads", "Leads, each time one came to a status.", ["status"], registry=REGISTRY
)
MESSAGES = Counter(
    "trex_messages",
    "Messages to people: sent, delayed, passed to their other channel, parked.",
    ["purpose", "channel", "outcome"],
    registry=REGISTRY,
)
LEADS_STANDING = Gauge(
    "trex_leads_standing", "Leads of the installation, by status.", ["status"], registry=REGISTRY
)
CRM_RECORDS_STANDING = Gauge(
    "trex_crm_records_standing",
    "Records of leads in the CRM, by how each stands.",
    ["status"],
    registry=REGISTRY,
)
HTTP_REQUESTS = Counter(
    "trex_http_requests",
    "HTTP requests answered.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
HTTP_DURATION_SECONDS = Histogram(
    "trex_http_request_duration_seconds",
    "Time from a request's arrival to its last byte.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
OPEN_REQUESTS = Gauge("trex_http_requests_open", "HTTP requests in flight.", registry=REGISTRY)
PARTNER_CALLS = Counter(
    "trex_partner_calls",
    "Answers given in a partner's name, by how: its own, a saved one, or why there was none.",
    ["partner", "outcome"],
    registry=REGISTRY,
)
PARTNER_DURATION_SECONDS = Histogram(
    "trex_partner_attempt_duration_seconds",
    "Time of each attempt that reached for a partner.",
    ["partner"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
    registry=REGISTRY,
)
PARTNER_RETRIES = Counter(
    "trex_partner_retries",
    "Failed attempts, by whether they were repeated, or the retry budget was used up.",
    ["partner", "decision"],
    registry=REGISTRY,
)
PARTNER_OPEN_CALLS = Gauge(
    "trex_partner_attempts_open", "Attempts in flight.", ["partner"], registry=REGISTRY
)
BREAKER_STATE = Gauge(
    "trex_partner_breaker_state",
    "1 for the state that a partner's breaker is in.",
    ["partner", "state"],
    registry=REGISTRY,
)
BREAKER_CHANGES = Counter(
    "trex_partner_breaker_changes",
    "Changes of a partner's breaker, by the state it went to.",
    ["partner", "state"],
    registry=REGISTRY,
)
GATEWAY_REDIS = Gauge(
    "trex_gateway_redis_up", "Whether breakers and saved answers are shared.", registry=REGISTRY
)
EVENTS_RECORDED = Counter(
    "trex_events_recorded",
    "Facts recorded; one whose transaction was rolled back counts as well.",
    ["topic"],
    registry=REGISTRY,
)
EVENT_DELIVERIES = Counter(
    "trex_event_deliveries",
    "Tries to hand an event to a handler, by how they ended: delivered, failed or parked.",
    ["handler", "topic", "outcome"],
    registry=REGISTRY,
)
EVENT_DELIVERY_SECONDS = Histogram(
    "trex_event_delivery_seconds",
    "From recording an event to the end of its handling.",
    ["handler"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300, 3600),
    registry=REGISTRY,
)
EVENT_LAG_SECONDS = Gauge(
    "trex_event_lag_seconds",
    "Age of the oldest event that waits for a handler and is not parked.",
    ["handler"],
    registry=REGISTRY,
)
EVENTS_PUBLISHED = Counter(
    "trex_events_published",
    "Messages that the broker confirmed: new events, and deliveries tried again.",
    ["reason"],
    registry=REGISTRY,
)

_correlation_id: ContextVar[str | None] = ContextVar("correlation_id", default=None)


def metrics_text() -> bytes:
    """Every metric in the Prometheus text format."""
    return generate_latest(REGISTRY)


def serve_metrics(host: str, port: int) -> None:
    """Answer for the metrics on a port of their own, in a thread that ends with the process."""
    start_http_server(port, host, REGISTRY)


def correlation_id() -> str | None:
    """The id that ties together what belongs to the current request or job."""
    return _correlation_id.get()


@contextmanager
def correlated(given: str | None = None) -> Generator[str]:
    """Tie every line logged inside to one id: the caller's, where it is harmless, or a new one."""
    is_usable = given is not None and CORRELATION_PATTERN.fullmatch(given)
    current = given if given is not None and is_usable else secrets.token_hex(8)
    reset = _correlation_id.set(current)
    try:
        yield current
    finally:
        _correlation_id.reset(reset)


def configure_logging(log_format: str, level: str, stream: TextIO | None = None) -> None:
    """Send the lines of structlog and of every library through the same processors.

    `log_format` is `json` (one object a line) or `text` (for a terminal).
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _add_correlation_id,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(default=str)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(OutageLines())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # Without a handler of its own it would make one, in a form and with words that are not ours.
    logging.getLogger("dbos").handlers = [logging.NullHandler()]
    logging.getLogger("dbos").propagate = True
    for name in CHATTY_LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: leave personal data out of the line."""
    return {key: _safe(key, value) for key, value in event.items()}


def _add_correlation_id(_logger: Any, _method: str, event: EventDict) -> EventDict:
    current = _correlation_id.get()
    if current is not None:
        event["correlation_id"] = current
    return event


def _safe(key: str, value: Any) -> Any:
    if key.startswith("_") or key in TRUSTED_KEYS:
        return value
    if key.lower() in PERSONAL_KEYS:
        return REDACTED
    return _without_contacts(value)


def _without_contacts(value: Any) -> Any:
    match value:
        case str():
            return PHONE.sub(_mask_phone, EMAIL.sub("[email]", value))
        case Mapping():
            entries = cast("Mapping[Any, Any]", value)
            return {key: _safe(str(key), item) for key, item in entries.items()}
        case list() | tuple() | set() | frozenset():
            items = cast("list[Any]", value)
            return [_without_contacts(item) for item in items]
        case None | bool() | int() | float():
            return value
        case _:
            return _without_contacts(str(value))


def _mask_phone(found: re.Match[str]) -> str:
    text = found.group()
    digits = sum(character.isdigit() for character in text)
    return "[phone]" if digits >= PHONE_MIN_DIGITS else text
