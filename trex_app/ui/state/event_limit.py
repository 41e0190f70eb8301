"""How often a client may ask over the websocket: events count like requests, starts like starts.

What a handler leads to was counted with the event that a browser sent. A page that is refused
while it opens is opened when there is room again: without its state it would stay a picture.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from reflex.event import Event
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, State, StateUpdate
from reflex_base.constants import CompileVars
from reflex_base.event.context import EventContext
from starlette.types import Scope

from trex_app.core.errors import RateLimited
from trex_app.ui.state.notice import NoticeState, announce_failure

if TYPE_CHECKING:
    from reflex.app import App

NOTICE_EVENTS: Final = f"{NoticeState.get_full_name()}."
FORWARDED_FOR: Final = "x-forwarded-for"
WHOLE_PAGE: Final = f"{State.get_full_name()}.{CompileVars.HYDRATE_AND_LOAD}"
NEXT_PAGE: Final = f"{State.get_full_name()}.{CompileVars.ON_LOAD_INTERNAL}"
PAGE_EVENTS: Final = frozenset({WHOLE_PAGE, NEXT_PAGE})
"""What a browser sends, once, when a page opens: a lost one leaves the page without its state."""


class Admission(Protocol):
    """The limits of this installation, the same ones that its API counts by."""

    async def admit_request(self, client: str) -> None:
        """Count a request. Raises RateLimited."""
        ...

    async def admit_start(self, client: str) -> None:
        """Count a new session. Raises RateLimited."""
        ...

    async def admit_mail(self, whose: str) -> None:
        """Count a mail that somebody has sent to an address they typed. Raises RateLimited."""
        ...


class Clients(Protocol):
    """Which address a connection comes from, behind the proxies that are trusted."""

    def client_of(self, scope: Scope) -> str:
        """The client's address."""
        ...


async def _unlimited() -> None:
    """Outside a socket's event nobody is counted."""


async def _unlimited_mail(_whose: str) -> None:
    """The same for mails."""


_admission: ContextVar[Callable[[], Awaitable[None]]] = ContextVar("admission", default=_unlimited)

_mail_admission: ContextVar[Callable[[str], Awaitable[None]]] = ContextVar(
    "mail_admission", default=_unlimited_mail
)


async def admit_mail(limits: Iterable[str]) -> None:
    """Count a mail against each of its limits. Raises RateLimited."""
    for whose in limits:
        await _mail_admission.get()(whose)


async def admit_start() -> None:
    """Count a new session for the client whose event is being handled. Raises RateLimited."""
    await _admission.get()()


class _Waiting(NamedTuple):
    """What opens a tab's page, and the task that sees to it."""

    event: Event
    task: asyncio.Task[None]


class EventLimit(Middleware):
    """Reflex middleware: counts a browser's events by its address before their handlers run."""

    def __init__(
        self,
        admission: Admission,
        clients: Clients,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits = admission
        self._clients = clients
        self._pause = pause
        self._postponed: dict[str, _Waiting] = {}

    async def preprocess(self, app: "App", state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002
        """Let the event pass, or say in its place how long to wait."""
        if event.name.startswith(NOTICE_EVENTS):
            return None  # it is what tells of a refusal
        client = self._clients.client_of(_connection(state.router_data))
        _admission.set(lambda: self._limits.admit_start(client))
        _mail_admission.set(self._limits.admit_mail)
        if _was_led_to():
            return None
        try:
            await self._limits.admit_request(client)
        except RateLimited as error:
            if event.name in PAGE_EVENTS:
                self._postpone(event, client, error.retry_after_seconds)
            return StateUpdate(events=Event.from_event_type(announce_failure(error)))
        return None

    def _postpone(self, event: Event, client: str, seconds: int) -> None:
        """Handle the event when there is room for it; a tab waits for its latest page alone."""
        context = EventContext.get()
        earlier = self._postponed.pop(context.token, None)
        if earlier is not None:
            earlier.task.cancel()
            if (earlier.event.name, event.name) == (WHOLE_PAGE, NEXT_PAGE):
                # A browser that goes on asks for less, for it counts on having got the state.
                event = replace(earlier.event, router_data=event.router_data)
        waiting = asyncio.create_task(self._handle_later(context, event, client, seconds))
        self._postponed[context.token] = _Waiting(event, waiting)
        waiting.add_done_callback(lambda done: self._forget(context.token, done))

    async def _handle_later(
        self, context: EventContext, event: Event, client: str, seconds: int
    ) -> None:
        while seconds:
            await self._pause(seconds)
            try:
                await self._limits.admit_request(client)
            except RateLimited as error:
                seconds = error.retry_after_seconds
            else:
                seconds = 0
        await context.enqueue(*Event.from_event_type(NoticeState.dismiss()), event)

    def _forget(self, token: str, done: asyncio.Task[None]) -> None:
        waiting = self._postponed.get(token)
        if waiting is not None and waiting.task is done:
            del self._postponed[token]


def _was_led_to() -> bool:
    """Whether a handler of ours sends this event, and not a browser."""
    try:
        return EventContext.get().parent_txid is not None
    except LookupError:
        return False


def _connection(router_data: dict[str, object]) -> Scope:
    """What Reflex keeps of a socket's handshake, in the form in which a server tells of it."""
    headers = router_data.get("headers")
    forwarded = headers.get(FORWARDED_FOR) if isinstance(headers, dict) else None
    address = router_data.get("ip")
    return {
        "type": "websocket",
        "client": (address, 0) if address else None,
        "headers": [(FORWARDED_FOR.encode(), str(forwarded).encode())] if forwarded else [],
    }
