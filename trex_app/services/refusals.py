"""What is refused, logged and counted once: by code, workflow and step, and never by value."""

from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import structlog

from trex_app.core.errors import TrexError, ValidationFailed
from trex_app.core.telemetry import REFUSALS
from trex_app.engine.session import Session

log = structlog.get_logger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

NAMED_BY_SENDER = frozenset({"unknown_field", "unknown_context"})
"""Codes of faults whose field is a name that the sender made up, and may say anything."""


class Subject(NamedTuple):
    """What a request is about, as far as it is known: a workflow, and the step it stands at."""

    workflow: str = ""
    step: str = ""


ON_OUR_SIDE = ("unavailable", "internal_error")
"""The codes that somebody is alerted of."""
NOTHING_KNOWN = Subject()
_subject: ContextVar[Subject] = ContextVar("subject", default=NOTHING_KNOWN)


def about(session: Session) -> None:
    """Say which session the current request turned out to be about."""
    _subject.set(Subject(session.workflow_id, session.cursor.step))


def count_from_zero(workflow: str) -> None:
    """Have the alerted refusals of a workflow counted before there is one.

    An alert asks how much a counter grew, and one that appears with its first refusal did not.
    """
    for code in ON_OUR_SIDE:
        REFUSALS.labels(workflow=workflow, code=code)


def notes_refusals(
    method: Callable[P, Awaitable[T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Log and count each error of the tree that the decorated method raises."""

    @wraps(method)
    async def noting(*args: P.args, **kwargs: P.kwargs) -> T:
        before = _subject.set(NOTHING_KNOWN)
        try:
            return await method(*args, **kwargs)
        except TrexError as error:
            note(error, "journey_refused", _subject.get())
            raise
        finally:
            _subject.reset(before)

    return noting


def note(
    error: TrexError, event: str = "request_refused", subject: Subject = NOTHING_KNOWN
) -> None:
    """Log and count a refusal where it is seen first; whoever sees it again adds nothing.

    What failed on our side is counted only: its edge logs it with its cause.
    """
    if error.is_noted:
        return
    error.is_noted = True
    REFUSALS.labels(workflow=subject.workflow, code=error.code).inc()
    if error.status < TrexError.status:
        log.info(event, code=error.code, **subject._asdict(), fields=_fields(error))


def _fields(error: TrexError) -> list[str]:
    if not isinstance(error, ValidationFailed):
        return []
    return [fault.field for fault in error.errors if fault.code not in NAMED_BY_SENDER]
