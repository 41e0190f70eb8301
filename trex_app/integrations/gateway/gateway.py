"""The one door: each call behind its deadline, bulkhead, breaker, retries and saved answers."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import Any, NoReturn, TypeVar

import httpx
import structlog

from trex_app.core import telemetry
from trex_app.core.errors import PartnerRefused, PartnerUnavailable, SettingsInvalid
from trex_app.core.tracing import span
from trex_app.integrations.gateway.answers import Answers, SavedReply, SharedAnswers, kept
from trex_app.integrations.gateway.budget import backoff
from trex_app.integrations.gateway.bulkhead import Bulkhead
from trex_app.integrations.gateway.circuit import Circuit, Outcome, PartnerHealth
from trex_app.integrations.gateway.clock import GatewayClock, SystemClock
from trex_app.integrations.gateway.fault import FAILURES, RETRYABLE, PartnerFault
from trex_app.integrations.gateway.flight import Flights
from trex_app.integrations.gateway.loops import PerLoop
from trex_app.integrations.gateway.message import Answer, Outgoing, Params, Reply
from trex_app.integrations.gateway.partner import Partner
from trex_app.integrations.gateway.policy import PartnerPolicy
from trex_app.integrations.gateway.redis_link import RedisLink
from trex_app.integrations.gateway.wire import Wire

T = TypeVar("T")
MALFORMED = (ValueError, LookupError, TypeError, AttributeError)
"""What reading an answer raises when it does not have the shape that was agreed."""

log = structlog.get_logger(__name__)


class LoopParts:
    """What belongs to one event loop: connections, queues, and calls under way."""

    def __init__(
        self,
        policies: Mapping[str, PartnerPolicy],
        transport: httpx.AsyncBaseTransport | None,
        shared: Callable[[], SharedAnswers | None],
    ) -> None:
        self.wire = Wire(transport)
        self.bulkheads = {name: Bulkhead(policy) for name, policy in policies.items()}
        self.flights: Flights[SavedReply] = Flights()
        self.answers = shared()

    async def aclose(self) -> None:
        """Cancel calls nobody waits for, and close the connections."""
        async with AsyncExitStack() as closing:
            if self.answers is not None:
                closing.push_async_callback(self.answers.aclose)
            closing.push_async_callback(self.wire.aclose)
            closing.push_async_callback(self.flights.aclose)


class Gateway:
    """Calls partners. Used from any event loop of the process; breakers and budgets are shared."""

    def __init__(
        self,
        policies: Mapping[str, PartnerPolicy],
        clock: GatewayClock | None = None,
        redis_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock = clock = clock or SystemClock()
        self._partners = {
            name: Partner(name, policy, clock, self._tell) for name, policy in policies.items()
        }
        self._answers = Answers()
        circuits = {name: partner.circuit for name, partner in self._partners.items()}
        self._link = RedisLink(redis_url, circuits) if redis_url else None

        def shared_answers() -> SharedAnswers | None:
            return SharedAnswers(redis_url, self._link) if redis_url and self._link else None

        self._loops = PerLoop(lambda: LoopParts(policies, transport, shared_answers))

    async def call(  # noqa: PLR0913 - one request has so many parts
        self,
        partner: str,
        method: str,
        path: str,
        *,
        read: Callable[[Reply], T],
        params: Params | None = None,
        json: Any = None,
        content: bytes | None = None,
        form: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        idempotency_key: str | None = None,
        is_cached: bool = False,
    ) -> Answer[T]:
        """Ask a partner; `read` makes a value of its reply, and refuses one of the wrong shape.

        `path` begins with / and is quoted by the caller. A write is repeated only under an
        `idempotency_key`. With `is_cached` (reads only) a recent answer is given again, and an
        older one, marked stale, when the partner is away.
        Raises PartnerUnavailable, PartnerRefused for a 4xx that is about the request, KeyError for
        an unknown partner.
        """
        outgoing = Outgoing(
            partner=partner,
            method=method,
            path=path,
            params=params,
            json=json,
            content=content,
            form=form,
            headers=headers,
            auth=auth,
            idempotency_key=idempotency_key,
        )
        if is_cached and method != "GET":
            raise ValueError("only what GET answers is kept")
        async with self._visit(partner) as door:
            if is_cached:
                return await self._saved_or_asked(door, outgoing, read)
            value, _ = await self._ask(door, outgoing, read)
            door.count("answered")
            return Answer(value, self._clock.now())

    async def guard(
        self, partner: str, work: Callable[[], Awaitable[T]], *, is_idempotent: bool
    ) -> T:
        """Do work of another protocol under the same rules.

        `work` raises OSError, TimeoutError or PartnerFault where the partner fails, and
        PartnerRefused where it says no. Raises PartnerUnavailable or PartnerRefused.
        """
        async with self._visit(partner) as door:
            result = await self._repeated(door, lambda _: work(), is_idempotent=is_idempotent)
            door.count("answered")
            return result

    def health(self, partner: str) -> PartnerHealth:
        """Whether a partner is well, as far as calls have shown; asks nobody."""
        if self._link is not None:
            self._link.start()
        return self._partners[partner].circuit.health()

    async def aclose(self) -> None:
        """Cancel calls nobody waits for, and close every connection of every loop."""
        try:
            await self._loops.aclose()
        finally:
            if self._link is not None:
                await self._link.aclose()

    def _tell(self, circuit: Circuit) -> None:
        if self._link is not None:
            self._link.tell(circuit)

    @asynccontextmanager
    async def _visit(self, partner: str) -> AsyncGenerator[Partner]:
        """Tie what a call does to one correlation id, and turn its faults into our errors."""
        door = self._partners[partner]
        if self._link is not None:
            await self._link.ready()
        with telemetry.correlated(telemetry.correlation_id()):
            try:
                yield door
            except PartnerFault as fault:
                self._give_up(door, fault)
            except PartnerRefused:
                door.count("refused")
                raise

    def _give_up(self, door: Partner, fault: PartnerFault) -> NoReturn:
        door.count(fault.reason)
        raise PartnerUnavailable(door.name, fault.reason, fault.retry_after_seconds) from fault

    async def _saved_or_asked(
        self, door: Partner, outgoing: Outgoing, read: Callable[[Reply], T]
    ) -> Answer[T]:
        """A fresh saved answer, else a new one, else a stale one."""
        policy = door.policy
        key = outgoing.key_at(policy.base_url)
        found = await self._find(door, key, read)
        age = found[0].age_seconds(self._clock.now()) if found else 0.0
        if found and age <= policy.fresh_seconds:
            door.count("saved")
            return Answer(found[1], found[0].as_of)
        if found and age > policy.fresh_seconds + policy.stale_seconds:
            found = None
        try:
            saved = await self._asked_once(
                door, key, outgoing, read, policy.slow_seconds if found else None
            )
            door.count("answered")
            return Answer(read(saved.reply), saved.as_of)
        except PartnerFault:
            if found is None:
                raise
            door.count("stale")
            return Answer(found[1], found[0].as_of, is_stale=True)

    async def _find(
        self, door: Partner, key: str, read: Callable[[Reply], T]
    ) -> tuple[SavedReply, T] | None:
        """The newest saved reply, here or shared, and its value."""
        now = self._clock.now()
        saved = self._answers.find(key)
        shared = self._loops.here().answers
        is_fresh = saved is not None and saved.age_seconds(now) <= door.policy.fresh_seconds
        if not is_fresh and shared is not None:
            other = await shared.find(key)
            if other is not None and (saved is None or other.as_of > saved.as_of):
                saved = other
                self._answers.save(key, other)
        if saved is None:
            return None
        try:
            return saved, read(saved.reply)
        except MALFORMED:
            # Kept by a version that read it otherwise: ask anew.
            return None

    async def _asked_once(
        self,
        door: Partner,
        key: str,
        outgoing: Outgoing,
        read: Callable[[Reply], Any],
        patience_seconds: float | None,
    ) -> SavedReply:
        """The partner's new answer, asked for once however many want it, and saved."""
        parts = self._loops.here()

        async def ask() -> SavedReply:
            _, reply = await self._ask(door, outgoing, read)
            saved = kept(reply, self._clock.now())
            self._answers.save(key, saved)
            if parts.answers is not None:
                seconds = door.policy.fresh_seconds + door.policy.stale_seconds
                await parts.answers.save(key, saved, seconds)
            return saved

        saved = await parts.flights.join(key, ask, patience_seconds)
        if saved is None:
            raise PartnerFault("timeout")
        return saved

    async def _ask(
        self, door: Partner, outgoing: Outgoing, read: Callable[[Reply], T]
    ) -> tuple[T, Reply]:
        base_url = door.policy.base_url
        if base_url is None:
            raise SettingsInvalid(f"TREX_{door.name.upper()}_URL is not set.")

        async def attempt(parts: LoopParts) -> tuple[T, Reply]:
            most = door.policy.response_bytes
            reply = await parts.wire.send(base_url, outgoing, most, self._clock.now())
            try:
                return read(reply), reply
            except MALFORMED as error:
                log.warning(
                    "partner_answer_malformed", partner=door.name, error=type(error).__name__
                )
                raise PartnerFault("malformed", status=reply.status) from error

        return await self._repeated(door, attempt, is_idempotent=outgoing.is_idempotent)

    async def _repeated(
        self, door: Partner, attempt: Callable[[LoopParts], Awaitable[T]], *, is_idempotent: bool
    ) -> T:
        """Attempts, until one succeeds or another makes no sense. Raises PartnerFault."""
        deadline = asyncio.get_running_loop().time() + door.policy.timeout_seconds
        last = self._clock.monotonic() + door.policy.timeout_seconds
        door.retries.earn()
        for retry in count():
            try:
                return await self._attempt(door, attempt, deadline)
            except PartnerFault as fault:
                if not is_idempotent or retry >= door.policy.retries:
                    raise
                wait = max(backoff(door.policy, retry), fault.retry_after_seconds or 0.0)
                has_time = self._clock.monotonic() + wait < last
                if fault.reason not in RETRYABLE or not has_time:
                    raise
                if not door.retries.spend():
                    door.count_retry("withheld")
                    raise
                door.count_retry("repeated")
            await self._clock.sleep(wait)
        raise AssertionError

    async def _attempt(
        self, door: Partner, attempt: Callable[[LoopParts], Awaitable[T]], deadline: float
    ) -> T:
        """One try in its turn, and what it tells the breaker. Raises PartnerFault."""
        door.circuit.check()
        parts = self._loops.here()
        async with parts.bulkheads[door.name].place(deadline):
            door.allowance.take()
            ticket = door.circuit.admit()
            outcome = Outcome.UNKNOWN
            begin = self._clock.monotonic()
            door.open_attempts.inc()
            try:
                with span("partner.attempt", partner=door.name):
                    async with asyncio.timeout_at(deadline):
                        result = await attempt(parts)
                is_slow = self._clock.monotonic() - begin > door.policy.slow_seconds
                outcome = Outcome.FAILED if is_slow else Outcome.ANSWERED
                return result
            except PartnerRefused:
                outcome = Outcome.ANSWERED
                raise
            except (PartnerFault, OSError) as error:
                fault = _fault(error)
                outcome = Outcome.FAILED if fault.reason in FAILURES else Outcome.ANSWERED
                if fault.reason == "limited" and fault.retry_after_seconds is not None:
                    door.allowance.hold(fault.retry_after_seconds)
                _note(door, fault)
                raise fault from error
            finally:
                door.open_attempts.dec()
                door.attempt_seconds.observe(max(self._clock.monotonic() - begin, 0.0))
                door.circuit.settle(ticket, outcome)


def _note(door: Partner, fault: PartnerFault) -> None:
    cause = type(fault.__cause__ or fault).__name__
    said = {} if fault.status is None else {"status": fault.status}
    if fault.reason == "unauthorised":
        # Only we can mend our credentials: nobody should have to look for it among passing faults.
        log.warning("partner_unauthorised", partner=door.name, cause=cause, **said)
        return
    log.info("partner_attempt_failed", partner=door.name, reason=fault.reason, cause=cause, **said)


def _fault(error: PartnerFault | OSError) -> PartnerFault:
    match error:
        case PartnerFault():
            return error
        case TimeoutError():
            return PartnerFault("timeout")
        case _:
            return PartnerFault("connection")
