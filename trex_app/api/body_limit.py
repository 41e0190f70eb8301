"""How much a request may bring: it is counted as it comes, whatever its headers claim."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trex_app.core.errors import BodyTooLarge

BODY_BYTES_MAX = 64 * 1024
# A client that is still sending when the connection closes never reads the answer, so a body that
# is not absurdly long is heard to its end first.
DISCARDED_BYTES_MAX = 8 * 1024 * 1024
DISCONNECT = "http.disconnect"


class BodyLimit:
    """ASGI middleware: reads the body before anything else does. Raises BodyTooLarge."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its whole body at hand."""
        if _is_absurd(Headers(scope=scope).get("content-length", "")):
            raise BodyTooLarge
        body = await _read(receive)
        if body is None:
            return
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self.app(scope, replay, send)


async def _read(receive: Receive) -> bytes | None:
    """The body, or None when the client has gone."""
    chunks: list[bytes] = []
    size = 0
    has_more = True
    while has_more:
        message = await receive()
        if message["type"] == DISCONNECT:
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= BODY_BYTES_MAX:
            chunks.append(chunk)
        elif size > DISCARDED_BYTES_MAX:
            raise BodyTooLarge
        has_more = message.get("more_body", False)
    if size > BODY_BYTES_MAX:
        raise BodyTooLarge
    return b"".join(chunks)


def _is_absurd(content_length: str) -> bool:
    return content_length.isdigit() and int(content_length) > DISCARDED_BYTES_MAX
