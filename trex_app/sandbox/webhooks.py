"""Sending webhooks: signed, in order for each check, and again until they are received."""

import asyncio
import hashlib
import hmac
import http.client
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from trex_app.core.clock import Clock
from trex_app.sandbox.ledger import Ledger

SECRET: Final = "sandbox-webhook-secret"  # noqa: S105 - it guards nothing: it is documented
PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
TIMEOUT_S: Final = 5.0
ATTEMPTS_SHOWN: Final = 200

# Of the standard library: a process without settings sends it to stderr, the app where it logs.
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One event, as it is sent."""

    event_id: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery of one event; `outcome` is the status, or why there was none."""

    at: datetime
    url: str
    event_id: str
    kind: str
    outcome: str
    has_arrived: bool


class Webhooks:
    """Sends events in the background of the running loop."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        pause: Callable[[float], Awaitable[object]],
        secret: str = SECRET,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._pause = pause
        self._secret = secret.encode()
        self._waiting: list[tuple[str, datetime, Sequence[Webhook]]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_running = False
        self.attempts: deque[Attempt] = deque(maxlen=ATTEMPTS_SHOWN)

    def send(self, url: str, not_before: datetime, webhooks: Sequence[Webhook]) -> None:
        """Send the events one after the other, from a moment on."""
        if not self._is_running:
            self._waiting.append((url, not_before, webhooks))
            return
        task = asyncio.get_running_loop().create_task(self._deliver(url, not_before, webhooks))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def start(self) -> None:
        """Begin sending; what a journal left unsent goes first."""
        self._is_running = True
        waiting, self._waiting = self._waiting, []
        for url, not_before, webhooks in waiting:
            self.send(url, not_before, webhooks)

    def forget(self) -> None:
        """Send nothing more of what was to be sent."""
        self._waiting.clear()
        for task in self._tasks:
            task.cancel()
        self.attempts.clear()

    def stop(self) -> None:
        """Stop sending."""
        self._is_running = False
        for task in self._tasks:
            task.cancel()

    async def _deliver(self, url: str, not_before: datetime, webhooks: Sequence[Webhook]) -> None:
        await self._pause(max(0.0, (not_before - self._clock()).total_seconds()))
        for number, webhook in enumerate(webhooks):
            # A duplicate has the id of what it repeats; its place makes it a delivery of its own.
            delivery = f"{webhook.event_id}#{number}"
            if not self._ledger.has_arrived(delivery):
                await self._deliver_one(url, webhook, delivery)

    async def _deliver_one(self, url: str, webhook: Webhook, delivery: str) -> None:
        for pause_s in (*PAUSES_S, None):
            outcome, has_arrived = await self._attempt(url, webhook)
            attempt = Attempt(
                self._clock(), url, webhook.event_id, webhook.body["type"], outcome, has_arrived
            )
            self.attempts.append(attempt)
            self._ledger.changes += 1
            if has_arrived:
                self._ledger.webhook_arrived(delivery)
                return
            if pause_s is not None:
                await self._pause(pause_s)
            if not self._is_running:
                return
        _log.warning("webhook %s given up", webhook.event_id)

    async def _attempt(self, url: str, webhook: Webhook) -> tuple[str, bool]:
        body = json.dumps(webhook.body, ensure_ascii=False).encode()
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-Credit-Timestamp": timestamp,
            "X-Credit-Signature": signature(self._secret, timestamp, body),
        }
        try:
            status = await asyncio.to_thread(_post, urlsplit(url), body, headers)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__, False
        return str(status), 200 <= status < 300


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """The signature of a body that is sent at a moment."""
    signed = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={signed.hexdigest()}"


def _post(url: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
    """Post to an address; the status. Follows no redirect. Raises OSError, HTTPException."""
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=TIMEOUT_S)
    try:
        target = f"{url.path or '/'}{'?' + url.query if url.query else ''}"
        connection.request("POST", target, body, dict(headers))
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()
