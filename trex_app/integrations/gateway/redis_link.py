"""What several processes share about breakers, over a thread of its own that may wait.

No call to a partner ever waits for it, but for the first one, a moment. The thread also finds out
whether Redis is there at all, so that saved answers ask it only then.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Any

import orjson
import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from trex_app.core import telemetry
from trex_app.integrations.gateway.circuit import Circuit, Pause, State

TIMEOUT_SECONDS = 0.25
LOOK_SECONDS = 0.4
"""How often the others' breakers are looked at; also how soon a returned Redis is noticed."""
CLOSED_KEPT_SECONDS = 60
STOPPING_SECONDS = 2.0
PREFIX = "trex:gateway:breaker:"

log = structlog.get_logger(__name__)


def connection_options() -> dict[str, Any]:
    """Give up at once: whoever asks has something else to go on with."""
    return {
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 0,
    }


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one breaker, named so that everybody takes it in once."""

    id: str
    pause: Pause | None


class RedisLink:
    """Tells other processes of changes here, and follows theirs. The last change counts."""

    def __init__(self, url: str, circuits: Mapping[str, Circuit]) -> None:
        self._redis = Redis.from_url(url, **connection_options())  # pyright: ignore[reportUnknownMemberType]
        self._circuits = circuits
        self._lock = Lock()
        self._thread: Thread | None = None
        self._to_tell: set[str] = set()
        self._known: dict[str, str] = {}
        self._wake = Event()
        self._looked = Event()
        self._stopping = Event()
        self._is_up: bool | None = None

    @property
    def is_up(self) -> bool:
        """Whether Redis answered the last time."""
        return self._is_up is True

    def went_down(self, error: Exception) -> None:
        """Note that Redis did not answer; the thread notices when it does again."""
        if self._is_up is not False:
            log.warning("gateway_alone_without_redis", error=type(error).__name__)
        self._is_up = False
        telemetry.GATEWAY_REDIS.set(0)

    def tell(self, circuit: Circuit) -> None:
        """Let the others know of a change, as soon as Redis is there."""
        with self._lock:
            self._to_tell.add(circuit.partner)
        self._wake.set()

    async def ready(self) -> None:
        """Wait a moment for the first look at what the others know."""
        if self._looked.is_set():
            return
        self.start()
        await asyncio.to_thread(self._looked.wait, 2 * TIMEOUT_SECONDS)
        # Whatever the look found: nobody waits for it a second time.
        self._looked.set()

    def start(self) -> None:
        """Begin, once."""
        with self._lock:
            if self._thread is None and not self._stopping.is_set():
                self._thread = Thread(target=self._run, name="gateway-redis", daemon=True)
                self._thread.start()

    async def aclose(self) -> None:
        """Stop the thread."""
        with self._lock:
            self._stopping.set()
            thread = self._thread
        self._wake.set()
        if thread is not None:
            await asyncio.to_thread(thread.join, STOPPING_SECONDS)
        self._redis.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._tell_changes()
                self._follow_changes()
            except (RedisError, OSError) as error:
                self.went_down(error)
            else:
                self._went_up()
            self._looked.set()
            # A change here is told at once, but not to a Redis that is away.
            (self._wake if self._is_up else self._stopping).wait(LOOK_SECONDS)

    def _went_up(self) -> None:
        if self._is_up is not True:
            log.info("gateway_shares_over_redis")
        self._is_up = True
        telemetry.GATEWAY_REDIS.set(1)

    def _tell_changes(self) -> None:
        with self._lock:
            partners = sorted(self._to_tell)
        for partner in partners:
            with self._lock:
                # Before it is looked at: what changes while it is told is to be told as well.
                self._to_tell.discard(partner)
            try:
                self._tell_change(partner)
            except (RedisError, OSError):
                with self._lock:
                    self._to_tell.add(partner)
                raise

    def _tell_change(self, partner: str) -> None:
        state, pause = self._circuits[partner].standing()
        if state is State.HALF_OPEN:
            return
        change = Change(secrets.token_hex(8), pause)
        self._write(partner, change)
        self._known[partner] = change.id

    def _write(self, partner: str, change: Change) -> None:
        pause = change.pause
        kept_ms = CLOSED_KEPT_SECONDS * 1000
        if pause is not None:
            kept_ms = max(1, int(pause.seconds_left * 1000))
        value = orjson.dumps({"id": change.id, "pauses": pause.count if pause else 0})
        self._redis.set(PREFIX + partner, value, px=kept_ms)

    def _follow_changes(self) -> None:
        pipeline = self._redis.pipeline()  # pyright: ignore[reportUnknownMemberType]
        for partner in self._circuits:
            pipeline.get(PREFIX + partner)
            pipeline.pttl(PREFIX + partner)
        found: list[Any] = pipeline.execute()
        for number, partner in enumerate(self._circuits):
            change = _change(found[2 * number], found[2 * number + 1])
            if change is not None and self._known.get(partner) != change.id:
                self._known[partner] = change.id
                self._circuits[partner].adopt(change.pause)


def _change(stored: bytes | None, left_ms: int) -> Change | None:
    """None where nothing is said, or another version said it."""
    if stored is None or left_ms <= 0:
        return None
    try:
        said = orjson.loads(stored)
        count = int(said["pauses"])
        return Change(str(said["id"]), Pause(left_ms / 1000, count) if count else None)
    except (ValueError, KeyError, TypeError):
        return None
