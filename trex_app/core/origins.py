"""Origins of web pages, in the one form in which a browser sends them."""

import re
from typing import Final

from trex_app.core.errors import FieldError, ValidationFailed

ORIGIN_LENGTH_MAX: Final = 300
LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN: Final = re.compile(rf"(https?)://({LABEL}(?:\.{LABEL})*)(?::([1-9][0-9]{{0,4}}))?")
DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
PORT_MAX: Final = 65535
LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1"})


def is_origin(text: str) -> bool:
    """Whether `text` is an origin exactly as a browser sends it.

    Nothing that passes can end a header, a directive of a policy or a word of a shell.
    """
    match = ORIGIN.fullmatch(text) if len(text) <= ORIGIN_LENGTH_MAX else None
    if match is None:
        return False
    scheme, _, port = match.groups()
    return port is None or (int(port) <= PORT_MAX and port != DEFAULT_PORTS[scheme])


def origin_from(text: str, field: str = "origin") -> str:
    """The origin that a person wrote, as a browser sends it. Raises ValidationFailed."""
    given = text.strip()
    scheme, separator, rest = given.partition("://")
    host, colon, port = rest.lower().rpartition(":")
    is_default = colon and port == DEFAULT_PORTS.get(scheme.lower())
    origin = f"{scheme.lower()}{separator}{host if is_default else rest.lower()}"
    if is_origin(origin):
        return origin
    raise ValidationFailed([FieldError(field, "origin", _advice(given), {"origin": given[:80]})])


def is_loopback(authority: str) -> bool:
    """Whether a Host header names this very machine, which browsers trust without TLS."""
    host = authority.rpartition(":")[0] if re.search(r":\d+$", authority) else authority
    return host in LOOPBACK_NAMES or host.endswith(".localhost") or host == "[::1]"


def _advice(given: str) -> str:
    """What is wrong with an origin, and how to write it."""
    if "*" in given:
        return (
            "“{origin}” stands for many pages. Name each origin by itself: whoever gets hold of "
            "one forgotten subdomain could otherwise show your journeys there."
        )
    if not given.lower().startswith(("https://", "http://")):
        return "“{origin}” has no scheme. Write an origin as https://www.example.com."
    if not given.isascii():
        return "“{origin}” is not written as browsers send it: use the xn-- form of the name."
    if re.search(r"://[^/?#]+[/?#]", given):
        return "“{origin}” is an address, not an origin: leave out everything behind the host."
    if "@" in given:
        return "“{origin}” holds a user name. Write an origin as https://www.example.com."
    return "“{origin}” is no origin. Write it as https://www.example.com, or with its port."
