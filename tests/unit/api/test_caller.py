"""Who asks is read from the bearer token, or from cookies that our own pages sent."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request
from starlette.responses import Response

from tests.installation import TestSettings
from trex_app.api.caller import (
    RESTART_TIME,
    caller_of,
    hand_out_credential,
    new_caller_of,
    session_cookie_of,
    take_back_credential,
)
from trex_app.core.errors import OriginNotAllowed, Unauthenticated
from trex_app.services.views import Caller

OWN = "https://journeys.example"
VISITOR = "v" * 43
COOKIES = f"theme=dark; __Host-trex_visitor={VISITOR}; trex_session_one=t1; trex_session_two=t2"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KNOWN = Caller(visitor=VISITOR, tokens=frozenset({"t1", "t2"}))


def request(method: str = "POST", origin_of_ours: str = OWN, **headers: str) -> Request:
    settings = TestSettings(public_origin=origin_of_ours)
    state = SimpleNamespace(container=SimpleNamespace(settings=settings, clock=lambda: NOW))
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": "/api/workflow/transition",
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ],
        "app": SimpleNamespace(state=state),
    }
    return Request(scope)


async def test_a_bearer_token_is_a_credential() -> None:
    assert (await caller_of(request(authorization="Bearer secret"))).tokens == {"secret"}


async def test_the_scheme_is_read_in_any_case() -> None:
    assert (await caller_of(request(authorization="bearer  secret "))).tokens == {"secret"}


async def test_with_a_bearer_token_cookies_do_not_count() -> None:
    asked = request(authorization="Bearer secret", cookie=COOKIES, origin="https://evil.example")
    assert await caller_of(asked) == Caller(tokens=frozenset({"secret"}))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer "},
        {"authorization": "Basic c2VjcmV0"},
        {"cookie": "theme=dark; __Host-trex_visitor=short; trex_session_one="},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_without_any_credential_nobody_asks(method: str, headers: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated):
        await caller_of(request(method, **headers))


@pytest.mark.parametrize("headers", [{"origin": OWN}, {"sec_fetch_site": "same-origin"}, {}])
async def test_cookies_of_our_own_page_or_of_a_program_are_credentials(
    headers: dict[str, str],
) -> None:
    assert await caller_of(request(cookie=COOKIES, **headers)) == KNOWN


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://evil.example", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "none"},
    ],
)
async def test_cookies_change_nothing_for_another_page(headers: dict[str, str]) -> None:
    with pytest.raises(OriginNotAllowed):
        await caller_of(request(cookie=COOKIES, **headers))
    assert await new_caller_of(request(cookie=COOKIES, **headers)) == Caller()


async def test_looking_is_allowed_from_anywhere_since_cors_keeps_the_answer() -> None:
    assert await caller_of(request("GET", cookie=COOKIES)) == KNOWN


async def test_a_new_session_needs_no_credential() -> None:
    assert await new_caller_of(request()) == Caller()


async def test_a_new_session_belongs_to_the_visitor_of_our_page() -> None:
    assert await new_caller_of(request(cookie=COOKIES, origin=OWN)) == KNOWN


async def test_a_new_session_takes_a_bearer_token_for_the_way_back() -> None:
    assert (await new_caller_of(request(authorization="Bearer secret"))).tokens == {"secret"}


async def test_without_a_wish_the_session_keeps_its_language() -> None:
    assert (await caller_of(request(authorization="Bearer x"))).locale is None


async def test_the_language_is_the_one_the_browser_asks_for() -> None:
    asked = request(authorization="Bearer x", accept_language="fr;q=0.9, de-AT;q=0.8, en;q=0.1")
    assert (await caller_of(asked)).locale == "de"


@pytest.mark.parametrize("is_secure", [True, False])
def test_the_credential_is_out_of_reach_of_scripts(*, is_secure: bool) -> None:
    asked = request(origin_of_ours=OWN if is_secure else "http://journeys.example")
    name_and_value, *attributes = handed_out(asked, NOW)
    assert name_and_value == "trex_session_some-id=token"
    assert {"HttpOnly", "Path=/api", "SameSite=lax"} <= set(attributes)
    assert ("Secure" in attributes) is is_secure


def test_the_credential_lives_as_long_as_its_session_can_be_taken_up() -> None:
    attributes = handed_out(request(), NOW + timedelta(hours=72))
    lifetime = timedelta(hours=72) + RESTART_TIME
    assert f"Max-Age={int(lifetime.total_seconds())}" in attributes


def test_the_credential_of_a_session_long_gone_is_removed() -> None:
    assert "Max-Age=0" in handed_out(request(), NOW - RESTART_TIME - timedelta(days=1))


def test_a_credential_is_taken_back_where_it_was_put() -> None:
    response = Response()
    take_back_credential(response, "some-id")
    name_and_value, *attributes = response.headers["set-cookie"].split("; ")
    assert name_and_value == 'trex_session_some-id=""'
    assert {"Max-Age=0", "Path=/api"} <= set(attributes)


def test_the_cookie_of_a_session_is_found_by_its_id() -> None:
    assert session_cookie_of(request(cookie=COOKIES), "two") == "t2"
    assert session_cookie_of(request(cookie=COOKIES), "three") is None


def handed_out(asked: Request, expires_at: datetime) -> list[str]:
    """The parts of the Set-Cookie header of a session's credential."""
    response = Response()
    hand_out_credential(asked, response, "some-id", "token", expires_at)
    return response.headers["set-cookie"].split("; ")
