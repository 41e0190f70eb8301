"""The app with a count of its sockets: how many were opened, and how many are open."""

from pathlib import Path

from starlette.types import Receive, Scope, Send

from trex_app.api.origin_guard import OriginGuard
from trex_app.core.settings import get_settings
from trex_app.ui.build import serve

SERVE_COUNTING_SOCKETS = "from tests.e2e.embed.counted_sockets import serve_it; serve_it()"
COUNT_FILE = "sockets"


def sockets_of(folder: Path) -> tuple[int, int]:
    """How many sockets of the app in `folder` were opened so far, and how many still are."""
    file = folder / COUNT_FILE
    opened, still_open = file.read_text().split() if file.exists() else (0, 0)
    return int(opened), int(still_open)


def serve_it() -> None:
    """Serve the built pages, and write every change of the count into the data folder."""
    pass_on = OriginGuard.__call__
    file = get_settings().data_dir / COUNT_FILE
    opened = still_open = 0

    def note() -> None:
        draft = file.with_suffix(".draft")
        draft.write_text(f"{opened} {still_open}")
        draft.replace(file)

    async def counted(self: OriginGuard, scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal opened, still_open
        if scope["type"] != "websocket":
            await pass_on(self, scope, receive, send)
            return
        opened, still_open = opened + 1, still_open + 1
        note()
        try:
            await pass_on(self, scope, receive, send)
        finally:
            still_open -= 1
            note()

    OriginGuard.__call__ = counted
    serve(get_settings())
