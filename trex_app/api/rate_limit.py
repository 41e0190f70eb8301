"""How often one client may ask: a sliding minute, counted here or in Redis for many processes."""

import math
from datetime import datetime, timedelta

import structlog
from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from starlette.types import ASGIApp, Receive, Scope, Send

from trex_app.api.client_address import TrustedProxies
from trex_app.api.layers import is_limited_path
from trex_app.core.clock import Clock, utc_now
from trex_app.core.errors import RateLimited
from trex_app.core.settings import Settings

MAILS_PER_HOUR = 5
REQUESTS_PER_TICKET = 5
"""A frame needs one ticket for each time it opens its socket, so far fewer than requests."""
REDIS_TIMEOUT_SECONDS = 0.5
REDIS_PAUSE = timedelta(seconds=10)
WEBHOOKS_PREFIX = "/api/webhooks/"
WEBHOOKS_PER_MINUTE = 6000
"""A partner sends for all people at once; what it sends is counted apart from what people do."""

log = structlog.get_logger(__name__)


class RateLimits:
    """The limits of this installation. Counts in memory while Redis is away or not configured."""

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        self._requests = RateLimitItemPerMinute(settings.requests_per_minute, namespace="requests")
        self._starts = RateLimitItemPerMinute(settings.starts_per_minute, namespace="starts")
        self._webhooks = RateLimitItemPerMinute(WEBHOOKS_PER_MINUTE, namespace="webhooks")
        self._mails = RateLimitItemPerHour(MAILS_PER_HOUR, namespace="mails")
        tickets = max(1, settings.requests_per_minute // REQUESTS_PER_TICKET)
        self._tickets = RateLimitItemPerMinute(tickets, namespace="tickets")
        self._clock = clock
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = _shared_counter(settings.redis_url) if settings.redis_url else None
        self._shared_from: datetime | None = None

    async def admit_request(self, client: str) -> None:
        """Count a request. Raises RateLimited."""
        await self._admit(self._requests, client)

    async def admit_start(self, client: str) -> None:
        """Count a new session. Raises RateLimited."""
        await self._admit(self._starts, client)

    async def admit_ticket(self, client: str) -> None:
        """Count a ticket for a frame. Raises RateLimited."""
        await self._admit(self._tickets, client)

    async def admit_webhook(self, client: str) -> None:
        """Count a partner's message. Raises RateLimited."""
        await self._admit(self._webhooks, client)

    async def admit_mail(self, whose: str) -> None:
        """Count a mail to an address that somebody typed, by session or address."""
        await self._admit(self._mails, whose)

    async def _admit(self, limit: RateLimitItem, client: str) -> None:
        if self._shared is not None and self._is_redis_worth_asking():
            try:
                await self._hit(self._shared, limit, client)
            except StorageError as error:
                self._shared_from = self._clock() + REDIS_PAUSE
                log.warning("rate_limits_in_memory_without_redis", error=str(error))
            else:
                return
        await self._hit(self._own, limit, client)

    def _is_redis_worth_asking(self) -> bool:
        return self._shared_from is None or self._clock() >= self._shared_from

    async def _hit(
        self, counter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, client: str
    ) -> None:
        if not await counter.hit(limit, client):
            window = await counter.get_window_stats(limit, client)
            left_seconds = window.reset_time - self._clock().timestamp()
            raise RateLimited(max(1, math.ceil(left_seconds)))


class RateLimit:
    """ASGI middleware: counts each request to the API by the address it came from."""

    def __init__(self, app: ASGIApp, *, limits: RateLimits, proxies: TrustedProxies) -> None:
        self.app = app
        self.limits = limits
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless its client asks too often."""
        if is_limited_path(scope["path"]):
            is_webhook = scope["path"].startswith(WEBHOOKS_PREFIX)
            admit = self.limits.admit_webhook if is_webhook else self.limits.admit_request
            await admit(self.proxies.client_of(scope))
        await self.app(scope, receive, send)


async def admit_start(request: Request) -> None:
    """A route's dependency: counts a new session by the address that asks for it."""
    client = request.app.state.proxies.client_of(request.scope)
    await request.app.state.limits.admit_start(client)


async def admit_ticket(request: Request) -> None:
    """A route's dependency: counts a ticket by the address that asks for it."""
    client = request.app.state.proxies.client_of(request.scope)
    await request.app.state.limits.admit_ticket(client)


def _shared_counter(redis_url: str) -> SlidingWindowCounterRateLimiter:
    storage = RedisStorage(
        f"async+{redis_url}",
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix="trex:limits",
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
    )
    return SlidingWindowCounterRateLimiter(storage)
