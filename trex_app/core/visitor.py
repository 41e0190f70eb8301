"""Who sits at the browser: a random token in a cookie, the page's own credential."""

import re
import secrets

COOKIE_NAME = "trex_visitor"
SECURE_COOKIE_NAME = "__Host-trex_visitor"
"""Over https: browsers take a cookie of this name from the very host only, not from a neighbour."""
FRAMED_COOKIE_NAME = "trex_framed_visitor"
SECURE_FRAMED_COOKIE_NAME = "__Host-trex_framed_visitor"
"""Of a page in somebody else's page: a cookie of its own, kept apart for each site around it."""
TOKEN_BYTES = 32
TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes, as urlsafe base64 without padding


def new_visitor() -> str:
    """A token for a visitor who has none."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def cookie_name(*, is_secure: bool) -> str:
    """The name of the visitor cookie, by whether it is a Secure one."""
    return SECURE_COOKIE_NAME if is_secure else COOKIE_NAME


def framed_cookie_name(*, is_secure: bool) -> str:
    """The name of the visitor cookie in frames, by whether the site is on https."""
    return SECURE_FRAMED_COOKIE_NAME if is_secure else FRAMED_COOKIE_NAME


def visitor_of(cookie_header: str, *, is_secure: bool) -> str | None:
    """The visitor token in a Cookie header; None where it is absent or not one of ours.

    Over https the plain name counts for nothing: a page of a neighbouring subdomain can set it.
    """
    return _token_in(cookie_header, cookie_name(is_secure=is_secure))


def framed_visitor_of(cookie_header: str, *, is_secure: bool) -> str | None:
    """The same for a page in a frame."""
    return _token_in(cookie_header, framed_cookie_name(is_secure=is_secure))


def is_visitor(token: str) -> bool:
    """Whether a token looks like one of ours."""
    return TOKEN_PATTERN.fullmatch(token) is not None


def _token_in(cookie_header: str, own_name: str) -> str | None:
    for pair in cookie_header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == own_name and is_visitor(value):
            return value
    return None
