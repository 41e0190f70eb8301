"""Routes that take JSON and nothing else, read by a strict parser."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

UNSUPPORTED_MEDIA_TYPE = 415


class JsonRequest(Request):
    """A request whose body orjson reads: no NaN, no broken UTF-8, no half characters."""

    async def json(self) -> Any:
        """The body's value. Raises JSONDecodeError."""
        return orjson.loads(await self.body())


class JsonRoute(APIRoute):
    """A route that answers 415 to any other kind of body.

    That also keeps a form on a foreign page from posting here: its browser would have to ask
    (CORS) before it sends this content type.
    """

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The usual handler behind the check of the content type."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            strict = JsonRequest(request.scope, request.receive)
            if await strict.body() and not _is_json(request.headers.get("content-type", "")):
                raise HTTPException(UNSUPPORTED_MEDIA_TYPE)
            return await handler(strict)

        return handle


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
