"""How the built pages go out: at addresses without a slash, in their language, chunks for ever."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trex_app.core.texts import DEFAULT_LOCALE
from trex_app.display.addresses import (
    EMBEDDED_PREFIX,
    is_embedded_page,
    is_plain_html,
    locale_of,
    path_in,
    plain_path,
)
from trex_app.embed.languages import FALLBACK_FILE
from trex_app.embed.lifetimes import FOR_EVER, loader_headers

# Chunk names carry a hash of their content: assets/root-DPxgM2dx.js
HASHED_CHUNK = re.compile(r"^/assets/.+-[\w-]{8}\.(?:js|css)$")


class FrontendFiles:
    """ASGI middleware around the static files of the build in `static_dir`.

    A prerendered page lies in a folder of its own, and the file server would send browsers on
    to the address with a slash: one more round trip, and an absolute address made from the Host
    header. Here it is answered at once. Any other address of a language gets the fallback page in
    that language, with the status that `is_page` of the plain address asks for.
    """

    def __init__(
        self, app: ASGIApp, *, static_dir: Path, is_page: Callable[[str], bool] = lambda _: False
    ) -> None:
        self.app = app
        self.is_page = is_page
        self.page_paths = frozenset(
            f"/{page.parent.relative_to(static_dir).as_posix()}"
            for page in static_dir.rglob("index.html")
            if page.parent != static_dir
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, for the page's own folder where there is one."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        if path in self.page_paths:
            scope = {**scope, "path": f"{path}/", "raw_path": None}
        elif self._needs_fallback(path):
            scope = {**scope, "path": fallback_for(path), "raw_path": None}
            if not self.is_page(plain_path(path)):
                send = _not_found(send)

        lifetime = _lifetime(path)

        async def send_with_lifetime(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in {200, 304}:
                MutableHeaders(scope=message).update(lifetime)
            await send(message)

        await self.app(scope, receive, send_with_lifetime if lifetime else send)

    def _needs_fallback(self, path: str) -> bool:
        """Whether the address belongs to a language of its own, and no page was made for it."""
        is_foreign = locale_of(path) != DEFAULT_LOCALE and not is_plain_html(path)
        has_own = is_foreign or is_embedded_page(path)
        return has_own and path.rstrip("/") not in self.page_paths


def fallback_for(path: str) -> str:
    """The address of the fallback page of a language, or of its pages made to be framed."""
    prefix = EMBEDDED_PREFIX if is_embedded_page(path) else ""
    return path_in(locale_of(path), f"{prefix}/{FALLBACK_FILE}")


def _lifetime(path: str) -> Mapping[str, str]:
    """The headers that say how long browsers may keep a file, where that is certain."""
    return {"Cache-Control": FOR_EVER} if HASHED_CHUNK.match(path) else loader_headers(path)


def _not_found(send: Send) -> Send:
    """Say in the answer's status that there is nothing, as its page does in words."""

    async def send_not_found(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
            message = {**message, "status": HTTPStatus.NOT_FOUND}
        await send(message)

    return send_not_found
