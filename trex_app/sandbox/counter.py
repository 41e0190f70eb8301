"""Where partners' requests come in: the fault first, then the key, then the partner's own work."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from trex_app.sandbox.faults import Fault
from trex_app.sandbox.ledger import Entry
from trex_app.sandbox.wire import KEY_LENGTH, Answer, Call, Door, Refused
from trex_app.sandbox.world import World

BODY_LIMIT: Final = 1_048_576
TRANSPORT: Final = "sandbox.transport"
"""Where the server puts the connection of a request, so that a fault can close it."""
_SILENT: Final = ("hang", "drop")


class Silence(Response):
    """No answer at all: the connection is closed at once (`drop`), or held open (`hang`)."""

    def __init__(self, world: World, kind: str) -> None:
        super().__init__()
        self._world = world
        self._kind = kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """End the request without a word."""
        del send
        transport = scope["extensions"][TRANSPORT]
        if self._kind == "hang":
            gone = asyncio.ensure_future(_disconnected(receive))
            stopped = asyncio.ensure_future(self._world.stopped())
            await asyncio.wait({gone, stopped}, return_when=asyncio.FIRST_COMPLETED)
            gone.cancel()
            stopped.cancel()
        transport.close()
        await _disconnected(receive)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def routes(world: World) -> list[Route]:
    """The addresses of all HTTP partners."""
    return [
        Route(door.path, _endpoint(world, partner.name, door), methods=[door.method])
        for partner in world.partners
        for door in partner.doors
    ]


def _endpoint(world: World, partner: str, door: Door) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = await read_body(request)
        if body is None:
            return response_of(_too_large())
        fault = world.faults.strike(partner, is_write=door.is_write)
        if fault is not None and fault.kind != "duplicate_webhook":
            await world.pause(fault.latency_ms / 1_000)
            if fault.when == "before" and fault.kind in ("error", *_SILENT):
                return _spoiled(world, fault, Answer(200))
        answer = answered(world, partner, door, _call(world, request, body, fault))
        return response_of(answer) if fault is None else _spoiled(world, fault, answer)

    return endpoint


async def read_body(request: Request) -> bytes | None:
    """The body, None where it is larger than the limit."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def _too_large() -> Answer:
    message = f"The body is larger than {BODY_LIMIT} bytes."
    return Refused.of(413, "BODY_TOO_LARGE", message).answer


def _call(world: World, request: Request, body: bytes, fault: Fault | None) -> Call:
    return Call(
        method=request.method,
        path=request.url.path,
        at=world.clock(),
        params={name: str(value) for name, value in request.path_params.items()},
        query=request.query_params,
        headers=request.headers,
        body=body,
        fault=fault,
    )


def answered(world: World, partner: str, door: Door, call: Call) -> Answer:
    """The partner's own answer; what it takes is recorded before it is given.

    Nothing here waits, so two requests of one key cannot overtake each other.
    """
    key = call.key if door.is_write else None
    try:
        _check_key(door, key)
        known = world.ledger.answered(partner, key) if key else None
        if known is not None:
            answer = known.first_answer()
            world.take(_entry(partner, door, call, answer, is_repeat=True))
            headers = {**answer.headers, "Idempotent-Replayed": "true"}
            return Answer(answer.status, answer.body, answer.media_type, headers)
        answer = door.handler(call)
    except Refused as refusal:
        return refusal.answer
    world.take(_entry(partner, door, call, answer, is_repeat=False))
    return answer


def _check_key(door: Door, key: str | None) -> None:
    if door.needs_key and key is None:
        message = "Send an Idempotency-Key, so that a repeat does nothing twice."
        raise Refused.of(400, "IDEMPOTENCY_KEY_MISSING", message)
    if key is not None and len(key) > KEY_LENGTH:
        message = f"The Idempotency-Key may have at most {KEY_LENGTH} characters."
        raise Refused.of(400, "IDEMPOTENCY_KEY_TOO_LONG", message)


def _entry(partner: str, door: Door, call: Call, answer: Answer, *, is_repeat: bool) -> Entry:
    options = {}
    if call.fault is not None:
        options = {
            "latency_ms": call.fault.latency_ms,
            "duplicate_webhook": call.fault.kind == "duplicate_webhook",
        }
    return Entry(
        partner=partner,
        at=call.at.isoformat(),
        method=call.method,
        path=call.path,
        idempotency_key=call.key if door.is_write else None,
        repeat=is_repeat,
        body=_shown_body(door, call),
        is_read=not door.is_write,
        status=answer.status,
        # What is read is only counted: its answers would fill the memory.
        answer=answer.body.decode() if door.is_write else "",
        media_type=answer.media_type,
        options=options,
    )


def _shown_body(door: Door, call: Call) -> object:
    """The body for the record; a repeat is taken whatever its body says."""
    try:
        return door.body_of(call) if call.body or not door.is_write else None
    except Refused:
        return call.body.decode("utf-8", "replace")


def _spoiled(world: World, fault: Fault, answer: Answer) -> Response:
    """The answer as the fault leaves it."""
    if fault.kind in _SILENT:
        return Silence(world, fault.kind)
    if fault.kind == "error":
        message = "The sandbox was told to fail here."
        return response_of(Refused.of(fault.status, "SANDBOX_FAULT", message).answer)
    if fault.kind == "malformed":
        half = answer.body[: len(answer.body) // 2] or b'{"'
        status = 200 if answer.status == 204 else answer.status
        return response_of(Answer(status, half + b"\xff<", answer.media_type))
    return response_of(answer)


def response_of(answer: Answer) -> Response:
    """An answer as it goes out."""
    headers = {"Cache-Control": "no-store", **answer.headers}
    media_type = answer.media_type if answer.body else None
    return Response(answer.body, answer.status, headers, media_type)
