"""What a person is told when something of ours failed: one sentence, never a traceback."""

from collections.abc import Mapping
from typing import Any, cast

import reflex as rx
import structlog
from redis.exceptions import RedisError
from reflex.event import EventSpec

from trex_app.core.errors import TrexError
from trex_app.core.texts import is_of_the_catalogue, translate
from trex_app.display.addresses import locale_of

log = structlog.get_logger(__name__)


class NoticeState(rx.State):
    """The sentence that the page frame announces; empty when all is well."""

    message: str = ""
    times: int = 0
    """Grows with each sentence, so that one that comes again is announced again."""
    is_waiting: bool = False
    """Whether something that the page sent waits for Redis; pages are told without their state."""

    @rx.event
    def show(self, template: str, params: dict[str, Any]) -> None:
        """Announce a sentence, in the language of the page.

        Any browser can send this event, and a template of its own could be formatted into more
        than the memory holds: only the catalogue's are.
        """
        if not is_of_the_catalogue(template):
            template, params = TrexError.default_message, {}
        sentence = translate(template, locale_of(self.router.url.path))
        self.message = sentence.format(**params) if params else sentence
        self.times += 1

    @rx.event
    def dismiss(self) -> None:
        """Take the sentence away."""
        self.message = ""


def announce_failure(exception: Exception) -> EventSpec | None:
    """Log what a handler raised and tell the person; Reflex calls this for every handler.

    While Redis is away there is no page to tell it on: what a page shows is kept there, and the
    announcement would fail in the same way, and be announced again.
    """
    if isinstance(exception, RedisError):
        log.warning("page_event_without_redis", error=type(exception).__name__)
        return None
    if isinstance(exception, TrexError):
        log.warning("handler_refused", code=exception.code)
        return _announcement(exception.template, exception.params)
    log.error("handler_failed", exc_info=exception)
    return _announcement(TrexError.default_message, {})


def forget_page_error(exception: Exception) -> None:
    """Log nothing of what a page says about its own errors: it may hold what a person typed.

    Reflex calls this for every such error, and would log it whole; /api/browser-errors hears of the
    same errors without their messages.
    """


def _announcement(template: str, params: Mapping[str, Any]) -> EventSpec:
    # Called on the class, a handler makes the event that will call it; the checker sees a method.
    return cast("EventSpec", NoticeState.show(template, dict(params)))
