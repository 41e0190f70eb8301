"""Time moved by hand, and a partner that answers as it is told: nothing here waits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from trex_app.integrations.gateway import Gateway, PartnerPolicy, Reply

BEGIN = datetime(2026, 5, 4, 14, 2, tzinfo=UTC)
PARTNER = "vehicles"
HOME = "http://partner.example/api"
# Deadlines run in real time: none is reached by a machine that is merely busy.
UNHURRIED = {"timeout_seconds": 30.0, "calls_per_second": 10_000.0}


class HandClock:
    """Stands still until it is moved; whoever sleeps moves it."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds - 1000.0)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


class StoppedClock(HandClock):
    """Waiting takes no time at all."""

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@dataclass
class ScriptedPartner:
    """Answers each request with the next of its answers, the last one for ever."""

    answers: list[httpx.Response | Exception | Callable[[], httpx.Response]]
    requests: list[httpx.Request] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """Closed, it lets requests arrive but no answer leave."""

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if self.gate is not None:
            await self.gate.wait()
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer()
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def answering(*answers: Any) -> ScriptedPartner:
    """Statuses, JSON values, errors or responses, in order."""
    return ScriptedPartner([_response(answer) for answer in answers])


def _response(answer: Any) -> Any:
    match answer:
        case int():
            return httpx.Response(answer)
        case dict() | list():
            return httpx.Response(200, json=answer)
        case _:
            return answer


@asynccontextmanager
async def a_gateway(
    partner: ScriptedPartner, clock: HandClock | None = None, **numbers: Any
) -> AsyncIterator[Gateway]:
    """A gateway to that partner alone."""
    policy = PartnerPolicy(base_url=HOME, **{**UNHURRIED, **numbers})
    transport = httpx.MockTransport(partner.handle)
    gateway = Gateway({PARTNER: policy}, clock or HandClock(), transport=transport)
    try:
        yield gateway
    finally:
        await gateway.aclose()


def as_json(reply: Reply) -> Any:
    return reply.json()


def a_number(reply: Reply) -> int:
    return int(reply.json()["number"])


async def until(is_so: Callable[[], bool], deadline_seconds: float = 20) -> None:
    """Wait for something that happens elsewhere."""
    async with asyncio.timeout(deadline_seconds):
        while not is_so():  # noqa: ASYNC110 - what is awaited may be in another thread
            await asyncio.sleep(0.005)
