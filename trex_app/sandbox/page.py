"""The page that shows people what the partners received, and switches their faults."""

from importlib.resources import files
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from trex_app.sandbox.control import mistakes
from trex_app.sandbox.counter import read_body
from trex_app.sandbox.drawing import draw
from trex_app.sandbox.faults import FaultInvalid
from trex_app.sandbox.world import World

_BASE: Final = "/_sandbox/page"
_PAGE_LATENCY_MS: Final = 3_000
# Mails bring styles of their own; scripts of theirs never run, and nothing is loaded from outside.
_POLICY: Final = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class Page:
    """One page, drawn by the server, and the two things that its buttons do."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The addresses of the page."""
        return [
            Route("/", self._show, methods=["GET"]),
            Route(f"{_BASE}/changes", self._changes, methods=["GET"]),
            Route(f"{_BASE}/faults/{{partner}}", self._switch, methods=["POST"]),
            Route(f"{_BASE}/forget", self._forget, methods=["POST"]),
            Route(f"{_BASE}/{{name}}", _file, methods=["GET"]),
        ]

    async def _show(self, request: Request) -> Response:
        del request
        headers = {
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        return HTMLResponse(draw(self._world), headers=headers)

    async def _changes(self, request: Request) -> Response:
        """How often anything changed, so that the page draws itself again only then."""
        del request
        headers = {"Cache-Control": "no-store"}
        return PlainTextResponse(str(self._world.ledger.changes), headers=headers)

    async def _switch(self, request: Request) -> Response:
        """Set the fault of the button that was pressed, or end it where it is the one set."""
        if _is_from_elsewhere(request):
            return _not_from_here()
        form = parse_qs((await read_body(request) or b"").decode("utf-8", "replace"))
        kind = form.get("kind", [""])[0]
        partner = request.path_params["partner"]
        current = self._world.faults.of(partner)
        try:
            if current is not None and current.kind == kind:
                self._world.faults.end(partner)
            else:
                latency = {"latency_ms": _PAGE_LATENCY_MS} if kind == "latency" else {}
                self._world.faults.put(partner, {"kind": kind, **latency})
        except FaultInvalid as fault:
            return mistakes(fault)
        self._world.ledger.changes += 1
        return RedirectResponse("/#faults", 303)

    async def _forget(self, request: Request) -> Response:
        if _is_from_elsewhere(request):
            return _not_from_here()
        self._world.forget()
        return RedirectResponse("/", 303)


async def _file(request: Request) -> Response:
    types = {"page.css": "text/css", "page.js": "text/javascript"}
    name = request.path_params["name"]
    if name not in types:
        return PlainTextResponse("Not found", 404)
    content = files("trex_app.sandbox").joinpath(name).read_bytes()
    return Response(content, media_type=types[name], headers={"Cache-Control": "no-cache"})


def _is_from_elsewhere(request: Request) -> bool:
    """Whether another site's page sent the form: browsers say so, other clients say nothing."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    return site not in ("same-origin", "none")


def _not_from_here() -> Response:
    return PlainTextResponse("This can only be pressed on the sandbox's own page.", 403)
