"""That a server is away is said at once, then once a minute, in one line."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import orjson
import pytest
import structlog

from trex_app.core.outages import Outage
from trex_app.core.telemetry import configure_logging

BEGIN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class HandClock:
    """A clock that a test moves."""

    now = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def written() -> Iterator[StringIO]:
    root, dbos = logging.getLogger(), logging.getLogger("dbos")
    before = root.handlers[:], root.level, dbos.handlers[:], dbos.propagate
    stream = StringIO()
    configure_logging("json", "INFO", stream)
    yield stream
    root.handlers[:], root.level, dbos.handlers[:], dbos.propagate = before
    structlog.reset_defaults()


def lines(written: StringIO) -> list[str]:
    return [orjson.loads(line)["event"] for line in written.getvalue().splitlines()]


def refuse(logger: str, seconds: float = 0, words: str = "Exception in queue: %s") -> None:
    """What a library says each time that it does not reach its server."""
    try:
        raise ConnectionRefusedError("connection failed")
    except ConnectionError as error:
        source = logging.getLogger(logger)
        record = source.makeRecord(
            logger, logging.WARNING, __file__, 1, words, (repr(error),), (type(error), error, None)
        )
    record.created += seconds
    source.handle(record)


def test_an_outage_is_told_at_once_and_then_once_a_minute() -> None:
    clock = HandClock()
    outage = Outage(clock)
    said = []
    for _ in range(130):
        said.append(outage.begin())
        clock.wait(seconds=1)
    assert [at for at, since in enumerate(said) if since is not None] == [0, 60, 120]
    assert {since for since in said if since is not None} == {BEGIN}


def test_its_end_is_told_once_with_how_long_it_was() -> None:
    clock = HandClock()
    outage = Outage(clock)
    assert outage.end() is None
    outage.begin()
    clock.wait(seconds=7)
    assert (outage.end(), outage.end()) == (timedelta(seconds=7), None)
    assert outage.begin() == clock.now, "the next one is told at once"


@pytest.mark.parametrize(
    "library", ["dbos", "aiormq.connection", "aio_pika.robust_connection", "reflex.utils.tasks"]
)
def test_a_library_says_so_in_one_line_a_minute(library: str, written: StringIO) -> None:
    for seconds in range(70):
        refuse(library, seconds)
    first, second = lines(written)
    assert first.startswith("Exception in queue: ConnectionRefusedError")
    assert second.endswith("(59 more left out)")
    assert "Traceback" not in written.getvalue()


def test_only_the_first_line_of_a_long_text_is_kept(written: StringIO) -> None:
    refuse("dbos", words="polling: %s\nTraceback (most recent call last):\n  secret SQL")
    [line] = lines(written)
    assert "Traceback" not in line
    assert "secret" not in line


def test_whatever_else_a_library_says_stays_as_it_is(written: StringIO) -> None:
    for _ in range(3):
        try:
            raise ZeroDivisionError
        except ZeroDivisionError:
            logging.getLogger("dbos").exception("workflow failed")
    assert lines(written) == ["workflow failed"] * 3
    assert written.getvalue().count("Traceback") == 3


def test_dbos_writes_in_our_form_and_in_no_other() -> None:
    configure_logging("json", "INFO", StringIO())
    dbos = logging.getLogger("dbos")
    assert dbos.propagate
    assert all(isinstance(handler, logging.NullHandler) for handler in dbos.handlers)
    configure_logging("text", "INFO")
