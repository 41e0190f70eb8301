"""How the log says that a server is away: at once, and then now and again while that lasts.

Our own lines say since when. The libraries that keep trying to reach the server would say so many
times a second, each time with a traceback; of theirs, one a minute from each place is enough.
"""

import logging
import re
import threading
from datetime import datetime, timedelta
from typing import Final

from trex_app.core.clock import Clock, utc_now

PAUSE: Final = timedelta(minutes=1)
"""How long nothing more is said about what is still away."""
LIBRARIES: Final = frozenset({"dbos", "aiormq", "aio_pika", "reflex"})
"""Who keeps connections of their own, and their own words for losing them."""
OF_AN_OUTAGE: Final = re.compile(
    r"OperationalError|InterfaceError|AMQP\w*Error|ConnectionError|ConnectionReset"
    r"|[Cc]onnect(?:ion)? (?:call )?failed|server closed the connection|connection pool exhausted"
    r"|reader exited abnormally|No active transport|Unexpected connection close"
)


class Outage:
    """Since when something is away, and when that is to be said. Used from any thread."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._since: datetime | None = None
        self._said_again_at = clock()

    def begin(self) -> datetime | None:
        """It is away, still or anew: since when, where that is to be said now."""
        now = self._clock()
        with self._lock:
            if self._since is None:
                self._since = now
            elif now < self._said_again_at:
                return None
            self._said_again_at = now + PAUSE
            return self._since

    def end(self) -> timedelta | None:
        """It answers: how long it was away, where it was."""
        with self._lock:
            since, self._since = self._since, None
        return None if since is None else self._clock() - since


class OutageLines(logging.Filter):
    """Lets a library say that a server is away in one line, once a minute from each place."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._said: dict[tuple[str, int], float] = {}
        self._left_out: dict[tuple[str, int], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record becomes a line; makes it one line."""
        if record.name.partition(".")[0] not in LIBRARIES:
            return True
        text = record.getMessage()
        cause = type(record.exc_info[1]).__name__ if record.exc_info else ""
        if not OF_AN_OUTAGE.search(f"{text} {cause}"):
            return True
        left_out = self._left_out_before(record)
        if left_out is None:
            return False
        said = [text.partition("\n")[0], cause, f"({left_out} more left out)" if left_out else ""]
        record.msg, record.args = " ".join(filter(None, said)), ()
        record.exc_info = record.exc_text = None
        return True

    def _left_out_before(self, record: logging.LogRecord) -> int | None:
        """How many lines were left out since the place last said something; None to leave out."""
        place = (record.pathname, record.lineno)
        with self._lock:
            is_first = place not in self._said
            if not is_first and record.created - self._said[place] < PAUSE.total_seconds():
                self._left_out[place] = self._left_out.get(place, 0) + 1
                return None
            self._said[place] = record.created
            return self._left_out.pop(place, 0)
