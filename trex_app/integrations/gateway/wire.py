"""The only code that speaks HTTP to partners."""

import ssl
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from trex_app import __version__
from trex_app.core import telemetry
from trex_app.core.errors import PartnerRefused
from trex_app.integrations.gateway.fault import PartnerFault
from trex_app.integrations.gateway.message import SAFE_METHODS, Outgoing, Reply

MOST_REDIRECTS = 3
COMES_LATER = frozenset({408, 425, 429})
"""Refusals that are about the moment and not about the request."""
UNAUTHORISED = frozenset({401, 403, 407})
"""Refusals that are about our credentials, expired ones say, and not about the request."""
LONGEST_RETRY_AFTER_SECONDS = 3600.0


class Wire:
    """Connections of one event loop to all partners.

    Keeps no cookies, reads no proxy from the environment, and follows a redirect only within the
    partner's own origin. Times out never: the caller's deadline cancels it.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            transport=transport,
            verify=_trusted_certificates(),
            timeout=None,  # noqa: S113 - the deadline of the call covers every phase
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=64),
            max_redirects=MOST_REDIRECTS,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": f"T-Rex/{__version__}"},
            event_hooks={"request": [_stay_at_home]},
        )

    async def send(
        self, base_url: str, outgoing: Outgoing, most_bytes: int, now: datetime
    ) -> Reply:
        """Ask and read the whole answer.

        Raises PartnerRefused for a 4xx that is about the request, PartnerFault for everything else
        that is no answer.
        """
        request = self._request(base_url, outgoing)
        try:
            response = await self._client.send(
                request,
                auth=outgoing.auth,
                stream=True,
                follow_redirects=outgoing.method in SAFE_METHODS,
            )
            try:
                _raise_for_status(response, outgoing.partner, now)
                content = await _body(response, most_bytes)
            finally:
                await response.aclose()
        except httpx.DecodingError as error:
            raise PartnerFault("malformed") from error
        except httpx.TooManyRedirects as error:
            raise PartnerFault("error") from error
        except httpx.HTTPError as error:
            raise PartnerFault("connection") from error
        return Reply(response.status_code, dict(response.headers), content)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    def _request(self, base_url: str, outgoing: Outgoing) -> httpx.Request:
        headers = {**(outgoing.headers or {})}
        if outgoing.idempotency_key is not None and outgoing.method not in SAFE_METHODS:
            headers["Idempotency-Key"] = outgoing.idempotency_key
        correlation_id = telemetry.correlation_id()
        if correlation_id is not None:
            headers["X-Correlation-Id"] = correlation_id
        request = self._client.build_request(
            outgoing.method,
            base_url.rstrip("/") + outgoing.path,
            params=outgoing.params,
            json=outgoing.json,
            content=outgoing.content,
            data=outgoing.form,
            headers=headers,
        )
        request.extensions["home"] = _origin(request.url)
        return request


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


async def _stay_at_home(request: httpx.Request) -> None:
    """Refuse the request that a redirect to somewhere else would make."""
    if _origin(request.url) != request.extensions["home"]:
        raise PartnerFault("error")


def _raise_for_status(response: httpx.Response, partner: str, now: datetime) -> None:
    status = response.status_code
    if response.is_success:
        return
    if status in COMES_LATER:
        raise PartnerFault("limited", _retry_after(response.headers, now), status=status)
    if status in UNAUTHORISED:
        raise PartnerFault("unauthorised", status=status)
    if response.is_client_error:
        raise PartnerRefused(partner, status)
    raise PartnerFault("error", _retry_after(response.headers, now), status=status)


async def _body(response: httpx.Response, most_bytes: int) -> bytes:
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most_bytes:
        raise PartnerFault("malformed")
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > most_bytes:
            raise PartnerFault("malformed")
        parts.append(part)
    return b"".join(parts)


def _retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds, from a number or a date; None where it says neither."""
    given = headers.get("retry-after", "").strip()
    if given.isdecimal():
        seconds = float(given)
    else:
        try:
            seconds = (parsedate_to_datetime(given) - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_SECONDS)


@cache
def _trusted_certificates() -> ssl.SSLContext:
    """Loading them takes longer than a call; every event loop uses the same."""
    return httpx.create_ssl_context(trust_env=False)
