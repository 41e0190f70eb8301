"""What a browser may do on a plain page, and who may put it into a frame. Said here only."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from fastapi import Request
from starlette.responses import Response

FrameAncestors: TypeAlias = Callable[[Request], Sequence[str]]
"""Who may frame the page that a request asks for, as CSP sources; nobody where it is empty."""

DIRECTIVES: Final = (
    "default-src 'none'",
    "script-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
)


def content_policy(ancestors: Sequence[str] = ()) -> str:
    """The policy of every plain page: no script at all, and nothing from another site."""
    framed_by = " ".join(ancestors) or "'none'"
    return "; ".join([*DIRECTIVES, f"frame-ancestors {framed_by}"])


def policy_of(request: Request) -> str:
    """The policy of the page that this request asks for."""
    frame_ancestors: FrameAncestors = request.app.state.frame_ancestors
    return content_policy(frame_ancestors(request))


def framed_by_nobody(response: Response) -> Response:
    """A page that no site may frame, a tenant's neither: a click on it must be meant for it."""
    response.headers["content-security-policy"] = content_policy()
    response.headers["x-frame-options"] = "DENY"
    return response
