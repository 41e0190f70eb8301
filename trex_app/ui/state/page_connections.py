"""What open pages hear while Redis is away, which holds what those pages hold.

What somebody does on a page then waits at the door. The page says that the server is out of
reach, as it does of itself where the connection is lost, and goes on when Redis answers.
"""

import asyncio
from typing import Any, Final

import reflex as rx
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER
from socketio.exceptions import ConnectionRefusedError as Refused

from trex_app.ui.state.notice import NoticeState

ANSWERS_WITHIN_SECONDS: Final = 1.0
PAUSE_SECONDS: Final = 0.5
MOST_WAITING: Final = 8
"""Events of one page. Who presses again and again is served once it can be."""
WAITING: Final = f"is_waiting{FIELD_MARKER}"

log = structlog.get_logger(__name__)


class PageConnections:
    """Lets in what pages send once Redis answers, and tells those that have to wait."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._lines: dict[str, _Line] = {}

    @classmethod
    def over(cls, redis_url: str) -> "PageConnections":
        """Ask this Redis, and take no answer for one soon."""
        return cls(
            Redis.from_url(
                redis_url,
                socket_timeout=ANSWERS_WITHIN_SECONDS,
                socket_connect_timeout=ANSWERS_WITHIN_SECONDS,
                retry=Retry(NoBackoff(), 0),
            )
        )

    def watch(self, app: rx.App) -> None:
        """Stand before everything that the pages of this app send."""
        namespace = app.event_namespace
        if namespace is None:
            raise TypeError("An app without a state has no pages to watch.")
        connect, take = namespace.on_connect, namespace.on_event

        async def connect_if_served(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
            if not await self._answers():
                # The browser tries again, ever less often, and says so.
                raise Refused("Redis is away.")
            await connect(sid, environ, auth)

        async def take_once_served(sid: str, data: Any) -> None:
            if await self._may_pass(namespace, sid):
                await take(sid, data)

        namespace.on_connect, namespace.on_event = connect_if_served, take_once_served

    async def _may_pass(self, namespace: Any, sid: str) -> bool:
        """Wait until Redis answers; False where the page has gone, or sends too much meanwhile.

        One after the other: what somebody typed must not come after the button they pressed then.
        """
        line = self._lines.setdefault(sid, _Line())
        if line.stands_still and line.length >= MOST_WAITING:
            return False
        line.length += 1
        try:
            async with line.turn:
                return await self._answers() or await self._has_waited(namespace, sid, line)
        finally:
            line.length -= 1
            if line.length == 0:
                del self._lines[sid]

    async def _has_waited(self, namespace: Any, sid: str, line: "_Line") -> bool:
        log.warning("page_event_without_redis")
        line.stands_still = True
        try:
            await _tell(namespace, sid, is_waiting=True)
            while sid in namespace.sid_to_token:
                await asyncio.sleep(PAUSE_SECONDS)
                if await self._answers():
                    await _tell(namespace, sid, is_waiting=False)
                    return True
            return False
        finally:
            line.stands_still = False

    async def _answers(self) -> bool:
        try:
            return bool(await self._redis.execute_command("PING"))
        except (RedisError, OSError):
            return False


class _Line:
    """What one page sent and has not been let in yet, in the order it came."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.length = 0
        self.stands_still = False


async def _tell(namespace: Any, sid: str, *, is_waiting: bool) -> None:
    """Change what the page shows without its state, which is out of reach."""
    token = namespace.sid_to_token.get(sid)
    if token is not None:
        delta = {NoticeState.get_full_name(): {WAITING: is_waiting}}
        await namespace.emit_update(StateUpdate(delta=delta), token)
