"""The control API: faults on and off, what was received, and whether the sandbox is well."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from trex_app.sandbox import PARTNERS
from trex_app.sandbox.counter import read_body
from trex_app.sandbox.faults import FaultInvalid
from trex_app.sandbox.world import World


class Control:
    """What a test or a page asks of the sandbox itself."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The addresses of the control API."""
        faults, received = "/_sandbox/faults", "/_sandbox/received"
        return [
            Route(faults, self._faults, methods=["GET"]),
            Route(faults, self._end_faults, methods=["DELETE"]),
            Route(f"{faults}/{{partner}}", self._put_fault, methods=["PUT"]),
            Route(f"{faults}/{{partner}}", self._end_faults, methods=["DELETE"]),
            Route(received, self._forget, methods=["DELETE"]),
            Route(f"{received}/{{partner}}", self._received, methods=["GET"]),
            Route("/healthz", self._health, methods=["GET"]),
        ]

    async def _faults(self, request: Request) -> Response:
        del request
        return _json(200, self._world.faults.shown())

    async def _put_fault(self, request: Request) -> Response:
        body = await read_body(request)
        try:
            wanted = json.loads(body or b"")
        except ValueError:
            wanted = None
        try:
            fault = self._world.faults.put(request.path_params["partner"], wanted)
        except FaultInvalid as fault:
            return mistakes(fault)
        self._world.ledger.changes += 1
        return _json(200, fault.shown())

    async def _end_faults(self, request: Request) -> Response:
        try:
            self._world.faults.end(request.path_params.get("partner"))
        except FaultInvalid as fault:
            return mistakes(fault)
        self._world.ledger.changes += 1
        return Response(status_code=204)

    async def _received(self, request: Request) -> Response:
        partner = request.path_params["partner"]
        if partner not in PARTNERS:
            fix = f'There is no partner "{partner}". Use one of: {", ".join(PARTNERS)}.'
            return mistakes(FaultInvalid([("partner", fix)]))
        asked = request.query_params.get("reads", "")
        if asked not in ("", "true", "false"):
            return mistakes(FaultInvalid([("reads", "Use true or false.")]))
        has_reads = asked == "true" or (partner == "vehicles" and asked != "false")
        entries = self._world.ledger.entries(partner, has_reads=has_reads)
        return _json(200, [entry.shown() for _, entry in entries])

    async def _forget(self, request: Request) -> Response:
        del request
        self._world.forget()
        return Response(status_code=204)

    async def _health(self, request: Request) -> Response:
        del request
        return _json(200, {"status": "ok", "smtp": self._world.smtp_url})


def mistakes(fault: FaultInvalid) -> Response:
    """The answer to bad control input: each field with what to do."""
    errors = [{"field": field, "message": fix} for field, fix in fault.mistakes]
    return _json(422, {"errors": errors})


def _json(status: int, data: Any) -> Response:
    return JSONResponse(data, status, {"Cache-Control": "no-store"})
