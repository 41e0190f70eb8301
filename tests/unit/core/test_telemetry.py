"""Logs and metrics: one id through all lines, and nothing personal in any."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from trex_app.core import telemetry
from trex_app.core.telemetry import configure_logging, correlated, correlation_id, redact

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = StringIO()
    configure_logging("json", "INFO", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_a_line_has_time_level_origin_and_what_was_said(lines: Lines) -> None:
    structlog.get_logger("trex_app.somewhere").info("step_shown", step="vehicle_search", count=3)
    (line,) = lines()
    assert line["event"] == "step_shown"
    assert (line["step"], line["count"]) == ("vehicle_search", 3)
    assert (line["level"], line["logger"]) == ("info", "trex_app.somewhere")
    assert line["timestamp"].endswith("Z")


def test_every_line_inside_carries_the_callers_id(lines: Lines) -> None:
    with correlated("request-1234") as current:
        assert current == correlation_id() == "request-1234"
        structlog.get_logger().info("ours")
        logging.getLogger("a.library").warning("theirs")
    structlog.get_logger().info("outside")
    ours, theirs, outside = lines()
    assert ours["correlation_id"] == theirs["correlation_id"] == "request-1234"
    assert "correlation_id" not in outside
    assert correlation_id() is None


@pytest.mark.parametrize("given_id", [None, "", "short", "a" * 65, "with space 1", "new\nline-123"])
def test_an_id_that_could_do_harm_is_replaced(given_id: str | None) -> None:
    with correlated(given_id) as current:
        assert current != given_id
        assert len(current) == 16


def test_values_under_personal_names_are_left_out_at_any_depth(lines: Lines) -> None:
    structlog.get_logger().info(
        "refused", email="x", answers={"a": 1}, errors=[{"phone": "1", "code": "c"}], Token="t"
    )
    (line,) = lines()
    assert line["email"] == line["answers"] == line["Token"] == "[redacted]"
    assert line["errors"] == [{"phone": "[redacted]", "code": "c"}]


@pytest.mark.parametrize(
    "contact",
    [
        "ada@example.com",
        "ada.lovelace+cars@mail.example.co.uk",
        "+49 170 1234567",
        "+1 (555) 123-4567",
        "(0)30 1234 5678",
        "0170/1234567",
        "555-123-4567",
        "03012345678",
    ],
)
def test_contacts_are_masked_wherever_they_stand(lines: Lines, contact: str) -> None:
    log = structlog.get_logger()
    log.info(f"could not reach {contact}.", reason=f"<{contact}>")
    logging.getLogger("a.library").warning("no answer from %s", contact)
    try:
        raise ValueError(f"bad value {contact}")
    except ValueError:
        log.exception("failed")
    assert contact not in json.dumps(lines())


@given(st.emails(domains=st.sampled_from(["example.com", "mail.example.org"])))
def test_no_email_address_passes(address: str) -> None:
    assert address not in redact(None, "info", {"event": f"to {address}, please"})["event"]


@pytest.mark.parametrize(
    "harmless",
    [
        "took 123.456789 s",
        "at 2026-10-18T10:12:44.123456Z",
        "on 2026-10-18",
        "1f0c7a52-9d3e-4a1b-8c55-0123456789ab",
        "port 3000, 12 of 2000 rows",
        "127.0.0.1:54321",
    ],
)
def test_numbers_that_are_no_contact_stay(harmless: str) -> None:
    assert redact(None, "info", {"event": harmless}) == {"event": harmless}


def test_ids_of_ours_stay_readable() -> None:
    session = {"session_id": "12345678-1234-1234-1234-123456789012"}
    assert redact(None, "info", dict(session)) == session


def test_text_for_a_terminal_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    stream = StringIO()
    handlers = logging.getLogger().handlers[:]
    configure_logging("text", "INFO", stream)
    structlog.get_logger().info("step_shown", step="vehicle_search", email="ada@example.com")
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()
    assert "step_shown" in stream.getvalue()
    assert "vehicle_search" in stream.getvalue()
    assert "ada@example.com" not in stream.getvalue()


def test_metrics_count_by_label() -> None:
    telemetry.REFUSALS.labels("buying", "stale_step").inc()
    exposed = telemetry.metrics_text().decode()
    assert 'trex_refusals_total{code="stale_step",workflow="buying"}' in exposed
    assert "_created" not in exposed
