"""A browser tab as the server sees it: events through Reflex's own processor, no browser needed."""

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

import reflex as rx
from reflex.app_mixins.middleware import MiddlewareMixin
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.middleware.middleware import Middleware
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY

from trex_app.core.visitor import COOKIE_NAME, new_visitor
from trex_app.ui.state.journey import JourneyState
from trex_app.ui.state.notice import announce_failure

ORIGIN = "http://localhost:3000"


@cache
def app_of_this_process() -> rx.App:
    """Handlers look for an app; a process can have but one."""
    return rx.App(toaster=None, app_wraps={})


class Server:
    """One server process: an event processor over its own memory of every tab."""

    def __init__(self, *middlewares: Middleware) -> None:
        app_of_this_process()
        self.memory = StateManagerMemory()
        self.processor = BaseStateEventProcessor(
            middleware=MiddlewareMixin(list(middlewares)),
            backend_exception_handler=announce_failure,
        )
        self.redirects: dict[str, list[dict[str, Any]]] = {}
        self.processor.configure(state_manager=self.memory, event_namespace=self)  # pyright: ignore[reportArgumentType]

    async def emit_update(self, update: Any, token: str) -> None:
        """What the browser is told: here only the redirects matter."""
        for event in update.events or ():
            if event.name == "_redirect":
                self.redirects.setdefault(token, []).append(event.payload)


class Tab:
    """A tab of one visitor at one address. It follows redirects as the router does."""

    def __init__(self, server: Server, visitor: str | None = None) -> None:
        self.server = server
        self.visitor = visitor or new_visitor()
        self.token = str(uuid.uuid4())
        self.path = "/"

    async def visit(self, path: str) -> None:
        """Go to an address, and wherever it leads."""
        self.path = path
        await self._send("open")

    async def submit(self, form: Mapping[str, str | list[str]] | None = None, **seen: Any) -> None:
        """Send the form of the step on display; `seen` may say which step and revision that is."""
        view = (await self.state()).view
        entries = [
            [name, value]
            for name, given in (form or {}).items()
            for value in (given if isinstance(given, list) else [given])
        ]
        payload = {"step": view.step_id, "revision": view.revision, **seen}
        await self._send("submit", {**payload, "form": {FORM_DATA_ENTRIES_KEY: entries}})

    async def back(self) -> None:
        """Press the step's own back button."""
        view = (await self.state()).view
        await self._send("back", {"step": view.step_id, "revision": view.revision})

    async def goto(self, step: str) -> None:
        """Press a link of the step on display that leads to an answered one."""
        view = (await self.state()).view
        await self._send("goto", {"step": step, "revision": view.revision})

    async def press(self, handler: str, **payload: Any) -> None:
        """Press anything else."""
        await self._send(handler, payload)

    async def load(self, page: type[rx.State], handler: str, **payload: Any) -> None:
        """Load a page that is not a journey's, or press something on it."""
        await self._send(handler, payload, page=page)

    async def state(self, page: type[rx.State] = JourneyState) -> Any:
        """What the server holds for this tab."""
        token = BaseStateToken(ident=self.token, cls=page)
        root = await self.server.memory.get_state(token)
        return await root.get_state(page)

    async def _send(
        self,
        handler: str,
        payload: Mapping[str, Any] | None = None,
        page: type[rx.State] = JourneyState,
    ) -> None:
        name = f"{page.get_full_name()}.{handler}"
        future = await self.server.processor.enqueue(
            self.token,
            Event(name=name, payload=dict(payload or {}), router_data=self._router_data()),
        )
        await future.wait_all()
        moves = self.server.redirects.pop(self.token, [])
        if moves:
            await self.visit(moves[-1]["path"])

    def _router_data(self) -> dict[str, Any]:
        return {
            "pathname": self.path,
            "asPath": self.path,
            "query": {},
            "token": self.token,
            "headers": {"origin": ORIGIN, "cookie": f"{COOKIE_NAME}={self.visitor}"},
        }
