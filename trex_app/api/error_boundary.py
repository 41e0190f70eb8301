"""The last net: an error nobody foresaw becomes one log line and one honest answer."""

from collections.abc import Callable
from typing import TypeAlias

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trex_app.api.problems import problem_of
from trex_app.core.errors import TrexError

log = structlog.get_logger(__name__)

Answer: TypeAlias = Callable[[TrexError, Scope], Response]


class ErrorBoundary:
    """ASGI middleware: 500 without a traceback, which stands in the log with the correlation id.

    `answer` says it: a problem document for programs, a page for people.
    """

    def __init__(self, app: ASGIApp, *, answer: Answer = problem_of) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer in place of whatever failed."""
        has_begun = False

        async def watched_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        except TrexError as error:
            # A layer within this one refused the request before it reached the routes.
            await self.answer(error, scope)(scope, receive, send)
        except Exception as error:
            if has_begun:
                raise  # the server must cut the connection: half an answer has been sent
            log.exception("request_failed", error=type(error).__name__)
            await self.answer(TrexError(), scope)(scope, receive, send)
