"""Cookies of plain pages: the browser's own, or those of the frame that a page stands in."""

from fastapi import Request
from starlette.responses import Response

from trex_app.api.framing import FRAMED_COOKIE, is_framed
from trex_app.api.installation import container_of


def keep_cookie(
    request: Request, response: Response, name: str, value: str, *, seconds: int
) -> None:
    """Have the browser bring `value` along for so long; in a frame, for the site around it only.

    The value must be of characters that a cookie may hold.
    """
    is_secure = container_of(request).settings.has_secure_cookies
    attributes = "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if is_secure else "")
    if is_framed(request.scope):
        attributes = FRAMED_COOKIE
    response.headers.append("set-cookie", f"{name}={value}; {attributes}; Max-Age={seconds}")
