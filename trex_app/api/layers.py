"""What stands around the addresses that we answer ourselves, and around nothing else.

Reflex mounts its pages and its websocket into the API's application, so a middleware of the whole
application would also count, limit and log those.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

from trex_app.display.addresses import is_plain_html

Layer: TypeAlias = Callable[[ASGIApp], ASGIApp]

API_PREFIX = "/api/"
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
FILES_SEGMENT = "/-/files/"
"""Part of the address of every file that the plain pages draw with."""


class ApiLayers:
    """ASGI middleware: `layers`, outermost first, around the addresses that `is_inside` names."""

    def __init__(
        self, app: ASGIApp, *, layers: Sequence[Layer], is_inside: Callable[[str], bool]
    ) -> None:
        self.is_inside = is_inside
        self.outside = app
        self.inside = app
        for layer in reversed(layers):
            self.inside = layer(self.inside)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request through the layers if it is for one of those addresses."""
        is_ours = scope["type"] == "http" and self.is_inside(scope["path"])
        await (self.inside if is_ours else self.outside)(scope, receive, send)


def is_api_path(path: str) -> bool:
    """Whether an address belongs to the API: everything under /api/, and the probes."""
    return path.startswith(API_PREFIX) or path in PROBES


def is_limited_path(path: str) -> bool:
    """Whether requests to an address are counted: probes and files of pages are not."""
    return path.startswith(API_PREFIX) or (is_plain_html(path) and FILES_SEGMENT not in path)
