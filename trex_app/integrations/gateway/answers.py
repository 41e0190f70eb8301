"""Answers that were given before: in this process, and in Redis for all processes."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Protocol

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from trex_app.integrations.gateway.message import Reply
from trex_app.integrations.gateway.redis_link import TIMEOUT_SECONDS, connection_options

KEPT_BYTES = 32 * 1024 * 1024
ENTRY_OVERHEAD_BYTES = 512
KEPT_HEADERS = frozenset({"content-type"})
PREFIX = "trex:gateway:answer:"


@dataclass(frozen=True, slots=True)
class SavedReply:
    """A reply, and when (UTC) the partner gave it."""

    reply: Reply
    as_of: datetime

    def age_seconds(self, now: datetime) -> float:
        """How old it is."""
        return (now - self.as_of).total_seconds()


class Answers:
    """Recent replies by the hash of their question; the least used go first. Thread-safe."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._lock = Lock()
        self._replies: OrderedDict[str, SavedReply] = OrderedDict()
        self._bytes = 0

    def find(self, key: str) -> SavedReply | None:
        """The reply to a question."""
        with self._lock:
            saved = self._replies.get(key)
            if saved is not None:
                self._replies.move_to_end(key)
            return saved

    def save(self, key: str, saved: SavedReply) -> None:
        """Keep a reply in place of an older one."""
        with self._lock:
            before = self._replies.pop(key, None)
            if before is not None:
                self._bytes -= _size(before)
            self._replies[key] = saved
            self._bytes += _size(saved)
            while self._bytes > self._kept_bytes:
                _, dropped = self._replies.popitem(last=False)
                self._bytes -= _size(dropped)


class Link(Protocol):
    """What is known about Redis, together with the shared breakers."""

    @property
    def is_up(self) -> bool:
        """Whether it is worth asking."""
        ...

    def went_down(self, error: Exception) -> None:
        """Note that it did not answer."""
        ...


class SharedAnswers:
    """The same in Redis, over the connections of one event loop. Never raises, seldom waits."""

    def __init__(self, url: str, link: Link) -> None:
        self._redis = Redis.from_url(url, **connection_options())  # pyright: ignore[reportUnknownMemberType]
        self._link = link

    async def find(self, key: str) -> SavedReply | None:
        """The reply to a question; None also while Redis is away."""
        if not self._link.is_up:
            return None
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                stored = await self._redis.get(PREFIX + key)
        except (RedisError, OSError) as error:
            self._link.went_down(error)
            return None
        return None if stored is None else _from_bytes(stored)

    async def save(self, key: str, saved: SavedReply, kept_seconds: float) -> None:
        """Keep a reply for so long."""
        if not self._link.is_up:
            return
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._redis.set(PREFIX + key, _to_bytes(saved), px=int(kept_seconds * 1000))
        except (RedisError, OSError) as error:
            self._link.went_down(error)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


def kept(reply: Reply, as_of: datetime) -> SavedReply:
    """What is worth keeping of a reply."""
    headers = {name: value for name, value in reply.headers.items() if name in KEPT_HEADERS}
    return SavedReply(Reply(reply.status, headers, reply.content), as_of)


def _size(saved: SavedReply) -> int:
    return len(saved.reply.content) + ENTRY_OVERHEAD_BYTES


def _to_bytes(saved: SavedReply) -> bytes:
    head = orjson.dumps([saved.as_of.timestamp(), saved.reply.status, dict(saved.reply.headers)])
    return head + b"\n" + saved.reply.content


def _from_bytes(stored: bytes) -> SavedReply | None:
    """None for what another version has written."""
    head, _, content = stored.partition(b"\n")
    try:
        as_of, status, headers = orjson.loads(head)
        return SavedReply(_reply(status, headers, content), datetime.fromtimestamp(as_of, UTC))
    except (ValueError, TypeError):
        return None


def _reply(status: int, headers: Mapping[str, str], content: bytes) -> Reply:
    return Reply(int(status), dict(headers), content)
