"""The links of our messages, pasted into a form: what they open, kept by the browser for a while.

Their secret stands behind the `#` of the address, which browsers send to nobody. Without scripts
it comes here by a form, and stays out of every address and log.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from trex_app.api.installation import container_of
from trex_app.api.plain.cookies import keep_cookie
from trex_app.display.addresses import plain_path

STATUS_COOKIE: Final = "trex_status_pass"
DATA_COOKIE: Final = "trex_data_pass"
PASS_SECONDS: Final = 15 * 60
"""How long a browser goes on opening what a link led to: long enough to read it in peace."""

LINK_LENGTH_MAX: Final = 2000
_AROUND: Final = re.compile(r"[\s<>]+")
"""What mail programs break long links with, or put around them."""
_STATUS: Final = re.compile(r"/status/([A-Za-z0-9-]{4,16})")
_RESUME: Final = re.compile(r"/(?:h/-/)?resume/([A-Za-z0-9_-]{1,100})")
_REFERENCE: Final = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+")
_SECRET: Final = re.compile(r"[A-Za-z0-9._~-]{1,400}")


@dataclass(frozen=True, slots=True)
class MessageLink:
    """Where a link leads, as the parts of a plain address, and the secret it brings along."""

    parts: tuple[str, ...]
    cookie: str = ""
    secret: str = ""


def read_link(typed: str) -> MessageLink | None:
    """What somebody pasted: a link of ours, or just a reference. None where it is neither."""
    text = _AROUND.sub("", typed)[:LINK_LENGTH_MAX]
    if _REFERENCE.fullmatch(text):
        return MessageLink(("status", text.upper()))
    try:
        address = urlsplit(text)
    except ValueError:
        return None
    secret = address.fragment if _SECRET.fullmatch(address.fragment) else ""
    return _opened(plain_path(address.path).rstrip("/"), secret)


def _opened(path: str, secret: str) -> MessageLink | None:
    if found := _STATUS.fullmatch(path):
        return MessageLink(("status", found[1].upper()), STATUS_COOKIE, secret)
    if found := _RESUME.fullmatch(path):
        return MessageLink(("resume", found[1]))
    if path == "/your-data" and secret:
        return MessageLink(("your-data",), DATA_COOKIE, secret)
    return None


def keep_pass(request: Request, response: Response, name: str, secret: str) -> Response:
    """Have the browser bring the secret along from now on, for a while."""
    keep_cookie(request, response, _cookie_name(request, name), secret, seconds=PASS_SECONDS)
    return response


def kept_pass(request: Request, name: str) -> str:
    """The secret that the browser brings along; empty without one."""
    secret = request.cookies.get(_cookie_name(request, name), "")
    return secret if _SECRET.fullmatch(secret) else ""


def _cookie_name(request: Request, name: str) -> str:
    return f"__Host-{name}" if container_of(request).settings.has_secure_cookies else name
